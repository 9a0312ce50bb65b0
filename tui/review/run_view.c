#include "tui/review/run_view.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "queue/loop/run_flag.h"
#include "queue/loop/run_results.h"
#include "tui/review/aside.h"
#include "tui/review/diff_view.h"
#include "tui/review/review.h"
#include "tui/review/roll.h"
#include "tui/review/run_read.h"

#define BAR_WIDTH	24
#define PASSING_SHOWN	2000	/* of one group; /search finds no further */

struct run_view {
	struct roll	 roll;		/* its keys are cases */
	struct aside	*aside;		/* reading; NULL: it is done */
	struct run_read	*read;		/* what aside fills */
	bool		 ready, failed;
	struct run_flagged flagged;	/* of the case that is made an item */
};

static const char *const group_names[] = {
	"Broken", "Fixed", "Failing", "Passing"
};

/* Where the share lies: "[      --=|=- ]", the interval of it dashed. */
static void
bar(double k, double n, char out[BAR_WIDTH + 3])
{
	struct interval v = stat_wilson(k, n, 0.95);
	int i, low = (int)(v.low * BAR_WIDTH), high = (int)(v.high * BAR_WIDTH),
	    at = n == 0 ? -1 : (int)(k / n * (BAR_WIDTH - 1) + 0.5);

	out[0] = '[';
	for (i = 0; i < BAR_WIDTH; i++)
		out[i + 1] = i == at ? '|' : i >= low && i <= high ? '=' : ' ';
	out[BAR_WIDTH + 1] = ']';
	out[BAR_WIDTH + 2] = '\0';
}

static void
head_fill(struct run_view *v)
{
	const struct run_read *r = v->read;
	const struct paired *p = &r->compared.paired;
	struct arena *a = &v->roll.arena;
	double n = (double)r->ncases;

	roll_line(&v->roll, FACE_TEXT, ROLL_NOTHING, "%s of %s: %.0f of %zu cases "
	    "passed, %.1f%% (%.1f to %.1f)%s%s", roll_fit(a, r->row.variant,
	    r->row.variant.n), roll_fit(a, r->row.name, r->row.name.n),
	    r->passed, r->ncases, n == 0 ? 0 : 100 * r->passed / n,
	    100 * r->share.low, 100 * r->share.high,
	    r->row.verdict.n > 0 ? "; gate " : "", r->row.verdict.n > 0 ?
	    roll_fit(a, r->row.verdict, r->row.verdict.n) : "");
	if (r->row.errors > 0)
		roll_line(&v->roll, FACE_ERROR, ROLL_NOTHING, "%" PRId64
		    " results are errors, and never a pass", r->row.errors);
	if (r->other.run == 0)
		return;
	if (r->compared.both == 0) {
		roll_line(&v->roll, FACE_HEADING, ROLL_NOTHING, "against run %"
		    PRId64 ": no case in common", r->other.run);
		return;
	}
	roll_line(&v->roll, FACE_HEADING, ROLL_NOTHING, "against run %" PRId64
	    "%s%s: %s, %+.1f%% (%+.1f to %+.1f), p %.3g", r->other.run,
	    r->other.labels.n > 0 ? " " : "", r->other.labels.n > 0 ?
	    roll_fit(a, r->other.labels, r->other.labels.n) : "",
	    comparison_name(p->verdict), 100 * p->diff, 100 * p->low,
	    100 * p->high, p->p);
	if (p->verdict == COMPARED_UNDECIDED && !isnan(p->need))
		roll_line(&v->roll, FACE_TEXT, ROLL_NOTHING,
		    "%.0f more cases would decide", p->need);
}

static void
checks_fill(struct run_view *v)
{
	const struct run_check *c;
	char shown[BAR_WIDTH + 3];
	unsigned of;
	size_t i;

	if (v->read->nchecks == 0)
		return;
	roll_line(&v->roll, FACE_TEXT, ROLL_NOTHING, "%s", "");
	roll_line(&v->roll, FACE_HEADING, ROLL_NOTHING, "%-20s %7s %7s  0%%%*s"
	    "100%%", "Check", "passed", "of", BAR_WIDTH - 4, "");
	for (i = 0; i < v->read->nchecks; i++) {
		c = &v->read->checks[i];
		of = c->n[CHECK_PASSED] + c->n[CHECK_FAILED] + c->n[CHECK_ERROR];
		bar(c->n[CHECK_PASSED], of, shown);
		roll_line(&v->roll, FACE_TEXT, ROLL_NOTHING,
		    "%s %7u %7u %s%s%s", roll_fit(&v->roll.arena, c->name, 20),
		    c->n[CHECK_PASSED], of, shown, c->n[CHECK_ERROR] > 0 ?
		    " errors" : "", c->n[CHECK_UNTRUSTED] > 0 ? " untrusted" :
		    "");
	}
}

static void
cases_fill(struct run_view *v)
{
	const struct run_read *r = v->read;
	const struct run_case *c;
	size_t i, n = 0;
	int group = -1;

	for (i = 0; i < r->ncases; i++, n++) {
		c = &r->cases[i];
		if ((int)c->group != group) {
			group = (int)c->group;
			n = 0;
			roll_line(&v->roll, FACE_TEXT, ROLL_NOTHING, "%s", "");
			roll_line(&v->roll, FACE_HEADING, ROLL_NOTHING,
			    "%s (%zu)", group_names[group], r->ngroup[group]);
		}
		if (n == PASSING_SHOWN)
			roll_line(&v->roll, FACE_HINT, ROLL_NOTHING,
			    "and %zu more", r->ngroup[group] - PASSING_SHOWN);
		if (n >= PASSING_SHOWN)
			continue;
		roll_line(&v->roll, FACE_TEXT, (int64_t)i, "%s %u/%u %s",
		    roll_fit(&v->roll.arena, c->id, 24), c->trials.passed,
		    c->trials.of, c->why.n == 0 ? "" :
		    roll_fit(&v->roll.arena, c->why, 400));
	}
}

