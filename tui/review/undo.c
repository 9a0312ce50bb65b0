#include "tui/review/undo.h"

#include <stdio.h>
#include <stdlib.h>

#include "tui/review/queue_view.h"
#include "tui/review/review.h"

static void
remember(struct task *t, struct undo u)
{
	if (t->nundo == UNDO_MAX) {
		free(t->undo[0].many);
		memmove(t->undo, t->undo + 1,
		    (UNDO_MAX - 1) * sizeof(t->undo[0]));
		t->nundo--;
	}
	t->undo[t->nundo++] = u;
}

void
task_remember(struct task *t, int64_t item, int64_t seq)
{
	remember(t, (struct undo){ .one = item, .n = 1, .upto = seq });
}

void
task_remember_many(struct task *t, int64_t *items, size_t n, int64_t seq)
{
	if (n > 0)
		remember(t, (struct undo){ .one = -1, .many = items, .n = n,
		    .upto = seq });
	else
		free(items);
}

void
task_forget_all(struct task *t)
{
	while (t->nundo > 0)
		free(t->undo[--t->nundo].many);
}

/* It is taken back, or not any more what it was. */
static void
forget_one(struct task *t, int64_t item)
{
	size_t i = t->nundo;

	while (i > 0 && (t->undo[i - 1].many != NULL ||
	    t->undo[i - 1].one != item))
		i--;
	if (i == 0)
		return;
	memmove(t->undo + i - 1, t->undo + i,
	    (t->nundo - i) * sizeof(t->undo[0]));
	t->nundo--;
}

static enum status
undo_run(struct screen *scr, struct error *err)
{
	struct review *r = review_of(scr);
	struct task *t = &r->task;
	enum status st;

	st = task_release_other(scr, t->decide.item, err);
	if (st != STATUS_OK)
		return st;
	return review_decide(r->session, &t->decide, &t->decided, err);
}

static void
undo_done(struct screen *scr, enum status st, struct error *err)
{
	struct task *t = &review_of(scr)->task;

	if (st == STATUS_OK || st == STATUS_CONFLICT)
		forget_one(t, t->decide.item);
	if (st != STATUS_OK) {
		screen_fail(scr, "%s", err->text);
		return;
	}
	pace_undone(&t->pace, t->decide.item);
	screen_say(scr, "undone: %s again%s", t->decided.state,
	    t->decided.recalled ? ", and its release recalled" : "");
	task_open(scr, t->decide.item);
}

static const struct op op_undo = { .what = "undo", .run = undo_run,
    .done = undo_done };

static void
undo_answered(struct screen *scr, void *arg, struct slice text)
{
	(void)arg;
	if (text.p == NULL)
		screen_say(scr, "not undone");
	else
		op_run(scr, &op_undo);
}

/* What could not be undone stays for another u. */
static void
many_done(struct screen *scr, struct act_many *b, enum status st, struct error *err)
{
	struct task *t = &review_of(scr)->task;
	size_t left = b->n - b->at;

	if (st != STATUS_OK || b->failed > 0)
		screen_fail(scr, "undone: %zu; %zu left as they are%s%s",
		    b->ndecided, left + b->failed, st == STATUS_OK ?
		    ": M says why" : "; ", st == STATUS_OK ? "" :
		    st == STATUS_BUSY ? "u goes on" : err->text);
	else
		screen_say(scr, "undone: %zu", b->ndecided);
	if (left > 0) {
		memmove(b->item, b->item + b->at, left * sizeof(b->item[0]));
		task_remember_many(t, b->item, left, b->decide.upto);
	} else
		free(b->item);
	b->item = NULL;
	queue_view_refresh(scr);
}

static void
many_answered(struct screen *scr, void *arg, struct slice text)
{
	struct task *t = &review_of(scr)->task;
	struct undo *u = &t->undo[t->nundo - 1];

	(void)arg;
	if (text.p == NULL) {
		screen_say(scr, "not undone");
		return;
	}
	t->batch.decide = (struct decide){ .decision = DECISION_UNDO,
	    .token = -1, .here_only = true, .no_lease = true,
	    .upto = u->upto };
	t->batch.item = u->many;
	t->batch.n = u->n;
	t->batch.done = many_done;
	t->nundo--;
	many_run(scr, &t->batch);
}

static void
many_undo(struct screen *scr, size_t n)
{
	char question[120];

	(void)snprintf(question, sizeof(question), "Undo all %zu of the last "
	    "batch? What is out is recalled.", n);
	prompt_confirm(scr, question, many_answered, NULL);
}

/* The item shown or chosen, where it was decided on, else the session's last. */
static bool
undo_target(const struct task *t, const struct list_row *shown, int64_t *item)
{
	bool decided = shown != NULL && (slice_is(shown->state, "accepted") ||
	    slice_is(shown->state, "edited") ||
	    slice_is(shown->state, "rejected"));

	if (!decided && t->nundo > 0) {
		*item = t->undo[t->nundo - 1].one;
		return true;
	}
	if (!decided && (shown == NULL || !slice_is(shown->state,
	    "escalated")))
		return false;
	*item = shown->item;
	return true;
}

void
task_undo(struct screen *scr, const struct list_row *shown)
{
	const struct task *t = &review_of(scr)->task;
	const struct undo *u = t->nundo == 0 ? NULL : &t->undo[t->nundo - 1];
	int64_t item;

	if (!undo_target(t, shown, &item))
		screen_say(scr, "nothing of this session to undo; D lists what "
		    "was decided before");
	else if (u != NULL && u->many != NULL && item == u->one)
		many_undo(scr, u->n);
	else
		task_undo_item(scr, item, u != NULL && item == u->one ? u->upto : 0);
}

void
task_undo_item(struct screen *scr, int64_t item, int64_t upto)
{
	struct review *r = review_of(scr);
	struct task *t = &r->task;
	struct error err = { STATUS_OK, "" };
	char question[200];
	struct undoable u;

	if (review_undoable(r->session, item, &u, &err) != STATUS_OK) {
		screen_fail(scr, "%s", err.text);
		return;
	}
	/* It need not be the item on the screen. */
	(void)snprintf(question, sizeof(question), "The %s of %.*s is out. Undo and "
	    "recall it?", u.decision, (int)(u.id.n < 100 ? u.id.n : 100),
	    u.id.p);
	task_clear(t);
	t->decide.decision = DECISION_UNDO;
	t->decide.item = item;
	t->decide.token = -1;
	t->decide.here_only = true;
	t->decide.upto = upto;
	/* What came later is refused, so there is nothing to ask. */
	if (u.recalls && !(upto > 0 && u.seq > upto))
		prompt_confirm(scr, question, undo_answered, NULL);
	else
		undo_answered(scr, NULL, SLICE("y"));
}

