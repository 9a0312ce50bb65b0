#include "tui/review/queue_view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/time.h"
#include "tui/review/columns.h"
#include "tui/review/filter.h"
#include "tui/review/log_view.h"
#include "tui/review/minutes.h"
#include "tui/review/queue_row.h"
#include "tui/review/review.h"
#include "tui/review/rows.h"
#include "tui/review/search.h"
#include "tui/review/sift.h"
#include "tui/review/stats_view.h"
#include "tui/review/tagged.h"
#include "tui/screen/draw.h"

#define TAGS_MAX	1000

struct queue_view {
	struct rows		 rows;
	struct list_counts	 counts;
	int64_t			 tags[TAGS_MAX];
	size_t			 ntags;
	char			 needle[256];
	/* Under a condition: what it holds for, and that looked for anew. */
	struct sift		 sift, next;
	int64_t			 sifted;	/* items there were at the time */
};

static const char *const state_titles[] = {
	[LIST_FLAGGED] = "flagged", [LIST_ESCALATED] = "escalated",
	[LIST_APPROVED] = "approved", [LIST_ACCEPTED] = "accepted",
	[LIST_EDITED] = "edited", [LIST_REJECTED] = "rejected",
	[LIST_ALL] = "all"
};
static const char *const sort_titles[] = {
	[SORT_DUE] = "due", [SORT_AGE] = "age", [SORT_CONFIDENCE] = "confidence"
};

static bool
tagged(const struct queue_view *q, int64_t item)
{
	size_t i;

	for (i = 0; i < q->ntags; i++) {
		if (q->tags[i] == item)
			return true;
	}
	return false;
}

static struct queue_view *
queue_of(struct screen *scr)
{
	return scr->stack[0].data;
}

static void
counts_read(struct view *v)
{
	struct review *r = review_of(v->scr);
	struct queue_view *q = v->data;
	struct error err = { STATUS_OK, "" };

	if (list_counts_get(r->session, r->filter.queue, &q->counts,
	    &err) != STATUS_OK)
		screen_fail(v->scr, "%s", err.text);
}

static void
queue_refresh(struct view *v)
{
	struct review *r = review_of(v->scr);
	struct queue_view *q = v->data;
	struct error err = { STATUS_OK, "" };

	counts_read(v);
	if (rows_load(&q->rows, r->session, &r->filter, &err) !=
	    STATUS_OK)
		screen_fail(v->scr, "%s", err.text);
}

/* Items that wait, among which there may be new ones. */
static int64_t
waiting(const struct queue_view *q)
{
	return q->counts.flagged + q->counts.review + q->counts.escalated;
}

/* The list goes over to what was found in the meantime. */
static void
sift_next(struct view *v)
{
	struct queue_view *q = v->data;
	struct review *r = review_of(v->scr);
	struct error err = { STATUS_OK, "" };

	/* Decisions of our own make them fewer, which brings nothing new. */
	if (waiting(q) <= q->sifted)
		q->sifted = waiting(q);
	else if (r->filter.where != NULL && !q->sift.running &&
	    !q->next.running) {
		q->sifted = waiting(q);
		if (sift_begin(&q->next, v->scr, &r->filter, &err) != STATUS_OK)
			screen_fail(v->scr, "%s", err.text);
	}
}

static void
sift_tick(struct view *v)
{
	struct queue_view *q = v->data;
	struct error err = { STATUS_OK, "" };
	enum status st;

	if (sift_ended(&q->sift, v->scr, &st, &err) && st != STATUS_OK)
		screen_fail(v->scr, "%s", err.text);
	if (!sift_ended(&q->next, v->scr, &st, &err))
		return;
	if (st != STATUS_OK) {
		sift_end(&q->next, v->scr);
		return;
	}
	sift_end(&q->sift, v->scr);
	q->sift = q->next;
	q->next = (struct sift){ .aside = NULL };
	review_of(v->scr)->filter.picks = q->sift.picks;
}

/* Looks for others' work. */
static void
queue_tick(struct view *v)
{
	sift_tick(v);
	queue_refresh(v);
	sift_next(v);
}

static const char *
store_title(const struct screen *scr)
{
	const char *path = store_path(review_of(scr)->session->store), *slash;

	slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}