static void
run_tick(struct view *view)
{
	struct run_view *v = view->data;
	struct error err = { STATUS_OK, "" };
	enum status st;

	if (v->ready || v->failed || !aside_ended(v->aside, &st, &err))
		return;
	view->scr->asides--;
	v->ready = st == STATUS_OK;
	v->failed = !v->ready;
	if (v->failed) {
		screen_fail(view->scr, "run: %s", err.text);
		return;
	}
	head_fill(v);
	checks_fill(v);
	cases_fill(v);
	roll_first(&v->roll);
}

static const struct run_case *
case_here(const struct view *view)
{
	const struct run_view *v = view->data;
	int64_t at = roll_key(&v->roll);

	return !v->ready || at < 0 ? NULL : &v->read->cases[at];
}

/* Old and new by word; without another run, the answer and why it failed. */
static void
run_open(struct view *view, enum action action)
{
	struct session *s = review_of(view->scr)->session;
	const struct run_case *c = case_here(view);
	struct run_view *v = view->data;
	struct arena arena = ARENA_INIT;
	struct slice old = SLICE_NONE, new = SLICE_NONE;
	struct error err = { STATUS_OK, "" };
	enum status st;

	(void)action;
	if (c == NULL)
		return;
	st = run_text(s, v->read->run, c->now, &arena, &new, &err);
	if (st == STATUS_OK && c->before != (size_t)-1)
		st = run_text(s, v->read->other.run, c->before, &arena, &old,
		    &err);
	if (st != STATUS_OK)
		screen_fail(view->scr, "%s", err.text);
	else if (new.p == NULL && old.p == NULL)
		screen_say(view->scr, "the texts of these runs were not kept");
	else
		diff_view_show(view->scr, NULL, old.p == NULL ? new : old,
		    new.p == NULL ? old : new);
	arena_release(&arena);
}

static enum status
flag_run(struct screen *scr, struct error *err)
{
	struct run_view *v = view_top(scr)->data;

	return run_flag(review_of(scr)->session, &v->flagged, err);
}

static void
flag_done(struct screen *scr, enum status st, struct error *err)
{
	struct run_view *v = view_top(scr)->data;

	if (st == STATUS_OK)
		screen_say(scr, v->flagged.again ? "%s is an item already" :
		    "flagged: %s", v->flagged.id);
	else
		screen_fail(scr, "flag: %s", err->text);
}

static void
run_flag_case(struct view *view, enum action action)
{
	static const struct op op = {
		.what = "flag", .run = flag_run, .done = flag_done
	};
	const struct run_case *c = case_here(view);
	struct run_view *v = view->data;

	(void)action;
	if (c == NULL)
		return;
	v->flagged = (struct run_flagged){ .run = v->read->run, .n = c->now,
	    .suite = v->read->row.suite, .name = v->read->row.name,
	    .result = &v->read->now.v[c->now] };
	op_run(view->scr, &op);
}

static void
run_draw(struct view *view, int top, int bottom)
{
	const struct run_view *v = view->data;
	char title[80];

	(void)snprintf(title, sizeof(title), "Run %" PRId64 "%s", v->read->run,
	    v->ready || v->failed ? "" : "  (reading)");
	roll_draw(view, top, bottom, title);
}

static void
run_close(struct view *view)
{
	struct run_view *v = view->data;

	if (!v->ready && !v->failed)
		view->scr->asides--;
	aside_leave(v->aside);
	roll_release(&v->roll);
	free(v);
}

static const struct view_action run_actions[] = {
	{ ACTION_OPEN, NEED_TOP, run_open },
	{ ACTION_FLAG, NEED_TOP | NEED_ITEM, run_flag_case },
	{ ACTION_BACK, NEED_TOP, roll_back },
	{ ACTION_STOP, NEED_TOP, roll_back },
	{ ACTION_NONE, 0, NULL }
};

static const enum action run_hints[] = {
	ACTION_OPEN, ACTION_FLAG, ACTION_SEARCH, ACTION_BACK, ACTION_HELP,
	ACTION_NONE
};

static const struct view_ops run_ops = {
	.keys = KEYS_QUEUE, .actions = run_actions, .pane = roll_pane,
	.draw = run_draw, .holds = roll_holds, .tick = run_tick,
	.close = run_close, .hints = run_hints
};

void
run_view_show(struct screen *scr, int64_t run, int64_t against)
{
	struct run_view *v = calloc(1, sizeof(*v));
	struct run_read *read = calloc(1, sizeof(*read));
	struct error err = { STATUS_OK, "out of memory" };

	if (v == NULL || read == NULL)
		goto fail;
	read->run = run;
	read->against = against;
	if (aside_start(&v->aside, review_of(scr)->session, run_read, read,
	    run_read_drop, &err) != STATUS_OK)
		goto fail;
	v->read = read;
	roll_init(&v->roll);
	if (view_push(scr, &run_ops, v) == NULL) {
		aside_leave(v->aside);
		free(v);
		return;
	}
	scr->asides++;
	return;
fail:
	screen_fail(scr, "run: %s", err.text);
	free(read);
	free(v);
}
