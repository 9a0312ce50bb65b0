#include "tui/review/queue_view.h"

#include <stdio.h>
#include <stdlib.h>

#include "tui/review/columns.h"
#include "tui/review/compare.h"
#include "tui/review/count.h"
#include "tui/review/found_view.h"
#include "tui/review/hand.h"
#include "tui/review/log_view.h"
#include "tui/review/prompts_view.h"
#include "tui/review/queue_filter.h"
#include "tui/review/queue_head.h"
#include "tui/review/queue_list.h"
#include "tui/review/queue_row.h"
#include "tui/review/review.h"
#include "tui/review/runs_view.h"
#include "tui/review/search.h"
#include "tui/review/stats_view.h"
#include "tui/review/tagged.h"
#include "tui/review/undo.h"
#include "tui/screen/draw.h"

static void
row_draw(struct view *v, int row, const struct list_row *r, bool selected,
    const int width[COLUMN_COUNT])
{
	struct queue_list *q = v->data;
	struct buf text = BUF_INIT;
	int i, x = COLUMN_MARKS;

	/* A blank in another look would cost its bytes on every row. */
	if (selected)
		(void)draw_label(row, 0, 1, FACE_HEADING, ">");
	if (tags_has(&q->tags, r->item) || r->lease_by.p != NULL)
		(void)draw_label(row, 1, 1, FACE_HEADING, "%c",
		    tags_has(&q->tags, r->item) ? '+' : r->lease_mine ? '*' : 'o');
	for (i = 0; i < COLUMN_COUNT; i++) {
		if (width[i] == 0)
			continue;
		(void)draw_text(row, x, width[i], FACE_TEXT,
		    queue_row_text(r, v->scr->now_ms, i, width[i], &text));
		x += width[i] + 1;
	}
	if (selected && width[COLUMN_AGE] > 0)
		draw_paint(row, 0, COLUMN_MARKS + width[COLUMN_AGE],
		    FACE_SELECTED);
	buf_release(&text);
}

static void
group_draw(struct view *v, int row, int columns, int64_t priority)
{
	struct review *r = review_of(v->scr);
	struct queue_list *q = v->data;
	struct buf text = BUF_INIT;

	buf_puts(&text, "-- ");
	queue_group_text(&text, r->session->policy, &r->filter, priority,
	    queue_group_count(&q->groups, r->session, &r->filter, priority));
	(void)draw_text(row, 0, columns, FACE_HEADING, buf_slice(&text));
	buf_release(&text);
}

/* The rows, each priority with its heading. */
static void
rows_draw(struct view *v, int top, int columns, const int width[COLUMN_COUNT])
{
	struct queue_list *q = v->data;
	int line = top;
	size_t i;

	for (i = 0; i < q->rows.n; i++) {
		if (rows_headed(&q->rows, i))
			group_draw(v, line++, columns,
			    rows_at(&q->rows, i)->priority);
		if (i == q->rows.sel)
			v->row = line;
		row_draw(v, line++, rows_at(&q->rows, i), i == q->rows.sel,
		    width);
	}
}

static void
queue_draw(struct view *v, int top, int bottom)
{
	struct review *r = review_of(v->scr);
	struct queue_list *q = v->data;
	int rows, columns, width[COLUMN_COUNT], waits;

	draw_size(&rows, &columns);
	columns_fit(columns, r->filter.queue != NULL, width);
	waits = q->nwaits < WAITS_SHOWN ? (int)q->nwaits : WAITS_SHOWN;
	if (rows_height(&q->rows, bottom - top - 2 - waits))
		queue_list_refresh(v);
	queue_head_draw(v, top, columns);
	top += queue_head_waits(v, top + 1, columns);
	queue_head_titles(v, top + 1, width, columns);
	v->row = top + 2;
	if (bottom > top + 2)
		rows_draw(v, top + 2, columns, width);
	if (q->rows.n == 0)
		(void)draw_label(top + 2, COLUMN_MARKS, columns, FACE_TEXT,
		    q->sift.running ? "Nothing %s is found so far%s." :
		    "Nothing is %s here%s.", queue_head_state(r->filter.state),
		    r->filter.where == NULL ? "" : " under this filter");
	v->column = 0;
}

