#include "tui/review/found_view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "queue/review/list.h"
#include "queue/search.h"
#include "tui/review/aside.h"
#include "tui/review/review.h"
#include "tui/review/roll.h"

#define FOUND_MAX	500
#define NEW_MAX		2000	/* taken in by whoever searches */

/* What the thread fills. */
struct found_read {
	char			 words[NEEDLE_MAX];
	struct arena		 arena;
	struct search_state	 state;
	struct search_hit	*hits;
	struct list_row		*rows;		/* beside them */
	size_t			 n;
};

struct found_view {
	struct roll		 roll;		/* its keys are items */
	struct aside		*aside;
	struct found_read	*read;		/* what aside fills */
	bool			 ended;
};

static enum status
found_run(struct session *s, void *arg, struct error *err)
{
	struct found_read *f = arg;
	enum status st;
	size_t i;

	f->hits = arena_zalloc(&f->arena, FOUND_MAX * sizeof(*f->hits));
	f->rows = arena_zalloc(&f->arena, FOUND_MAX * sizeof(*f->rows));
	if (f->hits == NULL || f->rows == NULL)
		return error_nomem(err);
	if ((st = search_state(s, &f->state, err)) != STATUS_OK ||
	    (st = search_find(s, slice_of(f->words), INT64_MAX, FOUND_MAX,
	    &f->arena, f->hits, &f->n, err)) != STATUS_OK)
		return st;
	for (i = 0; i < f->n && st == STATUS_OK; i++)
		st = list_row_get(s, f->hits[i].item, &f->arena, &f->rows[i],
		    err);
	return st;
}

static void
found_drop(void *arg)
{
	struct found_read *f = arg;

	arena_release(&f->arena);
	free(f);
}

static void
found_fill(struct found_view *v)
{
	const struct found_read *f = v->read;
	struct arena *a = &v->roll.arena;
	size_t i;

	if (f->state.done < f->state.of)
		roll_line(&v->roll, FACE_HINT, ROLL_NOTHING, "%" PRId64 " of %"
		    PRId64 " items are in the index so far: handrail search on "
		    "goes on with it", f->state.done, f->state.of);
	if (f->n == 0)
		roll_line(&v->roll, FACE_TEXT, ROLL_NOTHING, "Nothing is found.");
	for (i = 0; i < f->n; i++)
		roll_line(&v->roll, FACE_TEXT, f->rows[i].item, "%s %s %s",
		    roll_fit(a, f->rows[i].state, 9),
		    roll_ends(a, f->rows[i].id, 18),
		    roll_fit(a, f->hits[i].found, 400));
	roll_first(&v->roll);
}

static void
found_tick(struct view *view)
{
	struct found_view *v = view->data;
	struct error err = { STATUS_OK, "" };
	enum status st;

	if (v->ended || !aside_ended(v->aside, &st, &err))
		return;
	v->ended = true;
	view->scr->asides--;
	if (st == STATUS_OK)
		found_fill(v);
	else
		screen_fail(view->scr, "search: %s", err.text);
}

static void
found_open(struct view *view, enum action action)
{
	(void)action;
	task_open(view->scr, roll_key(view->data));
}

static void
found_draw(struct view *view, int top, int bottom)
{
	const struct found_view *v = view->data;
	char title[NEEDLE_MAX + 80];

	if (v->ended)
		(void)snprintf(title, sizeof(title), "Found: %s  %zu%s, the "
		    "newest first", v->read->words, v->read->n,
		    v->read->n == FOUND_MAX ? "+" : "");
	else
		(void)snprintf(title, sizeof(title), "Found: %s  (looking)",
		    v->read->words);
	roll_draw(view, top, bottom, title);
}

static void
found_close(struct view *view)
{
	struct found_view *v = view->data;

	if (!v->ended)
		view->scr->asides--;
	aside_leave(v->aside);
	roll_release(&v->roll);
	free(v);
}

static const struct view_action found_actions[] = {
	{ ACTION_OPEN, NEED_TOP, found_open },
	{ ACTION_BACK, NEED_TOP, roll_back },
	{ ACTION_STOP, NEED_TOP, roll_back },
	{ ACTION_NONE, 0, NULL }
};

static const enum action found_hints[] = {
	ACTION_OPEN, ACTION_SEARCH, ACTION_BACK, ACTION_HELP, ACTION_NONE
};

static const struct view_ops found_ops = {
	.keys = KEYS_QUEUE, .actions = found_actions, .pane = roll_pane,
	.draw = found_draw, .holds = roll_holds, .tick = found_tick,
	.close = found_close, .hints = found_hints
};

/* What came in since is taken in first, as far as it is soon done. */
static bool
is_on(struct screen *scr)
{
	struct session *s = review_of(scr)->session;
	struct error err = { STATUS_OK, "" };
	struct search_state now;

	if (search_state(s, &now, &err) != STATUS_OK || !now.on)
		return false;
	if (now.done < now.of && search_build(s, NEW_MAX, NULL, NULL, NULL,
	    &err) != STATUS_OK)
		screen_say(scr, "not all is in the index: %s", err.text);
	return true;
}

bool
found_view_show(struct screen *scr, struct slice words)
{
	struct found_view *v;
	struct found_read *f;
	struct error err = { STATUS_OK, "out of memory" };

	if (!is_on(scr))
		return false;
	view_leave(scr, &found_ops);
	v = calloc(1, sizeof(*v));
	f = calloc(1, sizeof(*f));
	if (v == NULL || f == NULL)
		goto fail;
	(void)snprintf(f->words, sizeof(f->words), "%.*s", SLICE_ARG(words));
	if (aside_start(&v->aside, review_of(scr)->session, found_run, f,
	    found_drop, &err) != STATUS_OK)
		goto fail;
	v->read = f;
	roll_init(&v->roll);
	if (view_push(scr, &found_ops, v) == NULL) {
		aside_leave(v->aside);
		free(v);
		return true;
	}
	scr->asides++;
	return true;
fail:
	screen_fail(scr, "search: %s", err.text);
	free(f);
	free(v);
	return true;
}
