#include "tui/review/task.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "tui/review/aside.h"
#include "tui/review/check_view.h"
#include "tui/review/draft.h"
#include "tui/review/edit.h"
#include "tui/review/edit_left.h"
#include "tui/review/item_view.h"
#include "tui/review/offer.h"
#include "tui/review/queue_view.h"
#include "tui/review/review.h"

#define RENEW_MS	5000	/* at most once in so long */

void
task_init(struct task *t)
{
	memset(t, 0, sizeof(*t));
	buf_init(&t->output);
	buf_init(&t->reason);
	buf_init(&t->note);
	buf_init(&t->labelled);
	buf_init(&t->last_reason);
}

void
task_release(struct task *t)
{
	buf_release(&t->output);
	buf_release(&t->reason);
	buf_release(&t->note);
	buf_release(&t->labelled);
	buf_release(&t->last_reason);
	task_forget_all(t);
	free(t->batch.item);
	aside_leave(t->planning);
	task_init(t);
}

void
task_clear(struct task *t)
{
	buf_clear(&t->output);
	buf_clear(&t->reason);
	buf_clear(&t->note);
	buf_clear(&t->labelled);
	memset(&t->decide, 0, sizeof(t->decide));
	t->labels = 0;
	t->asked = t->nrated = t->nevidence = 0;
	t->folder[0] = '\0';
}

enum status
task_release_other(struct screen *scr, int64_t item, struct error *err)
{
	struct review *r = review_of(scr);
	struct task *t = &r->task;
	struct error ignored = { STATUS_OK, "" };
	enum status st;

	if (!t->held || t->lease.item == item)
		return STATUS_OK;
	st = review_release(r->session, &t->lease, &ignored);
	if (st == STATUS_BUSY)
		return error_set(err, st, "%s", ignored.text);
	t->held = false;
	return STATUS_OK;
}

static enum status
claim_run(struct screen *scr, struct error *err)
{
	struct review *r = review_of(scr);
	struct task *t = &r->task;
	enum status st;

	st = task_release_other(scr, t->wanted, err);
	if (st != STATUS_OK)
		return st;
	if (t->looks)
		return review_look(r->session, t->wanted, err);
	if (t->wanted >= 0)
		return review_claim(r->session, t->wanted, &t->lease, err);
	return review_claim_next(r->session, &r->filter, &t->lease, err);
}

static void
empty_say(struct screen *scr)
{
	const struct task *t = &review_of(scr)->task;
	const struct pace *p = &t->pace;
	char escalated[48] = "";

	if (queue_view_looks(scr)) {
		screen_say(scr, "%s%snothing more is found so far; it is looked "
		    "for", t->id, t->id[0] == '\0' ? "" : "; ");
		return;
	}
	if (p->escalated > 0)
		(void)snprintf(escalated, sizeof(escalated),
		    ", %zu escalated (X)", p->escalated);
	screen_say(scr, "%s%sQueue empty: %zu decided%s", t->id,
	    t->id[0] == '\0' ? "" : "; ", p->decided, escalated);
}

/* May this person take its last decision back?  Anybody their own. */
static bool
may_undo(const struct session *s, const struct item_detail *d)
{
	size_t i = d->ndecisions;

	while (i > 0 && d->decisions[i - 1].undone_by >= 0)
		i--;
	return i > 0 && !d->erased && (d->decisions[i - 1].uid == s->who.uid ||
	    (s->may & MAY_UNDO) != 0);
}

/* Why it is read only, and what to do about it. */
static void
refused_say(struct screen *scr, const char *why)
{
	const struct item_detail *d = item_view_detail(scr);
	bool decided = d != NULL && (slice_is(d->row.state, "accepted") ||
	    slice_is(d->row.state, "edited") ||
	    slice_is(d->row.state, "rejected"));

	(void)snprintf(scr->refused, sizeof(scr->refused), "read only: %.400s%s",
	    why, decided && may_undo(review_of(scr)->session, d) ? "; u takes that back" : "");
	screen_say(scr, "%s", scr->refused);
}

/* The item without a lease, and why: NULL, it was only looked at. */
static void
unclaimed_show(struct screen *scr, const char *why)
{
	struct task *t = &review_of(scr)->task;

	task_clear(t);
	item_view_show(scr, t->wanted);
	task_key(scr);
	if (why == NULL)
		screen_say(scr, "read only: Enter claims it");
	else
		refused_say(scr, why);
}