static void
queue_state(struct view *v, enum action action)
{
	struct review *r = review_of(v->scr);
	struct list_filter f = r->filter;

	f.state = action == ACTION_FLAGGED ? LIST_FLAGGED : LIST_ESCALATED;
	f.sort = SORT_DUE;
	if (queue_list_filter(v->scr, &f))
		screen_say(v->scr, "%s", queue_head_state(r->filter.state));
}

/* One level back: from another list to the one begun with. */
static void
queue_back(struct view *v, enum action action)
{
	struct review *r = review_of(v->scr);

	if (r->filter.state == r->home)
		v->scr->leave = true;
	else
		queue_state(v, r->home == LIST_ESCALATED ? ACTION_ESCALATED :
		    ACTION_FLAGGED);
	(void)action;
}

/* Ends a filter; without one it is one level back, but never out of the review. */
static void
queue_stop(struct view *v, enum action action)
{
	const struct review *r = review_of(v->scr);
	const struct queue_list *q = v->data;

	if (!q->sift.running && r->filter.where == NULL &&
	    r->filter.state != r->home)
		queue_back(v, action);
	else
		queue_filter_stop(v, action);
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
	if (queue_list_filter(scr, &f))
		screen_say(scr, "sorted by %s", queue_head_sort(r->filter.sort));
}

static void
list_search(struct screen *scr, bool backward)
{
	struct queue_list *q = queue_list_of(scr);
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
	struct queue_list *q = queue_list_of(scr);

	(void)arg;
	if (text.n == 0 || found_view_show(scr, text))
		return;
	(void)snprintf(q->needle, sizeof(q->needle), "%.*s", SLICE_ARG(text));
	list_search(scr, false);
}

static void
queue_search(struct view *v, enum action action)
{
	(void)action;
	prompt_line(v->scr, "/", SLICE(""), needle_typed, NULL);
	prompt_recall(v->scr, HISTORY_SEARCH, NULL);
}

static void
queue_match(struct view *v, enum action action)
{
	list_search(v->scr, action == ACTION_PREV_MATCH);
}

/* All that the filter holds for, however many; once more, none. */
static void
queue_tag_all(struct view *v, enum action action)
{
	struct queue_list *q = v->data;
	char n[COUNT_TEXT];

	(void)action;
	tags_all(&q->tags);
	if (!q->tags.all)
		screen_say(v->scr, "nothing is tagged");
	else if (q->rows.total < 0)
		screen_say(v->scr, "all of the list are tagged");
	else
		screen_say(v->scr, "all %s of the list are tagged%s",
		    count_text(q->rows.total, n), q->sift.running ?
		    " so far, and what is found yet" : "");
}

static void
queue_tag(struct view *v, enum action action)
{
	struct queue_list *q = v->data;
	struct review *r = review_of(v->scr);
	struct error err = { STATUS_OK, "" };

	(void)action;
	if (!tags_toggle(&q->tags, rows_at(&q->rows, q->rows.sel)->item))
		screen_fail(v->scr, "out of memory");
	if (rows_move(&q->rows, r->session, &r->filter, 1, &err) != STATUS_OK)
		screen_fail(v->scr, "%s", err.text);
}

static void
tagged_decide(struct view *v, enum action action)
{
	enum decision decision = action == ACTION_ACCEPT ? DECISION_ACCEPT :
	    action == ACTION_REJECT ? DECISION_REJECT : DECISION_ESCALATE;

	v->actions = v->ops->actions;
	task_tagged(v->scr, decision, false);
}

static void
tagged_again(struct view *v, enum action action)
{
	const struct task *t = &review_of(v->scr)->task;

	(void)action;
	v->actions = v->ops->actions;
	if (!t->any_last)
		screen_fail(v->scr, "nothing was decided in this session yet");
	else if (t->last != DECISION_ACCEPT && t->last != DECISION_REJECT &&
	    t->last != DECISION_ESCALATE)
		screen_fail(v->scr, "%s: not for several items",
		    decision_name(t->last));
	else
		task_tagged(v->scr, t->last, true);
}

