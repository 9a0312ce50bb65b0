#include "tui/review/runs_view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/text_cells.h"
#include "core/base/time.h"
#include "queue/loop/runs.h"
#include "tui/review/review.h"
#include "tui/review/roll.h"
#include "tui/review/run_view.h"
#include "tui/screen/cell.h"
#include "tui/screen/draw.h"

#define RUNS_SHOWN	500

struct runs_view {
	struct roll	roll;		/* its keys are runs */
	int64_t		against;	/* the tagged one; 0: none */
	int		columns;	/* that it was laid out for */
};

/* What is read before any of it is shown: how wide a column is hangs on all. */
struct runs_read {
	struct arena	*arena;
	struct run_row	 row[RUNS_SHOWN];
	size_t		 n;
	bool		 labels;	/* one has any */
	size_t		 head, tail;	/* bytes that all variants share */
};

static bool
text_keep(struct arena *a, struct slice *s)
{
	struct slice kept = { s->p == NULL ? NULL : arena_str(a, *s), s->n };
	bool absent = s->p == NULL;

	*s = kept;
	return absent || kept.p != NULL;
}

static enum status
run_keep(void *arg, const struct run_row *r, struct error *err)
{
	struct runs_read *all = arg;
	struct run_row *row = &all->row[all->n];

	*row = *r;
	if (!text_keep(all->arena, &row->name) ||
	    !text_keep(all->arena, &row->variant) ||
	    !text_keep(all->arena, &row->verdict) ||
	    !text_keep(all->arena, &row->labels))
		return error_nomem(err);
	all->labels |= row->labels.n > 0;
	all->n++;
	return STATUS_OK;
}

/* What two variants have in common at an end, in whole characters. */
static size_t
shared(struct slice a, struct slice b, size_t max, bool tail)
{
	size_t n = 0;
	unsigned char c;

	while (n < max && n < a.n && n < b.n && (tail ?
	    a.p[a.n - 1 - n] == b.p[b.n - 1 - n] : a.p[n] == b.p[n]))
		n++;
	for (; n > 0; n--) {
		c = (unsigned char)(tail ? a.p[a.n - n] : n < a.n ? a.p[n] : 0);
		if ((c & 0xc0) != 0x80)
			break;
	}
	return n;
}

static void
runs_compare(struct runs_read *all)
{
	struct slice first = all->n > 0 ? all->row[0].variant : SLICE("");
	size_t i, rest = first.n;

	all->head = first.n;
	for (i = 1; i < all->n; i++)
		all->head = shared(first, all->row[i].variant, all->head, false);
	for (i = 0; i < all->n; i++)
		if (all->row[i].variant.n - all->head < rest)
			rest = all->row[i].variant.n - all->head;
	all->tail = rest;
	for (i = 1; i < all->n; i++)
		all->tail = shared(first, all->row[i].variant, all->tail, true);
}

static size_t
text_begin(struct slice s, size_t at)
{
	while (at > 0 && at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80)
		at--;
	return at;
}

/* The variant in so many columns: where it is wider, what tells it from others, with
 * as much of what is before and behind that as has room. */
static const char *
variant_text(const struct runs_read *all, struct slice v, size_t columns)
{
	size_t from = all->head, end = v.n - all->tail, room = columns - 2;
	size_t n = end - from, more;

	if (text_width(v) <= columns || all->n == 1 || all->head == v.n)
		return roll_ends(all->arena, v, columns);
	if (n < room) {
		more = room - n < from ? room - n : from;
		from = text_begin(v, from - more);
		more = room - n - more;
		end = text_begin(v, end + more < v.n ? end + more : v.n);
	}
	return arena_printf(all->arena, "%s%s%s", from > 0 ? cell_cut() : "",
	    roll_ends(all->arena, (struct slice){ v.p + from, end - from },
	    text_width((struct slice){ v.p + from, end - from }) < room ?
	    text_width((struct slice){ v.p + from, end - from }) : room),
	    end < v.n ? cell_cut() : "").p;
}

static void
run_put(struct runs_view *v, const struct runs_read *all,
    const struct run_row *r, size_t columns)
{
	struct arena *a = &v->roll.arena;
	char when[TIME_LOCAL];

	time_local(r->started_ms, when);
	when[16] = '\0';	/* the minute is enough */
	when[10] = ' ';
	roll_line(&v->roll, r->seq < 0 ? FACE_HINT : FACE_TEXT, r->run,
	    "%c%4" PRId64 " %s %6" PRId64 "/%-6" PRId64 " %s %s %s%s%s",
	    r->run == v->against ? '+' : ' ', r->run, when, r->passed,
	    r->results, roll_fit(a, run_state(r), 10), roll_fit(a, r->name, 12),
	    !all->labels ? "" : roll_fit(a, r->labels.n > 0 ?
	    r->labels : SLICE(""), 10),
	    !all->labels ? "" : " ", variant_text(all, r->variant, columns));
}

#define RUN_COLUMNS	62	/* up to the labels, and one at the end */
#define LABEL_COLUMNS	11
#define VARIANT_LEAST	16

static void
runs_put(struct runs_view *v, const struct runs_read *all)
{
	size_t i, before = RUN_COLUMNS + (all->labels ? LABEL_COLUMNS : 0);
	size_t columns;
	int rows;

	draw_size(&rows, &v->columns);
	columns = (size_t)v->columns;
	columns = columns > before + VARIANT_LEAST ? columns - before :
	    VARIANT_LEAST;
	roll_line(&v->roll, FACE_HEADING, ROLL_NOTHING,
	    " %4s %-16s %-13s %-10s %-12s %s%s", "RUN", "BEGUN", "PASSED", "GATE",
	    "SUITE", all->labels ? "LABELS     " : "", "VARIANT");
	for (i = 0; i < all->n; i++)
		run_put(v, all, &all->row[i], columns);
	if (all->n == 0)
		roll_line(&v->roll, FACE_TEXT, ROLL_NOTHING, "There is no run "
		    "yet: handrail eval SUITE, or run import FILE");
}

static void
runs_fill(struct view *view)
{
	struct runs_view *v = view->data;
	struct error err = { STATUS_OK, "out of memory" };
	size_t at = v->roll.pane.cur;
	bool first = v->roll.nkeys == 0;
	struct runs_read *all;

	roll_clear(&v->roll);
	all = arena_zalloc(&v->roll.arena, sizeof(*all));
	if (all != NULL)
		all->arena = &v->roll.arena;
	if (all == NULL || run_each(review_of(view->scr)->session, RUNS_SHOWN,
	    run_keep, all, &err) != STATUS_OK)
		screen_fail(view->scr, "runs: %s", err.text);
	else {
		runs_compare(all);
		runs_put(v, all);
	}
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
	struct runs_view *v = view->data;
	char title[80] = "Runs";
	int rows, columns;

	draw_size(&rows, &columns);
	if (columns != v->columns)
		runs_fill(view);

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