static void
header_draw(struct view *v, int row, int columns)
{
	struct review *r = review_of(v->scr);
	struct queue_view *q = v->data;
	const struct list_counts *c = &q->counts;
	struct buf line = BUF_INIT;
	char age[16];

	buf_printf(&line, "%s%s  %s  %lld flagged  %lld escalated  %lld mine",
	    store_is_test(r->session->store) ? "test store " : "",
	    store_title(v->scr), r->filter.queue == NULL ? "all queues" :
	    r->filter.queue, (long long)(c->flagged + c->review),
	    (long long)c->escalated, (long long)c->mine);
	if (c->oldest_ms >= 0) {
		minutes_text(time_between(c->oldest_ms, v->scr->now_ms), age);
		buf_printf(&line, "  oldest %s", age);
	}
	if (c->breached > 0)
		buf_printf(&line, "  %lld%s late", (long long)c->breached,
		    c->breached >= 1000 ? "+" : "");
	buf_printf(&line, "  %s", r->session->who.name);
	(void)draw_text(row, 0, columns, FACE_HEADER, (struct slice){
	    buf_str(&line), line.n });
	buf_release(&line);
}

static void
titles_draw(struct view *v, int row, const int width[COLUMN_COUNT], int columns)
{
	const struct list_filter *f = &review_of(v->scr)->filter;
	int i, x = COLUMN_MARKS;

	for (i = 0; i < COLUMN_COUNT; i++) {
		if (width[i] == 0)
			continue;
		(void)draw_label(row, x, width[i], FACE_HEADING, "%s",
		    column_titles[i]);
		x += width[i] + 1;
	}
	x -= width[COLUMN_WORDS] + 1;
	if (width[COLUMN_WORDS] == 0)
		return;
	x += 8;
	if (f->state != LIST_FLAGGED)
		x += draw_label(row, x, columns - x, FACE_HEADING, "%s  ",
		    state_titles[f->state]);
	if (f->sort != SORT_DUE)
		(void)draw_label(row, x, columns - x, FACE_HINT, "by %s",
		    sort_titles[f->sort]);
}

static void
row_draw(struct view *v, int row, const struct list_row *r, bool selected,
    const int width[COLUMN_COUNT])
{
	struct queue_view *q = v->data;
	struct buf text = BUF_INIT;
	int i, x = COLUMN_MARKS;

	/* A blank in another look would cost its bytes on every row. */
	if (selected)
		(void)draw_label(row, 0, 1, FACE_HEADING, ">");
	if (tagged(q, r->item) || r->lease_by.p != NULL)
		(void)draw_label(row, 1, 1, FACE_HEADING, "%c",
		    tagged(q, r->item) ? '+' : r->lease_mine ? '*' : 'o');
	for (i = 0; i < COLUMN_COUNT; i++) {
		if (width[i] == 0)
			continue;
		(void)draw_text(row, x, width[i], FACE_TEXT,
		    queue_row_text(r, v->scr->now_ms, i, &text));
		x += width[i] + 1;
	}
	if (selected && width[COLUMN_AGE] > 0)
		draw_paint(row, 0, COLUMN_MARKS + width[COLUMN_AGE],
		    FACE_SELECTED);
	buf_release(&text);
}

static void
queue_draw(struct view *v, int top, int bottom)
{
	struct review *r = review_of(v->scr);
	struct queue_view *q = v->data;
	int rows, columns, width[COLUMN_COUNT];
	size_t i;

	draw_size(&rows, &columns);
	columns_fit(columns, width);
	if (rows_height(&q->rows, bottom - top - 2))
		queue_refresh(v);
	header_draw(v, top, columns);
	titles_draw(v, top + 1, width, columns);
	for (i = 0; i < q->rows.n && (int)i < bottom - top - 2; i++)
		row_draw(v, top + 2 + (int)i, rows_at(&q->rows, i),
		    i == q->rows.sel, width);
	if (q->rows.n == 0)
		(void)draw_label(top + 2, COLUMN_MARKS, columns, FACE_TEXT,
		    q->sift.running ? "Nothing %s is found so far%s." :
		    "Nothing is %s here%s.", state_titles[r->filter.state],
		    r->filter.where == NULL ? "" : " under this filter");
	v->row = top + 2 + (int)q->rows.sel;
	v->column = 0;
}

/* Is it a condition?  What is wrong with it is said before the list changes. */
static enum status
where_check(struct session *s, const char *where, struct error *err)
{
	struct list_match *m = NULL;
	enum status st;

	if (where == NULL)
		return STATUS_OK;
	st = list_match_new(&m, s, where, err);
	list_match_free(m);
	return st;
}