static void
tagged_refuse(struct view *v, enum action action)
{
	v->actions = v->ops->actions;
	if (action == ACTION_NONE)
		screen_fail(v->scr, "that key does nothing for several items; "
		    "nothing was done");
	else
		screen_fail(v->scr, "%s: not for several items",
		    action_rows[action].name);
}

static void
queue_copy(struct view *v, enum action action)
{
	const struct queue_list *q = v->data;

	(void)action;
	hand_copy(v->scr, "the id is", rows_at(&q->rows, q->rows.sel)->id);
}

static void
queue_log(struct view *v, enum action action)
{
	log_view_show(v->scr, action == ACTION_AUDIT ? LOG_AUDIT : LOG_DECIDED);
}

static void
queue_loop(struct view *v, enum action action)
{
	if (action == ACTION_RUNS)
		runs_view_show(v->scr);
	else
		prompts_view_show(v->scr);
}

static void
queue_stats(struct view *v, enum action action)
{
	(void)action;
	stats_view_show(v->scr);
}

/* Of the callers shown, the first whose item nobody else holds. */
static void
queue_waiting(struct view *v, enum action action)
{
	const struct queue_list *q = v->data;
	struct session *s = review_of(v->scr)->session;
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	struct list_row row;
	int64_t item, first = -1;
	size_t i;

	(void)action;
	for (i = 0; i < q->nwaits && i < WAITS_SHOWN; i++) {
		if (list_find(s, q->waits[i].id, q->waits[i].queue, &item,
		    &err) != STATUS_OK || list_row_get(s, item, &arena, &row,
		    &err) != STATUS_OK) {
			error_clear(&err);
			continue;
		}
		first = first < 0 ? item : first;
		if (row.lease_by.p == NULL || row.lease_mine)
			break;
	}
	if (first < 0)
		screen_say(v->scr, "no caller of a gateway waits for a "
		    "person; who waits for /v1/items is not known here");
	else
		task_open(v->scr, i < q->nwaits && i < WAITS_SHOWN ? item :
		    first);
	arena_release(&arena);
}

static void
queue_diff(struct view *v, enum action action)
{
	const struct queue_list *q = v->data;

	(void)action;
	compare_tagged(v->scr, rows_at(&q->rows, q->rows.sel)->item);
}

/* In force until the next key, in place of the list's own.  The reasons asked
 * for are those of the row at the cursor, so there must be one. */
static const struct view_action tagged_actions[] = {
	{ ACTION_ACCEPT, NEED_TOP | NEED_ITEM, tagged_decide },
	{ ACTION_REJECT, NEED_TOP | NEED_ITEM, tagged_decide },
	{ ACTION_ESCALATE, NEED_TOP | NEED_ITEM, tagged_decide },
	{ ACTION_AGAIN, NEED_TOP | NEED_ITEM, tagged_again },
	{ ACTION_BACK, NEED_TOP, tagged_refuse },
	{ ACTION_ANY, NEED_TOP, tagged_refuse },
	{ ACTION_NONE, 0, NULL }
};

/* `;`: the next key is for all the tagged. */
static void
queue_tagged(struct view *v, enum action action)
{
	const struct queue_list *q = v->data;
	int64_t n = queue_list_tagged(q);
	char text[COUNT_TEXT];

	(void)action;
	if (!tags_any(&q->tags)) {
		screen_fail(v->scr, "nothing is tagged: t tags an item, T all of "
		    "the list");
		return;
	}
	v->actions = tagged_actions;
	screen_say(v->scr, "for %s%s tagged: accept, reject, escalate, or = "
	    "again?", q->sift.running && q->tags.all ? "at least " : "",
	    count_text(n, text));
}

static void
queue_step(struct view *v, enum action action)
{
	struct queue_list *q = v->data;
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
	struct queue_list *q = v->data;
	struct review *r = review_of(v->scr);
	struct error err = { STATUS_OK, "" };

	if (rows_end(&q->rows, r->session, &r->filter, action == ACTION_LAST,
	    &err) != STATUS_OK)
		screen_fail(v->scr, "%s", err.text);
}