static void
claim_done(struct screen *scr, enum status st, struct error *err)
{
	struct task *t = &review_of(scr)->task;

	scr->refused[0] = '\0';
	if (st == STATUS_OK && t->looks) {
		if (t->held)	/* this one, as any other was given back */
			item_view_show(scr, t->wanted);
		else
			unclaimed_show(scr, NULL);
		return;
	}
	if (st == STATUS_OK) {
		t->held = true;
		t->renewed_ms = t->opened_ms = scr->now_ms;
		task_clear(t);
		item_view_show(scr, t->lease.item);
		offer_draft(scr);
		return;
	}
	if (t->wanted < 0) {
		item_view_leave(scr);
		if (st == STATUS_NOT_FOUND)
			empty_say(scr);
		else
			screen_fail(scr, "%s", err->text);
		return;
	}
	if (st != STATUS_CONFLICT && st != STATUS_DENIED) {
		screen_fail(scr, "%s", err->text);
		return;
	}
	unclaimed_show(scr, err->text);
}

static const struct op op_claim = { .what = "claim", .run = claim_run,
    .done = claim_done };

static void
task_claim(struct screen *scr, int64_t item, bool looks)
{
	struct task *t = &review_of(scr)->task;

	t->wanted = item;
	t->looks = looks;
	op_run(scr, &op_claim);
}

void
task_open(struct screen *scr, int64_t item)
{
	review_of(scr)->task.id[0] = '\0';
	task_claim(scr, item, false);
}

void
task_look(struct screen *scr, int64_t item)
{
	review_of(scr)->task.id[0] = '\0';
	task_claim(scr, item, true);
}

static void
task_next(struct screen *scr)
{
	task_claim(scr, -1, false);
}

static enum status
back_run(struct screen *scr, struct error *err)
{
	return task_release_other(scr, -1, err);
}

static void
back_done(struct screen *scr, enum status st, struct error *err)
{
	item_view_leave(scr);
	if (st != STATUS_OK)
		screen_fail(scr, "%s", err->text);
}

static const struct op op_back = { .what = "release", .run = back_run,
    .done = back_done };

void
task_back(struct view *v, enum action action)
{
	(void)action;
	op_run(v->scr, &op_back);
}

void
task_touch(struct screen *scr)
{
	struct review *r = review_of(scr);
	struct task *t = &r->task;
	struct error err = { STATUS_OK, "" };
	enum status st;

	/* Only a key renews: the screen left alone must let the lease end. */
	if (!t->held || scr->op != NULL || scr->key_ms == t->touched_ms ||
	    scr->key_ms - t->renewed_ms < RENEW_MS)
		return;
	t->touched_ms = scr->key_ms;
	st = review_renew(r->session, &t->lease, &err);
	if (st == STATUS_BUSY)
		return;
	t->renewed_ms = scr->key_ms;
	if (st == STATUS_OK)
		return;
	t->held = false;
	screen_fail(scr, "read only: %s", err.text);
}

/*
 * Typed words that the store did not take are worth a file; where that cannot
 * be written either, they stay on the screen.
 */
void
task_keep_typed(struct screen *scr, const char *why)
{
	struct task *t = &review_of(scr)->task;
	struct error err = { STATUS_OK, "" };
	struct buf *typed = t->note.n > 0 ? &t->note : &t->reason;
	char path[512], left[EDIT_LEFT];
	int64_t ms;

	if (t->folder[0] != '\0')
		screen_fail(scr, "%s; the edit is in %s/%s", why, t->folder,
		    edit_left_text(t->folder, left, &ms) ? left :
		    edit_file(t->json));
	else if (typed->n == 0)
		screen_fail(scr, "%s", why);
	else if (draft_save(t->note.n > 0 ? "note" : "reason", t->key,
	    buf_slice(typed), path, sizeof(path), &err) == STATUS_OK) {
		prompt_settled(scr);
		screen_fail(scr, "%s; what you typed is in %s", why, path);
	} else {
		screen_fail(scr, "%s; no file for what you typed: %s", why,
		    err.text);
		prompt_line(scr, "Not stored. Again:", buf_slice(typed),
		    t->again, t->again_arg);
		scr->prompt.precious = scr->prompt.unkept = true;
		scr->prompt.decides = true;
	}
}

/* Remembers who takes a typed text, should it have to be asked for again. */
static void
typed_for(struct task *t, prompt_fn *again, void *arg)
{
	t->again = again;
	t->again_arg = arg;
}