/* Takes over a filter whose condition is one; where it has any, what that holds for
 * is looked for aside. */
static enum status
filter_take(struct screen *scr, const struct list_filter *f, struct error *err)
{
	struct review *r = review_of(scr);
	struct queue_view *q = queue_of(scr);
	enum status st = STATUS_OK;

	/* What is no longer shown must not be decided on. */
	if (f->state != r->filter.state || f->where != r->filter.where)
		q->ntags = 0;
	if (f->where != NULL && f->where != r->where)
		(void)snprintf(r->where, sizeof(r->where), "%s", f->where);
	r->filter = *f;
	r->filter.where = f->where == NULL ? NULL : r->where;
	r->filter.picks = NULL;
	sift_end(&q->sift, scr);
	sift_end(&q->next, scr);
	rows_reset(&q->rows);
	if (f->where != NULL)
		st = sift_begin(&q->sift, scr, &r->filter, err);
	r->filter.picks = q->sift.picks;
	if (st == STATUS_OK)
		st = rows_load(&q->rows, r->session, &r->filter, err);
	counts_read(&scr->stack[0]);
	q->sifted = waiting(q);
	return st;
}

static bool
filter_set(struct screen *scr, const struct list_filter *f)
{
	struct error err = { STATUS_OK, "" };
	enum status st;

	deliberate_new(&scr->calm);
	st = where_check(review_of(scr)->session, f->where, &err);
	if (st == STATUS_OK)
		st = filter_take(scr, f, &err);
	if (st != STATUS_OK)
		screen_fail(scr, "%s", err.text);
	return st == STATUS_OK;
}

static void	filter_typed(struct screen *, void *, struct slice);

/* The line is kept, and what it may mean is said. */
static void
filter_again(struct screen *scr, struct slice typed, const struct error *err)
{
	struct buf near = BUF_INIT;

	prompt_line(scr, "&", typed, filter_typed, NULL);
	filter_near(slice_of(err->text), &near);
	if (near.n > 0)
		screen_fail(scr, "%s; %s?", err->text, buf_str(&near));
	else
		screen_fail(scr, "%s", err->text);
	buf_release(&near);
}

static void
filter_typed(struct screen *scr, void *arg, struct slice text)
{
	struct review *r = review_of(scr);
	struct list_filter f = r->filter;
	struct error err = { STATUS_OK, "" };
	struct buf where = BUF_INIT;

	(void)arg;
	if (text.p == NULL)
		return;
	filter_condition(text, &where);
	f.where = text.n == 0 ? NULL : buf_str(&where);
	if (where.n >= sizeof(r->where))
		screen_fail(scr, "filter: longer than %zu bytes",
		    sizeof(r->where) - 1);
	else if (where_check(r->session, f.where, &err) != STATUS_OK)
		filter_again(scr, text, &err);
	else if (filter_set(scr, &f))
		(void)snprintf(r->typed, sizeof(r->typed), "%.*s",
		    SLICE_ARG(text));
	buf_release(&where);
}

static void
queue_stop(struct view *v, enum action action)
{
	struct queue_view *q = v->data;
	size_t looked = 0, found = 0;

	(void)action;
	if (!q->sift.running) {
		screen_say(v->scr, "nothing is being looked for");
		return;
	}
	sift_stop(&q->sift);
	picks_count(q->sift.picks, &looked, &found);
	screen_say(v->scr, "stopped: %zu looked at, %zu found", looked, found);
}

static void
queue_filter(struct view *v, enum action action)
{
	struct review *r = review_of(v->scr);

	(void)action;
	prompt_line(v->scr, "&", slice_of(r->filter.where == NULL ? "" :
	    r->typed), filter_typed, NULL);
}

static void
queue_state(struct view *v, enum action action)
{
	struct review *r = review_of(v->scr);
	struct list_filter f = r->filter;

	f.state = action == ACTION_FLAGGED ? LIST_FLAGGED : LIST_ESCALATED;
	f.sort = SORT_DUE;
	if (filter_set(v->scr, &f))
		screen_say(v->scr, "%s", state_titles[r->filter.state]);
}