static void
queue_open(struct view *v, enum action action)
{
	const struct queue_list *q = v->data;

	(void)action;
	task_open(v->scr, rows_at(&q->rows, q->rows.sel)->item);
}

/* The row's own decision only where the list is of what was decided on. */
static void
queue_undo(struct view *v, enum action action)
{
	const struct queue_list *q = v->data;
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
	{ ACTION_FILTER, NEED_TOP, queue_filter_ask },
	{ ACTION_STOP, NEED_TOP, queue_stop },
	{ ACTION_SORT, NEED_TOP, queue_sort },
	{ ACTION_FLAGGED, NEED_TOP, queue_state },
	{ ACTION_ESCALATED, NEED_TOP, queue_state },
	{ ACTION_BACK, NEED_TOP, queue_back },
	{ ACTION_DECIDED, NEED_TOP, queue_log },
	{ ACTION_AUDIT, NEED_TOP, queue_log },
	{ ACTION_WAITING, NEED_TOP, queue_waiting },
	{ ACTION_STATS, 0, queue_stats },
	{ ACTION_RUNS, 0, queue_loop },
	{ ACTION_PROMPTS, 0, queue_loop },
	{ ACTION_TAG, NEED_TOP, queue_tag },
	{ ACTION_TAG_ALL, NEED_TOP, queue_tag_all },
	{ ACTION_TAGGED, NEED_TOP, queue_tagged },
	{ ACTION_UNDO, NEED_TOP, queue_undo },
	{ ACTION_DIFF, NEED_TOP | NEED_ITEM, queue_diff },
	{ ACTION_COPY, NEED_TOP | NEED_ITEM, queue_copy },
	{ ACTION_WRITE, NEED_TOP, hand_write_list },
	{ ACTION_NONE, 0, NULL }
};

/* What is done to the tagged asks first, so its key need not be calm. */
static unsigned
queue_holds(const struct view *v)
{
	const struct queue_list *q = v->data;

	return (q->rows.n > 0 ? (unsigned)NEED_ITEM : 0) |
	    (v->actions == tagged_actions ?
	    (unsigned)(NEED_LEASE | NEED_CALM) : 0);
}

static void
queue_close(struct view *v)
{
	struct queue_list *q = v->data;

	sift_end(&q->sift, v->scr);
	sift_end(&q->next, v->scr);
	rows_release(&q->rows);
	tags_clear(&q->tags);
	free(q);
}

static const enum action queue_hints[] = {
	ACTION_OPEN, ACTION_UNDO, ACTION_FILTER, ACTION_DECIDED,
	ACTION_ESCALATED, ACTION_SEARCH, ACTION_HELP, ACTION_QUIT, ACTION_SORT,
	ACTION_NONE
};

static const struct view_ops queue_ops = {
	.keys = KEYS_QUEUE, .actions = queue_actions, .draw = queue_draw,
	.holds = queue_holds, .refresh = queue_list_refresh, .tick = queue_list_tick,
	.close = queue_close, .hints = queue_hints, .hint = queue_head_hint
};

enum status
queue_view_open(struct screen *scr, struct error *err)
{
	struct review *r = review_of(scr);
	struct queue_list *q = calloc(1, sizeof(*q));
	enum status st;

	if (q == NULL || !rows_init(&q->rows)) {
		free(q);
		return error_nomem(err);
	}
	q->counts.oldest_ms = -1;
	(void)view_push(scr, &queue_ops, q);
	/* A wrong --where is told before the screen begins. */
	st = queue_list_check(r->session, r->filter.where, err);
	if (st == STATUS_OK)
		st = queue_list_take(scr, &r->filter, err);
	return st;
}

void
queue_view_select(struct screen *scr, const struct list_row *row)
{
	struct queue_list *q = queue_list_of(scr);
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
	return queue_list_of(scr)->sift.running;
}

void
queue_view_untag(struct screen *scr)
{
	tags_clear(&queue_list_of(scr)->tags);
}

void
queue_view_refresh(struct screen *scr)
{
	queue_list_refresh(&scr->stack[0]);
}
