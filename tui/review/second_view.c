#include "tui/review/second_view.h"

#include <stdio.h>
#include <stdlib.h>

#include "queue/review/second.h"
#include "tui/review/aside.h"
#include "tui/review/item_view.h"
#include "tui/review/review.h"
#include "tui/screen/draw.h"

#define SAMPLE		20	/* drawn at once */

/* What the thread fills. */
struct sample {
	char		*queue, *where;		/* NULL: all */
	struct second	 one[SAMPLE];
	size_t		 n;
};

/* It stands below the item that is shown, and takes what that leaves to it. */
struct second_view {
	struct aside	*aside;
	struct sample	*sample;	/* what aside fills */
	bool		 drawn;
	size_t		 at;		/* the one that is shown */
	size_t		 given, agreed;
	int64_t		 opened_ms;
	struct opinion	 opinion;	/* on its way */
};

static const struct view_ops second_ops;

static enum status
sample_draw(struct session *s, void *arg, struct error *err)
{
	struct sample *x = arg;

	return second_draw(s, x->queue, x->where, SAMPLE, x->one, &x->n, err);
}

static void
sample_drop(void *arg)
{
	struct sample *x = arg;

	free(x->queue);
	free(x->where);
	free(x);
}

/* The view is left, and what came of it said. */
static void
second_end(struct screen *scr, const struct second_view *s, const char *last)
{
	size_t given = s->given, agreed = s->agreed;

	view_leave(scr, &second_ops);
	if (given > 0)
		screen_say(scr, "%s%s%zu second look%s, %zu agree; i has all",
		    last, last[0] == '\0' ? "" : "; ", given,
		    given == 1 ? "" : "s", agreed);
}

/* The one that is due, or the end; `last` is said of the one before. */
static void
second_next(struct screen *scr, struct second_view *s, const char *last)
{
	char said[64];

	for (; s->at < s->sample->n; s->at++) {
		(void)snprintf(said, sizeof(said), "second look %zu of %zu",
		    s->at + 1, s->sample->n);
		s->opened_ms = scr->now_ms;
		if (item_view_show_blind(scr, s->sample->one[s->at].item, said)) {
			if (last[0] != '\0')
				screen_say(scr, "%s", last);
			return;
		}
	}
	second_end(scr, s, last);
}

static void
second_tick(struct view *v)
{
	struct second_view *s = v->data;
	struct error err = { STATUS_OK, "" };
	struct screen *scr = v->scr;
	enum status st;

	if (s->drawn || !aside_ended(s->aside, &st, &err))
		return;
	s->drawn = true;
	scr->asides--;
	if (st == STATUS_OK && s->sample->n > 0) {
		second_next(scr, s, "");
		return;
	}
	view_leave(scr, &second_ops);
	if (st != STATUS_OK)
		screen_fail(scr, "%s", err.text);
	else
		screen_say(scr, "nothing is here that another decided and you have "
		    "not looked at again");
}

static struct second_view *
second_of(struct screen *scr)
{
	struct view *v = view_find(scr, &second_ops);

	return v == NULL ? NULL : v->data;
}

static enum status
give_run(struct screen *scr, struct error *err)
{
	return second_give(review_of(scr)->session, &second_of(scr)->opinion,
	    err);
}

static void
give_done(struct screen *scr, enum status st, struct error *err)
{
	struct second_view *s = second_of(scr);
	const struct opinion *o = &s->opinion;
	char said[400];

	if (st != STATUS_OK && st != STATUS_CONFLICT) {
		screen_fail(scr, "%s", err->text);
		return;
	}
	if (st == STATUS_OK) {
		s->given++;
		s->agreed += o->agrees;
		(void)snprintf(said, sizeof(said), "%s %.100s: %s said %s%s%s",
		    o->agrees ? "agreed on" : "differs on", o->id, o->by,
		    o->first, o->reason[0] == '\0' ? "" : ": ", o->reason);
	} else
		(void)snprintf(said, sizeof(said), "%.300s", err->text);
	s->at++;
	second_next(scr, s, said);
}

static const struct op op_give = { .what = "second look", .run = give_run,
    .done = give_done };

static void
second_value(struct view *v, enum action action)
{
	struct second_view *s = v->data;

	s->opinion = (struct opinion){ .of = s->sample->one[s->at],
	    .value = action == ACTION_ACCEPT ? DECISION_ACCEPT :
	    action == ACTION_REJECT ? DECISION_REJECT :
	    action == ACTION_ESCALATE ? DECISION_ESCALATE : DECISION_EDIT,
	    .review_ms = v->scr->now_ms - s->opened_ms };
	op_run(v->scr, &op_give);
}

static void
second_skip(struct view *v, enum action action)
{
	struct second_view *s = v->data;

	(void)action;
	s->at++;
	second_next(v->scr, s, "passed over");
}

static void
second_back(struct view *v, enum action action)
{
	(void)action;
	second_end(v->scr, v->data, "");
}

static const struct view_action second_actions[] = {
	{ ACTION_ACCEPT, 0, second_value },
	{ ACTION_EDIT, 0, second_value },
	{ ACTION_EDIT_HERE, 0, second_value },
	{ ACTION_REJECT, 0, second_value },
	{ ACTION_ESCALATE, 0, second_value },
	{ ACTION_SKIP, 0, second_skip },
	{ ACTION_BACK, 0, second_back },
	{ ACTION_STOP, NEED_TOP, second_back },
	{ ACTION_NONE, 0, NULL }
};

static void
second_draw_rows(struct view *v, int top, int bottom)
{
	int rows, columns;

	(void)bottom;
	(void)v;
	draw_size(&rows, &columns);
	(void)draw_label(top, 0, columns, FACE_HEADER, "Second look: a sample of "
	    "what others decided is drawn");
}

static void
second_close(struct view *v)
{
	struct second_view *s = v->data;

	if (!s->drawn)
		v->scr->asides--;
	aside_leave(s->aside);
	free(s);
}

static const enum action second_hints[] = {
	ACTION_BACK, ACTION_HELP, ACTION_NONE
};

static const struct view_ops second_ops = {
	.keys = KEYS_QUEUE, .actions = second_actions, .draw = second_draw_rows,
	.tick = second_tick, .close = second_close, .hints = second_hints
};

static struct sample *
sample_new(const struct review *r, const char *where)
{
	struct sample *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return NULL;
	x->queue = r->filter.queue == NULL ? NULL : strdup(r->filter.queue);
	x->where = where[0] == '\0' ? NULL : strdup(where);
	if ((r->filter.queue == NULL || x->queue != NULL) &&
	    (where[0] == '\0' || x->where != NULL))
		return x;
	sample_drop(x);
	return NULL;
}

void
second_view_show(struct screen *scr, const char *where)
{
	struct second_view *s = calloc(1, sizeof(*s));
	struct sample *x = s == NULL ? NULL : sample_new(review_of(scr), where);
	struct error err = { STATUS_OK, "out of memory" };

	if (x == NULL || aside_start(&s->aside, review_of(scr)->session,
	    sample_draw, x, sample_drop, &err) != STATUS_OK) {
		if (x != NULL)
			sample_drop(x);
		free(s);
		screen_fail(scr, "second look: %s", err.text);
		return;
	}
	s->sample = x;
	if (view_push(scr, &second_ops, s) == NULL) {
		aside_leave(s->aside);
		free(s);
		return;
	}
	scr->asides++;
}