static void
queue_sort(struct view *v, enum action action)
{
	struct screen *scr = v->scr;
	struct review *r = review_of(scr);
	struct list_filter f = r->filter;

	(void)action;
	if (f.state != LIST_FLAGGED) {
		screen_fail(scr, "only the flagged can be sorted");
		return;
	}
	f.sort = f.sort == SORT_CONFIDENCE ? SORT_DUE : f.sort + 1;
	if (filter_set(scr, &f))
		screen_say(scr, "sorted by %s", sort_titles[r->filter.sort]);
}

static void
list_search(struct screen *scr, bool backward)
{
	struct queue_view *q = queue_of(scr);
	struct review *r = review_of(scr);
	struct error err = { STATUS_OK, "" };

	if (q->needle[0] == '\0' || q->rows.n == 0)
		screen_say(scr, "nothing to search for yet");
	else if (rows_search(&q->rows, r->session, &r->filter, q->needle,
	    backward, &err) != STATUS_OK)
		screen_fail(scr, "%s", err.text);
}

static void
needle_typed(struct screen *scr, void *arg, struct slice text)
{
	struct queue_view *q = queue_of(scr);

	(void)arg;
	if (text.n == 0)
		return;
	(void)snprintf(q->needle, sizeof(q->needle), "%.*s", SLICE_ARG(text));
	list_search(scr, false);
}

static void
queue_search(struct view *v, enum action action)
{
	(void)action;
	prompt_line(v->scr, "/", SLICE(""), needle_typed, NULL);
}

static void
queue_match(struct view *v, enum action action)
{
	list_search(v->scr, action == ACTION_PREV_MATCH);
}

static void
tag_toggle(struct queue_view *q, int64_t item)
{
	size_t i;

	for (i = 0; i < q->ntags; i++) {
		if (q->tags[i] == item) {
			q->tags[i] = q->tags[--q->ntags];
			return;
		}
	}
	if (q->ntags < TAGS_MAX)
		q->tags[q->ntags++] = item;
}

static bool
all_tagged(const struct queue_view *q, const struct list_row *r, size_t n)
{
	while (n > 0 && tagged(q, r[n - 1].item))
		n--;
	return n == 0;
}

/* All that the filter shows, as far as TAGS_MAX goes; once more, none. */
static void
queue_tag_all(struct view *v, enum action action)
{
	struct queue_view *q = v->data;
	struct screen *scr = v->scr;
	struct review *r = review_of(scr);
	struct list_row *rows = calloc(TAGS_MAX + 1, sizeof(*rows));
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	size_t got = 0, i;

	(void)action;
	if (rows == NULL)
		screen_fail(scr, "out of memory");
	else if (list_page(r->session, &r->filter, NULL, false, TAGS_MAX + 1,
	    &arena, rows, &got, &err) != STATUS_OK)
		screen_fail(scr, "%s", err.text);
	else if (q->ntags > 0 && all_tagged(q, rows, got < TAGS_MAX ? got :
	    TAGS_MAX)) {
		q->ntags = 0;
		screen_say(scr, "nothing is tagged");
	} else {
		q->ntags = 0;
		for (i = 0; i < got && i < TAGS_MAX; i++)
			q->tags[q->ntags++] = rows[i].item;
		screen_say(scr, "%s%zu tagged", got > TAGS_MAX ?
		    "only the first " : "", q->ntags);
	}
	arena_release(&arena);
	free(rows);
}

static void
queue_tag(struct view *v, enum action action)
{
	struct queue_view *q = v->data;
	struct review *r = review_of(v->scr);
	struct error err = { STATUS_OK, "" };

	(void)action;
	tag_toggle(q, rows_at(&q->rows, q->rows.sel)->item);
	if (rows_move(&q->rows, r->session, &r->filter, 1, &err) != STATUS_OK)
		screen_fail(v->scr, "%s", err.text);
}

static void
tagged_decide(struct view *v, enum action action)
{
	const struct queue_view *q = v->data;
	enum decision decision = action == ACTION_ACCEPT ? DECISION_ACCEPT :
	    action == ACTION_REJECT ? DECISION_REJECT : DECISION_ESCALATE;

	v->actions = v->ops->actions;
	task_tagged(v->scr, decision, q->tags, q->ntags,
	    policy_queue(review_of(v->scr)->session->policy,
	    rows_at(&q->rows, q->rows.sel)->queue));
}

static void
tagged_refuse(struct view *v, enum action action)
{
	v->actions = v->ops->actions;
	screen_fail(v->scr, "%s: not for several items",
	    action_rows[action].name);
}