/* What was said must not go with the next decision. */
static void
said_clear(struct task *t)
{
	buf_clear(&t->reason);
	buf_clear(&t->note);
	t->asked = t->nrated = 0;
}

static void
rating_given(struct screen *scr, void *arg, struct slice text)
{
	struct task *t = &review_of(scr)->task;
	const struct item_detail *d = item_view_detail(scr);

	(void)arg;
	if (text.p == NULL || d == NULL) {
		said_clear(t);
		task_keep_typed(scr, "not decided");	/* an edit's text */
		return;
	}
	if (text.n > 0)
		t->rated[t->nrated++] = (struct rated){
		    slice_of(d->queue->ratings[t->asked].name),
		    text.p[0] - '0' };
	t->asked++;
	task_decide(scr);
}

/* The queue's ratings are asked one after the other; false: all were. */
static bool
rating_ask(struct screen *scr, const struct item_detail *d)
{
	const struct task *t = &review_of(scr)->task;
	const struct rating *r = &d->queue->ratings[t->asked];
	char label[300];

	if (t->asked >= d->queue->nratings || t->decide.decision > DECISION_REJECT)
		return false;
	(void)snprintf(label, sizeof(label), "%.200s, 1 to %d (Enter: none):",
	    r->name, r->max);
	prompt_digit(scr, label, r->max, rating_given, NULL);
	return true;
}

static enum status
decide_run(struct screen *scr, struct error *err)
{
	struct review *r = review_of(scr);
	struct task *t = &r->task;

	return review_decide(r->session, &t->decide, &t->decided, err);
}

static void
decide_done(struct screen *scr, enum status st, struct error *err)
{
	struct task *t = &review_of(scr)->task;
	char said[sizeof(t->id)];
	bool kept;

	if (st != STATUS_OK) {
		if (st == STATUS_CONFLICT)
			t->held = false;
		task_keep_typed(scr, err->text);
		said_clear(t);
		item_view_policy(scr);
		return;
	}
	task_remember(t, t->decide.item, t->decided.seq);
	task_last_set(t, t->decide.decision);
	pace_add(&t->pace, &(struct paced){ t->decide.item, scr->now_ms,
	    scr->now_ms - t->opened_ms, t->decide.decision ==
	    DECISION_ESCALATE });
	t->held = false;
	kept = t->folder[0] != '\0' && !edit_remove(t->folder);
	check_view_leave(scr);
	(void)snprintf(said, sizeof(said), "%s: %.200s",
	    t->decided.state, t->id);
	(void)snprintf(t->id, sizeof(t->id), "%s", said);
	if (kept)
		screen_say(scr, "%s; what the editor left is kept in %s", said,
		    t->folder);
	else
		screen_say(scr, "%s", said);
	task_next(scr);
}

static const struct op op_decide = { .what = "decide", .run = decide_run,
    .done = decide_done };

void
task_decide(struct screen *scr)
{
	const struct item_detail *d = item_view_detail(scr);
	struct task *t = &review_of(scr)->task;
	size_t i;

	if (d == NULL || !t->held || rating_ask(scr, d))
		return;
	t->decide.rated = t->rated;
	t->decide.nrated = t->nrated;
	t->decide.evidence = t->evidence;
	t->decide.nevidence = t->decide.decision == DECISION_RETURN ? 0 :
	    t->nevidence;
	t->decide.item = t->lease.item;
	t->decide.token = t->lease.token;
	t->decide.reason = t->reason.n > 0 ? buf_slice(&t->reason) : SLICE_NONE;
	t->decide.note = t->note.n > 0 ? buf_slice(&t->note) : SLICE_NONE;
	t->decide.labels = t->label;
	t->decide.nlabels = review_labels(buf_str(&t->labelled), t->label,
	    TASK_LABELS);
	for (i = 0; i < d->queue->nlabels && i < TASK_LABELS; i++) {
		if (t->labels >> i & 1)
			t->label[t->decide.nlabels++] =
			    slice_of(d->queue->labels[i]);
	}
	(void)snprintf(t->id, sizeof(t->id), "%.*s", SLICE_ARG(d->row.id));
	op_run(scr, &op_decide);
}

const struct item_detail *
task_item(struct screen *scr)
{
	const struct item_detail *d = item_view_detail(scr);

	assert(d != NULL);
	return d;
}

