#include "tui/review/runs_view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/time.h"
#include "queue/loop/runs.h"
#include "tui/review/review.h"
#include "tui/review/roll.h"
#include "tui/review/run_view.h"

#define RUNS_SHOWN	500

struct runs_view {
	struct roll	roll;		/* its keys are runs */
	int64_t		against;	/* the tagged one; 0: none */
};

static enum status
run_put(void *arg, const struct run_row *r, struct error *err)
{
	struct runs_view *v = arg;
	struct arena *a = &v->roll.arena;
	char when[TIME_LOCAL];

	(void)err;
	time_local(r->started_ms, when);
	when[16] = '\0';	/* the minute is enough */
	when[10] = ' ';
	roll_line(&v->roll, r->seq < 0 ? FACE_HINT : FACE_TEXT, r->run,
	    "%c%4" PRId64 " %s %6" PRId64 "/%-6" PRId64 " %s %s %s %s",
	    r->run == v->against ? '+' : ' ', r->run, when, r->passed,
	    r->results, roll_fit(a, run_state(r), 10), roll_fit(a, r->name, 12),
	    roll_fit(a, r->labels.n > 0 ? r->labels : SLICE(""), 10),
	    roll_fit(a, r->variant, r->variant.n));
	return STATUS_OK;
}

static void
runs_fill(struct view *view)
{
	struct runs_view *v = view->data;
	struct error err = { STATUS_OK, "" };
	size_t at = v->roll.pane.cur;
	bool first = v->roll.nkeys == 0;

	roll_clear(&v->roll);
	roll_line(&v->roll, FACE_HEADING, ROLL_NOTHING,
	    " %4s %-16s %-13s %-10s %-12s %-10s %s", "RUN", "BEGUN",
	    "PASSED", "GATE", "SUITE", "LABELS", "VARIANT");
	if (run_each(review_of(view->scr)->session, RUNS_SHOWN, run_put, v,
	    &err) != STATUS_OK)
		screen_fail(view->scr, "runs: %s", err.text);
	if (v->roll.nkeys == 1)
		roll_line(&v->roll, FACE_TEXT, ROLL_NOTHING, "There is no run "
		    "yet: handrail eval SUITE, or run import FILE");
	if (first)
		roll_first(&v->roll);
	else
		v->roll.pane.cur = at;
}

static void
runs_open(struct view *view, enum action action)
{
	struct runs_view *v = view->data;

	(void)action;
	run_view_show(view->scr, roll_key(&v->roll), v->against);
}

/* The run that others are then compared with. */
static void
runs_tag(struct view *view, enum action action)
{
	struct runs_view *v = view->data;
	int64_t run = roll_key(&v->roll);

	(void)action;
	v->against = run == v->against ? 0 : run;
	if (v->against != 0)
		screen_say(view->scr, "Enter on another compares it with run "
		    "%" PRId64, run);
	runs_fill(view);
}

static void
runs_draw(struct view *view, int top, int bottom)
{
	const struct runs_view *v = view->data;
	char title[80] = "Runs";

	if (v->against != 0)
		(void)snprintf(title, sizeof(title), "Runs  compared with %"
		    PRId64, v->against);
	roll_draw(view, top, bottom, title);
}

static void
runs_close(struct view *view)
{
	struct runs_view *v = view->data;

	roll_release(&v->roll);
	free(v);
}

static const struct view_action runs_actions[] = {
	{ ACTION_OPEN, NEED_TOP, runs_open },
	{ ACTION_TAG, NEED_TOP | NEED_ITEM, runs_tag },
	{ ACTION_BACK, NEED_TOP, roll_back },
	{ ACTION_STOP, NEED_TOP, roll_back },
	{ ACTION_NONE, 0, NULL }
};

static const enum action runs_hints[] = {
	ACTION_OPEN, ACTION_TAG, ACTION_SEARCH, ACTION_BACK, ACTION_HELP,
	ACTION_NONE
};

static const struct view_ops runs_ops = {
	.keys = KEYS_QUEUE, .actions = runs_actions, .pane = roll_pane,
	.draw = runs_draw, .holds = roll_holds, .refresh = runs_fill,
	.close = runs_close, .hints = runs_hints
};

void
runs_view_show(struct screen *scr)
{
	struct runs_view *v;

	view_leave(scr, &runs_ops);
	if ((v = calloc(1, sizeof(*v))) == NULL ||
	    view_push(scr, &runs_ops, v) == NULL) {
		free(v);
		screen_fail(scr, "runs: out of memory");
		return;
	}
	roll_init(&v->roll);
	runs_fill(view_top(scr));
}