static void
queue_log(struct view *v, enum action action)
{
	log_view_show(v->scr, action == ACTION_AUDIT ? LOG_AUDIT : LOG_DECIDED);
}

static void
queue_stats(struct view *v, enum action action)
{
	(void)action;
	stats_view_show(v->scr);
}

/* In force until the next key, in place of the list's own.  The reasons asked
 * for are those of the row at the cursor, so there must be one. */
static const struct view_action tagged_actions[] = {
	{ ACTION_ACCEPT, NEED_TOP | NEED_ITEM, tagged_decide },
	{ ACTION_REJECT, NEED_TOP | NEED_ITEM, tagged_decide },
	{ ACTION_ESCALATE, NEED_TOP | NEED_ITEM, tagged_decide },
	{ ACTION_STATS, 0, queue_stats },
	{ ACTION_BACK, NEED_TOP, tagged_refuse },
	{ ACTION_ANY, NEED_TOP, tagged_refuse },
	{ ACTION_NONE, 0, NULL }
};

/* `;`: the next key is for all the tagged. */
static void
queue_tagged(struct view *v, enum action action)
{
	const struct queue_view *q = v->data;

	(void)action;
	if (q->ntags == 0) {
		screen_fail(v->scr, "nothing is tagged");
		return;
	}
	v->actions = tagged_actions;
	screen_say(v->scr, "for %zu tagged: accept, reject or escalate?",
	    q->ntags);
}

static void
queue_step(struct view *v, enum action action)
{
	struct queue_view *q = v->data;
	struct review *r = review_of(v->scr);
	long height = (long)q->rows.height;
	const struct {
		enum action	action;
		long		by;
	} moves[] = {
		{ ACTION_DOWN, 1 }, { ACTION_UP, -1 },
		{ ACTION_HALF_DOWN, (height + 1) / 2 },
		{ ACTION_HALF_UP, -(height + 1) / 2 },
		{ ACTION_PAGE_DOWN, height }, { ACTION_PAGE_UP, -height }
	};
	struct error err = { STATUS_OK, "" };
	size_t i;

	for (i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		if (moves[i].action == action && rows_move(&q->rows, r->session,
		    &r->filter, moves[i].by, &err) != STATUS_OK)
			screen_fail(v->scr, "%s", err.text);
	}
}

static void
queue_end(struct view *v, enum action action)
{
	struct queue_view *q = v->data;
	struct review *r = review_of(v->scr);
	struct error err = { STATUS_OK, "" };

	if (rows_end(&q->rows, r->session, &r->filter, action == ACTION_LAST,
	    &err) != STATUS_OK)
		screen_fail(v->scr, "%s", err.text);
}

static void
queue_open(struct view *v, enum action action)
{
	const struct queue_view *q = v->data;

	(void)action;
	task_open(v->scr, rows_at(&q->rows, q->rows.sel)->item);
}

/* The row's own decision only where the list is of what was decided on. */
static void
queue_undo(struct view *v, enum action action)
{
	const struct queue_view *q = v->data;
	bool decided = review_of(v->scr)->filter.state >= LIST_ACCEPTED;

	(void)action;
	task_undo(v->scr, q->rows.n == 0 || !decided ? NULL :
	    rows_at(&q->rows, q->rows.sel));
}

/* The statistics can be asked for from every view, the rest in the list only. */
static const struct view_action queue_actions[] = {
	{ ACTION_DOWN, NEED_TOP, queue_step },
	{ ACTION_UP, NEED_TOP, queue_step },
	{ ACTION_HALF_DOWN, NEED_TOP, queue_step },
	{ ACTION_HALF_UP, NEED_TOP, queue_step },
	{ ACTION_PAGE_DOWN, NEED_TOP, queue_step },
	{ ACTION_PAGE_UP, NEED_TOP, queue_step },
	{ ACTION_FIRST, NEED_TOP, queue_end },
	{ ACTION_LAST, NEED_TOP, queue_end },
	{ ACTION_OPEN, NEED_TOP, queue_open },
	{ ACTION_SEARCH, NEED_TOP, queue_search },
	{ ACTION_NEXT_MATCH, NEED_TOP, queue_match },
	{ ACTION_PREV_MATCH, NEED_TOP, queue_match },
	{ ACTION_FILTER, NEED_TOP, queue_filter },
	{ ACTION_STOP, NEED_TOP, queue_stop },
	{ ACTION_SORT, NEED_TOP, queue_sort },
	{ ACTION_FLAGGED, NEED_TOP, queue_state },
	{ ACTION_ESCALATED, NEED_TOP, queue_state },
	{ ACTION_DECIDED, NEED_TOP, queue_log },
	{ ACTION_AUDIT, NEED_TOP, queue_log },
	{ ACTION_STATS, 0, queue_stats },
	{ ACTION_TAG, NEED_TOP, queue_tag },
	{ ACTION_TAG_ALL, NEED_TOP, queue_tag_all },
	{ ACTION_TAGGED, NEED_TOP, queue_tagged },
	{ ACTION_UNDO, NEED_TOP, queue_undo },
	{ ACTION_NONE, 0, NULL }
};