static void
accept_answered(struct screen *scr, void *arg, struct slice text)
{
	(void)arg;
	if (text.p == NULL) {
		screen_say(scr, "not accepted");
		return;
	}
	review_of(scr)->task.decide.decision = DECISION_ACCEPT;
	task_decide(scr);
}

void
task_accept(struct view *v, enum action action)
{
	struct screen *scr = v->scr;
	const char *warning = item_detail_warning(task_item(scr));
	char question[100];

	(void)action;
	if (warning == NULL) {
		accept_answered(scr, NULL, SLICE("y"));
		return;
	}
	(void)snprintf(question, sizeof(question), "%s Accept it all the same?",
	    warning);
	prompt_confirm(scr, question, accept_answered, NULL);
}

static enum decision decisions[] = {
	DECISION_REJECT, DECISION_ESCALATE
};

static void
reason_given(struct screen *scr, void *arg, struct slice text)
{
	struct task *t = &review_of(scr)->task;

	if (text.p == NULL) {
		screen_say(scr, "not decided");
		return;
	}
	buf_clear(&t->reason);
	buf_add_slice(&t->reason, text);
	typed_for(t, reason_given, arg);
	t->decide.decision = *(enum decision *)arg;
	task_decide(scr);
}

void
task_reject(struct view *v, enum action action)
{
	const struct item_detail *d = task_item(v->scr);

	(void)action;
	prompt_choice(v->scr, "Reject. Reason (Enter: none):", d->queue->reasons,
	    d->queue->nreasons, reason_given, &decisions[0]);
}

void
task_escalate(struct view *v, enum action action)
{
	struct screen *scr = v->scr;

	(void)action;
	if (slice_is(task_item(scr)->row.state, "escalated"))
		screen_fail(scr, "it is escalated already");
	else	/* the queue's reasons say what is wrong, not who should see it */
		prompt_said(scr, "Escalate. Reason (Enter: none):",
		    reason_given, &decisions[1]);
}

static void
return_noted(struct screen *scr, void *arg, struct slice text)
{
	struct task *t = &review_of(scr)->task;

	(void)arg;
	if (text.p == NULL) {
		screen_say(scr, "not returned");
		return;
	}
	buf_clear(&t->note);
	buf_add_slice(&t->note, text);
	typed_for(t, return_noted, NULL);
	t->decide.decision = DECISION_RETURN;
	task_decide(scr);
}

void
task_return(struct view *v, enum action action)
{
	struct screen *scr = v->scr;

	(void)action;
	if (!slice_is(task_item(scr)->row.state, "escalated")) {
		screen_fail(scr, "only an escalated item can be returned");
		return;
	}
	prompt_said(scr, "Return it. Note:", return_noted, NULL);
}

void
task_last_set(struct task *t, enum decision decision)
{
	const struct buf *said = decision == DECISION_RETURN ? &t->note :
	    &t->reason;

	t->any_last = true;
	t->last = decision;
	if (said == &t->last_reason)
		return;
	buf_clear(&t->last_reason);
	buf_add(&t->last_reason, said->p, said->n);
}

void
task_again(struct view *v, enum action action)
{
	struct screen *scr = v->scr;
	struct task *t = &review_of(scr)->task;
	bool escalated = slice_is(task_item(scr)->row.state, "escalated");

	if (!t->any_last)
		screen_fail(scr, "nothing was decided in this session yet");
	else if (t->last == DECISION_EDIT)
		screen_fail(scr, "the last decision was an edit, which no other "
		    "item can have");
	else if (t->last == DECISION_ACCEPT)
		task_accept(v, action);
	else if (escalated != (t->last == DECISION_RETURN) &&
	    t->last != DECISION_REJECT)
		screen_fail(scr, "%s: not from %s", decision_name(t->last),
		    escalated ? "escalated" : "flagged");
	else {
		buf_clear(&t->reason);
		buf_clear(&t->note);
		buf_add(t->last == DECISION_RETURN ? &t->note : &t->reason,
		    t->last_reason.p, t->last_reason.n);
		t->decide.decision = t->last;
		task_decide(scr);
	}
}

static enum status
skip_run(struct screen *scr, struct error *err)
{
	struct review *r = review_of(scr);

	return review_skip(r->session, &r->task.lease,
	    buf_slice(&r->task.reason), err);
}

static void
skip_done(struct screen *scr, enum status st, struct error *err)
{
	struct review *r = review_of(scr);

	if (st != STATUS_OK) {
		task_keep_typed(scr, err->text);
		said_clear(&r->task);
		return;
	}
	r->task.held = false;
	(void)snprintf(r->task.id, sizeof(r->task.id), "skipped");
	screen_say(scr, "skipped");
	task_next(scr);
}

static const struct op op_skip = { .what = "skip", .run = skip_run,
    .done = skip_done };

static void
skip_reasoned(struct screen *scr, void *arg, struct slice text)
{
	struct task *t = &review_of(scr)->task;

	(void)arg;
	if (text.p == NULL) {
		screen_say(scr, "not skipped");
		return;
	}
	buf_clear(&t->reason);
	buf_add_slice(&t->reason, text);
	typed_for(t, skip_reasoned, NULL);
	op_run(scr, &op_skip);
}

void
task_skip(struct view *v, enum action action)
{
	const struct queue_policy *q = task_item(v->scr)->queue;

	(void)action;
	buf_clear(&review_of(v->scr)->task.reason);
	if (q->nskip_reasons == 0)
		op_run(v->scr, &op_skip);
	else
		prompt_choice(v->scr, "Skip. Reason (Enter: none):",
		    q->skip_reasons, q->nskip_reasons, skip_reasoned, NULL);
}

static enum status
note_run(struct screen *scr, struct error *err)
{
	struct review *r = review_of(scr);

	return review_note(r->session, r->task.decide.item,
	    buf_slice(&r->task.note), err);
}

static void
note_done(struct screen *scr, enum status st, struct error *err)
{
	if (st != STATUS_OK)
		task_keep_typed(scr, err->text);
	else {
		screen_say(scr, "noted");
		item_view_reload(scr);
	}
	buf_clear(&review_of(scr)->task.note);
}

static const struct op op_note = { .what = "note", .run = note_run,
    .done = note_done };

static void
note_written(struct screen *scr, void *arg, struct slice text)
{
	struct review *r = review_of(scr);
	const struct item_detail *d = item_view_detail(scr);

	(void)arg;
	if (text.n == 0 || d == NULL) {
		screen_say(scr, "no note");
		return;
	}
	buf_clear(&r->task.note);
	buf_add_slice(&r->task.note, text);
	typed_for(&r->task, note_written, NULL);
	r->task.decide.item = d->row.item;
	op_run(scr, &op_note);
}

void
task_note(struct view *v, enum action action)
{
	(void)action;
	prompt_line(v->scr, "Note:", SLICE(""), note_written, NULL);
	v->scr->prompt.precious = true;
}

static void
labels_chosen(struct screen *scr, void *arg, struct slice text)
{
	(void)arg;
	if (text.p != NULL)
		review_of(scr)->task.labels = strtoull(text.p, NULL, 10);
}

static void
labels_typed(struct screen *scr, void *arg, struct slice text)
{
	struct task *t = &review_of(scr)->task;

	(void)arg;
	if (text.p == NULL)
		return;
	buf_clear(&t->labelled);
	buf_add_slice(&t->labelled, text);
	screen_say(scr, "%zu for the decision", review_labels(
	    buf_str(&t->labelled), t->label, TASK_LABELS));
}

void
task_labels(struct view *v, enum action action)
{
	struct screen *scr = v->scr;
	const struct queue_policy *queue = task_item(scr)->queue;
	const struct task *t = &review_of(scr)->task;

	(void)action;
	if (queue->nlabels == 0)
		prompt_line(scr, "Labels, a comma between them:",
		    buf_slice(&t->labelled), labels_typed, NULL);
	else
		prompt_toggle(scr, "Labels (Enter: done):", queue->labels,
		    queue->nlabels, t->labels, labels_chosen, NULL);
}

void
task_labels_text(struct screen *scr, struct buf *out)
{
	const struct item_detail *d = item_view_detail(scr);
	const struct task *t = &review_of(scr)->task;
	size_t i;

	buf_add_slice(out, buf_slice(&t->labelled));
	for (i = 0; d != NULL && t->held && i < d->queue->nlabels &&
	    i < TASK_LABELS; i++) {
		if (t->labels >> i & 1)
			buf_printf(out, "%s%s", out->n > 0 ? ", " : "",
			    d->queue->labels[i]);
	}
	for (i = 0; d != NULL && t->held && i < t->nevidence; i++)
		buf_printf(out, "%s%lld-%lld", i > 0 ? ", " : out->n > 0 ?
		    "; evidence " : "evidence ", (long long)t->evidence[i].start,
		    (long long)t->evidence[i].end);
}