/* What is done to the tagged asks first, so its key need not be calm. */
static unsigned
queue_holds(const struct view *v)
{
	const struct queue_view *q = v->data;

	return (q->rows.n > 0 ? (unsigned)NEED_ITEM : 0) |
	    (v->actions == tagged_actions ?
	    (unsigned)(NEED_LEASE | NEED_CALM) : 0);
}

/* The condition that the list is under. */
static int
queue_hint(struct view *v, int row, int columns)
{
	const struct review *r = review_of(v->scr);
	const struct queue_view *q = v->data;
	size_t looked, found;

	if (r->filter.where == NULL)
		return 0;
	if (!q->sift.running)
		return draw_label(row, 0, columns / 2, FACE_MESSAGE, "& %s",
		    r->typed) + 2;
	picks_count(q->sift.picks, &looked, &found);
	return draw_label(row, 0, columns, FACE_MESSAGE, "& %zu of %lld looked "
	    "at, %zu found; Esc stops", looked, (long long)waiting(q),
	    found) + 2;
}

static void
queue_close(struct view *v)
{
	struct queue_view *q = v->data;

	sift_end(&q->sift, v->scr);
	sift_end(&q->next, v->scr);
	rows_release(&q->rows);
	free(q);
}

static const enum action queue_hints[] = {
	ACTION_OPEN, ACTION_UNDO, ACTION_FILTER, ACTION_SORT, ACTION_SEARCH,
	ACTION_ESCALATED, ACTION_HELP, ACTION_QUIT, ACTION_NONE
};

static const struct view_ops queue_ops = {
	.keys = KEYS_QUEUE, .actions = queue_actions, .draw = queue_draw,
	.holds = queue_holds, .refresh = queue_refresh, .tick = queue_tick,
	.close = queue_close, .hints = queue_hints, .hint = queue_hint
};

enum status
queue_view_open(struct screen *scr, struct error *err)
{
	struct review *r = review_of(scr);
	struct queue_view *q = calloc(1, sizeof(*q));
	enum status st;

	if (q == NULL || !rows_init(&q->rows)) {
		free(q);
		return error_nomem(err);
	}
	q->counts.oldest_ms = -1;
	(void)view_push(scr, &queue_ops, q);
	/* A wrong --where is told before the screen begins. */
	st = where_check(r->session, r->filter.where, err);
	if (st == STATUS_OK)
		st = filter_take(scr, &r->filter, err);
	return st;
}

void
queue_view_select(struct screen *scr, const struct list_row *row)
{
	struct queue_view *q = queue_of(scr);
	size_t i;

	for (i = 0; i < q->rows.n; i++) {
		if (rows_at(&q->rows, i)->item == row->item)
			q->rows.sel = i;
	}
}

bool
queue_view_beside(struct screen *scr, const struct list_row *row, bool backward,
    int64_t *item)
{
	struct review *mine = review_of(scr);
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	struct list_row r;
	size_t got = 0;

	if (list_page(mine->session, &mine->filter, row, backward, 1, &arena, &r,
	    &got, &err) != STATUS_OK)
		screen_fail(scr, "%s", err.text);
	if (got > 0)
		*item = r.item;
	arena_release(&arena);
	return got > 0;
}

bool
queue_view_looks(struct screen *scr)
{
	return queue_of(scr)->sift.running;
}

void
queue_view_untag(struct screen *scr)
{
	queue_of(scr)->ntags = 0;
}

void
queue_view_refresh(struct screen *scr)
{
	queue_refresh(&scr->stack[0]);
}
