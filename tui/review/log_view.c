#include "tui/review/log_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "queue/review/log.h"
#include "tui/review/aside.h"
#include "tui/review/filter_line.h"
#include "tui/review/hand.h"
#include "tui/review/review.h"
#include "tui/review/second_view.h"
#include "tui/review/task.h"
#include "tui/review/undo.h"
#include "tui/screen/cell.h"
#include "tui/screen/doc.h"
#include "tui/screen/draw.h"

#define PAGE_ROWS	200	/* read at once */
#define PAGES_MAX	50	/* kept; a condition narrows what is more */
#define WHEN_WIDTH	12	/* "Nov 28 09:15" */
#define BY_WIDTH	10
#define WHAT_WIDTH	9
#define DWELL_WIDTH	5
#define ID_WIDTH	18	/* at most */

/* What is listed: its name, what reads it, its columns. */
struct log_kind {
	const char	*name, *title;
	log_fn		*read;
	const struct filter_line *line;
	const char	*what, *rest;	/* headings */
	bool		 dwells;
	bool		 undoes;
};

/* Whether it takes the condition: of no rows. */
static enum status
decided_check(struct session *s, const char *where, struct error *err)
{
	size_t got;

	return log_decided(s, NULL, where, 0, 0, NULL, NULL, &got, err);
}

static enum status
audit_check(struct session *s, const char *where, struct error *err)
{
	size_t got;

	return log_audit(s, NULL, where, 0, 0, NULL, NULL, &got, err);
}

static prompt_fn filter_typed;

static const struct filter_line lines[] = {
	[LOG_DECIDED] = { FILTER_DECIDED, HISTORY_LOG, filter_typed,
	    decided_check },
	[LOG_AUDIT] = { FILTER_AUDIT, HISTORY_LOG, filter_typed, audit_check }
};

static const struct log_kind log_kinds[] = {
	[LOG_DECIDED] = { "decided", "Decided", log_decided, &lines[LOG_DECIDED],
	    "DECISION", "REASON; NOTE", true, true },
	[LOG_AUDIT] = { "audit", "Audit log", log_audit, &lines[LOG_AUDIT],
	    "EVENT", "WHAT", false, false }
};

/* What a thread reads. */
struct log_read {
	const struct log_kind	*kind;
	char			*queue, *where;		/* NULL: all */
	int64_t			 before;
	struct arena		 arena;
	struct log_row	 rows[PAGE_ROWS];
	size_t			 n;
};

struct log_view {
	const struct log_kind	*kind;
	struct log_read	*page[PAGES_MAX];
	struct aside		*of[PAGES_MAX];	/* who read it */
	size_t			 npages;	/* that are there */
	bool			 reading;	/* the one behind them */
	bool			 whole;		/* there are no more */
	size_t			 top, cur, height;
	int			 id_width;	/* of the widest id that was in sight */
	char			 where[FILTER_MAX], typed[FILTER_MAX];
	char			 needle[256];
};

static const struct view_ops log_ops[2];

/* The topmost of these views, or NULL. */
static struct view *
log_find(struct screen *scr)
{
	struct view *v = view_find(scr, &log_ops[LOG_DECIDED]);

	return v != NULL ? v : view_find(scr, &log_ops[LOG_AUDIT]);
}

static size_t
rows_count(const struct log_view *d)
{
	return d->npages == 0 ? 0 : (d->npages - 1) * PAGE_ROWS +
	    d->page[d->npages - 1]->n;
}

static const struct log_row *
row_at(const struct log_view *d, size_t i)
{
	return &d->page[i / PAGE_ROWS]->rows[i % PAGE_ROWS];
}

static enum status
read_run(struct session *s, void *arg, struct error *err)
{
	struct log_read *r = arg;

	return r->kind->read(s, r->queue, r->where, r->before, PAGE_ROWS,
	    &r->arena, r->rows, &r->n, err);
}

static void
read_drop(void *arg)
{
	struct log_read *r = arg;

	arena_release(&r->arena);
	free(r->queue);
	free(r->where);
	free(r);
}

/* The next rows are read aside; the keys go on. */
static void
read_begin(struct view *v)
{
	struct log_view *d = v->data;
	struct review *r = review_of(v->scr);
	struct log_read *page = calloc(1, sizeof(*page));
	struct error err = { STATUS_OK, "" };
	size_t n = rows_count(d);

	if (page == NULL) {
		screen_fail(v->scr, "out of memory");
		return;
	}
	page->kind = d->kind;
	page->before = n == 0 ? INT64_MAX : row_at(d, n - 1)->seq;
	if (r->filter.queue != NULL)
		page->queue = strdup(r->filter.queue);
	if (d->where[0] != '\0')
		page->where = strdup(d->where);
	if ((r->filter.queue != NULL && page->queue == NULL) ||
	    (d->where[0] != '\0' && page->where == NULL) ||
	    aside_start(&d->of[d->npages], r->session, read_run, page,
	    read_drop, &err) != STATUS_OK) {
		read_drop(page);
		screen_fail(v->scr, "%s: %s", d->kind->name, err.code == STATUS_OK ?
		    "out of memory" : err.text);
		return;
	}
	d->page[d->npages] = page;
	d->reading = true;
	v->scr->asides++;
}

static void
log_clear(struct view *v)
{
	struct log_view *d = v->data;
	size_t i;

	if (d->reading)
		v->scr->asides--;
	for (i = 0; i < d->npages + d->reading; i++)
		aside_leave(d->of[i]);
	d->npages = d->top = d->cur = 0;
	d->reading = d->whole = false;
}

static void
log_tick(struct view *v)
{
	struct log_view *d = v->data;
	struct error err = { STATUS_OK, "" };
	enum status st;

	log_proof_tick(v->scr);
	if (!d->reading || !aside_ended(d->of[d->npages], &st, &err))
		return;
	d->reading = false;
	v->scr->asides--;
	if (st != STATUS_OK) {
		aside_leave(d->of[d->npages]);
		d->whole = true;
		screen_fail(v->scr, "%s", err.text);
		return;
	}
	d->whole = d->page[d->npages]->n < PAGE_ROWS;
	d->npages++;
}

static void
cell(int row, int *x, int columns, int width, enum face face, struct slice s)
{
	if (*x < columns)
		(void)draw_text(row, *x, width < columns - *x ? width :
		    columns - *x, face, s);
	*x += width + 1;
}

static void
dwell_text(int64_t ms, char out[16])
{
	int64_t s = ms / 1000;

	if (ms < 0)
		(void)snprintf(out, 16, "    -");
	else if (s < 100)
		(void)snprintf(out, 16, "%4llds", (long long)s);
	else if (s < 6000)
		(void)snprintf(out, 16, "%4lldm", (long long)(s / 60));
	else
		(void)snprintf(out, 16, "%4lldh", (long long)(s / 3600 < 9999 ?
		    s / 3600 : 9999));
}

/* The reasons get what the ids in sight leave. */
static void
ids_fit(struct log_view *d)
{
	size_t i, n = rows_count(d), width;

	for (i = d->top; i < n && i < d->top + d->height; i++) {
		width = text_width(row_at(d, i)->id);
		if (width > (size_t)d->id_width)
			d->id_width = width < ID_WIDTH ? (int)width : ID_WIDTH;
	}
}

static void
row_draw(const struct log_view *d, const struct log_row *r, int row,
    int columns, bool selected)
{
	time_t t = (time_t)(r->ts_ms / 1000);
	char when[32] = "", dwell[16];
	enum face face = r->undone ? FACE_OLD : FACE_TEXT;
	struct buf id = BUF_INIT;
	struct tm tm;
	int x = 2;

	if (localtime_r(&t, &tm) != NULL)
		(void)strftime(when, sizeof(when), "%b %e %H:%M", &tm);
	dwell_text(r->dwell_ms, dwell);
	if (selected)
		(void)draw_label(row, 0, 1, FACE_HEADING, ">");
	cell(row, &x, columns, WHEN_WIDTH, face, slice_of(when));
	cell(row, &x, columns, BY_WIDTH, face, r->by);
	cell(row, &x, columns, WHAT_WIDTH, face, r->what);
	if (d->kind->dwells)
		cell(row, &x, columns, DWELL_WIDTH, face, slice_of(dwell));
	cell_ends(r->id, (size_t)d->id_width, &id);
	cell(row, &x, columns, d->id_width, face, buf_slice(&id));
	buf_release(&id);
	if (x >= columns)
		return;
	if (r->undone)
		x += draw_label(row, x, columns - x, FACE_HINT, "(undone) ");
	if (r->reason.n > 0)
		x += draw_text(row, x, columns - x, FACE_TEXT, r->reason);
	if (r->reason.n > 0 && r->note.n > 0)
		x += draw_label(row, x, columns - x, FACE_TEXT, "; ");
	if (r->note.n > 0)
		(void)draw_text(row, x, columns - x, FACE_TEXT, r->note);
	if (selected)
		draw_paint(row, 0, 2 + WHEN_WIDTH, FACE_SELECTED);
}

/* Keeps the cursor on a row and in sight; reads on where the end is near. */
static void
settle(struct view *v)
{
	struct log_view *d = v->data;
	size_t n = rows_count(d);

	if (n == 0 && d->reading)
		return;
	if (d->cur >= n)
		d->cur = n == 0 ? 0 : n - 1;
	if (d->cur < d->top)
		d->top = d->cur;
	if (d->height > 0 && d->cur >= d->top + d->height)
		d->top = d->cur - d->height + 1;
	if (!d->whole && !d->reading && d->npages < PAGES_MAX &&
	    d->cur + 2 * d->height >= n)
		read_begin(v);
}

static void
log_draw(struct view *v, int top, int bottom)
{
	struct log_view *d = v->data;
	struct review *r = review_of(v->scr);
	struct buf line = BUF_INIT;
	int rows, columns, x = 2;
	size_t i, n;

	draw_size(&rows, &columns);
	d->height = bottom > top + 2 ? (size_t)(bottom - top - 2) : 1;
	settle(v);
	ids_fit(d);
	n = rows_count(d);
	buf_printf(&line, "%s: %s  %zu of %zu%s%s%s%s", d->kind->title,
	    r->filter.queue == NULL ? "all queues" : r->filter.queue,
	    n == 0 ? 0 : d->cur + 1, n, d->whole ? "" : "+",
	    d->reading ? "  (looking)" : "", d->where[0] != '\0' ? "  & " : "",
	    d->typed);
	if (d->kind == &log_kinds[LOG_AUDIT])
		log_proof_text(&r->proof, &line);
	(void)draw_text(top, 0, columns, FACE_HEADER, buf_slice(&line));
	buf_release(&line);
	cell(top + 1, &x, columns, WHEN_WIDTH, FACE_HEADING, SLICE("WHEN"));
	cell(top + 1, &x, columns, BY_WIDTH, FACE_HEADING, SLICE("BY"));
	cell(top + 1, &x, columns, WHAT_WIDTH, FACE_HEADING,
	    slice_of(d->kind->what));
	if (d->kind->dwells)
		cell(top + 1, &x, columns, DWELL_WIDTH, FACE_HEADING,
		    SLICE("DWELL"));
	cell(top + 1, &x, columns, d->id_width, FACE_HEADING, SLICE("ID"));
	cell(top + 1, &x, columns, columns, FACE_HEADING, slice_of(d->kind->rest));
	for (i = 0; i < d->height && d->top + i < n; i++)
		row_draw(d, row_at(d, d->top + i), top + 2 + (int)i,
		    columns, d->top + i == d->cur);
	if (n == 0 && !d->reading)
		(void)draw_label(top + 2, 2, columns, FACE_TEXT,
		    "Nothing is here%s.", d->where[0] == '\0' ? "" :
		    " under this filter");
	v->row = top + 2 + (int)(d->cur - d->top);
	v->column = 0;
}

static void
log_step(struct view *v, enum action action)
{
	struct log_view *d = v->data;
	size_t n = rows_count(d), by = 1;

	switch (action) {
	case ACTION_FIRST:
		d->cur = 0;
		break;
	case ACTION_LAST:
		d->cur = n;
		break;
	case ACTION_DOWN:
	case ACTION_HALF_DOWN:
	case ACTION_PAGE_DOWN:
		by = action == ACTION_DOWN ? 1 : action == ACTION_PAGE_DOWN ?
		    d->height : (d->height + 1) / 2;
		d->cur += by;
		break;
	default:
		by = action == ACTION_UP ? 1 : action == ACTION_PAGE_UP ?
		    d->height : (d->height + 1) / 2;
		d->cur -= by < d->cur ? by : d->cur;
		break;
	}
	deliberate_new(&v->scr->calm);
	settle(v);
}

static void
filter_set(struct view *v, struct slice typed, struct slice where)
{
	struct log_view *d = v->data;

	(void)snprintf(d->typed, sizeof(d->typed), "%.*s", SLICE_ARG(typed));
	(void)snprintf(d->where, sizeof(d->where), "%.*s", SLICE_ARG(where));
	log_clear(v);
	settle(v);
}

static void
filter_typed(struct screen *scr, void *arg, struct slice text)
{
	struct view *v = log_find(scr);
	struct log_view *d = v == NULL ? NULL : v->data;
	struct buf where = BUF_INIT;

	(void)arg;
	if (d == NULL || text.p == NULL)
		return;
	if (filter_line_read(scr, d->kind->line, text, &where))
		filter_set(v, text, buf_slice(&where));
	buf_release(&where);
}

static void
log_filter(struct view *v, enum action action)
{
	struct log_view *d = v->data;

	(void)action;
	filter_line_ask(v->scr, d->kind->line, slice_of(d->typed));
}

static bool
row_has(const struct log_row *r, struct slice needle)
{
	const struct slice texts[] = { r->id, r->by, r->what, r->reason,
	    r->note };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].p != NULL && doc_search(texts[i], 0, needle) !=
		    (size_t)-1)
			return true;
	}
	return false;
}

static void
search(struct view *v, bool backward)
{
	struct log_view *d = v->data;
	size_t n = rows_count(d), i, at;

	for (i = 1; i <= n; i++) {
		at = backward ? (d->cur + n - i) % n : (d->cur + i) % n;
		if (row_has(row_at(d, at), slice_of(d->needle))) {
			d->cur = at;
			settle(v);
			return;
		}
	}
	screen_fail(v->scr, "not found: %s%s", d->needle, d->whole ? "" :
	    " among what was read so far");
}

static void
needle_typed(struct screen *scr, void *arg, struct slice text)
{
	struct view *v = log_find(scr);
	struct log_view *d = v == NULL ? NULL : v->data;

	(void)arg;
	if (d == NULL || text.n == 0)
		return;
	(void)snprintf(d->needle, sizeof(d->needle), "%.*s", SLICE_ARG(text));
	search(v, false);
}

static void
log_search(struct view *v, enum action action)
{
	const struct log_view *d = v->data;

	if (action == ACTION_SEARCH) {
		prompt_line(v->scr, "/", SLICE(""), needle_typed, NULL);
		prompt_recall(v->scr, HISTORY_SEARCH, NULL);
	} else if (d->needle[0] == '\0')
		screen_say(v->scr, "nothing to search for yet");
	else
		search(v, action == ACTION_PREV_MATCH);
}

/* The item of a row; false, and said why, where there is none. */
static bool
row_item(struct screen *scr, const struct log_row *r, int64_t *item)
{
	struct error err = { STATUS_OK, "" };
	char id[ITEM_NAME_MAX + 16], queue[ITEM_NAME_MAX + 1];

	*item = r->item;
	if (r->item >= 0)
		return true;
	if (r->id.p == NULL) {
		screen_say(scr, "it is about no item");
		return false;
	}
	(void)snprintf(id, sizeof(id), "%.*s", SLICE_ARG(r->id));
	(void)snprintf(queue, sizeof(queue), "%.*s", SLICE_ARG(r->queue));
	if (list_find(review_of(scr)->session, id, r->queue.p == NULL ? NULL :
	    queue, item, &err) == STATUS_OK)
		return true;
	screen_fail(scr, "%s", err.text);
	return false;
}

static void
log_open(struct view *v, enum action action)
{
	const struct log_view *d = v->data;
	int64_t item;

	(void)action;
	if (row_item(v->scr, row_at(d, d->cur), &item))
		task_look(v->scr, item);
}

static void
log_undo(struct view *v, enum action action)
{
	const struct log_view *d = v->data;

	(void)action;
	if (!d->kind->undoes)
		screen_say(v->scr, "D lists what can be undone");
	else if (row_at(d, d->cur)->undone)
		screen_say(v->scr, "it is undone already");
	else
		task_undo_item(v->scr, row_at(d, d->cur)->item, 0);
}

static void
log_copy(struct view *v, enum action action)
{
	const struct log_view *d = v->data;

	(void)action;
	hand_copy(v->scr, "the id is", row_at(d, d->cur)->id);
}

static void
log_write(struct view *v, enum action action)
{
	const struct log_view *d = v->data;

	(void)action;
	if (d->kind->undoes)
		hand_export(v->scr, d->where);
	else
		screen_say(v->scr, "audit export writes the log");
}

static void
log_second(struct view *v, enum action action)
{
	const struct log_view *d = v->data;

	(void)action;
	if (d->kind->undoes)
		second_view_show(v->scr, d->where);
	else
		screen_say(v->scr, "D lists what a second look is taken at");
}

static void
log_back(struct view *v, enum action action)
{
	(void)action;
	view_pop(v->scr);
}

/* One level back: a filter first. */
static void
log_stop(struct view *v, enum action action)
{
	const struct log_view *d = v->data;

	if (d->where[0] == '\0') {
		log_back(v, action);
		return;
	}
	filter_set(v, SLICE(""), SLICE(""));
	screen_say(v->scr, FILTER_GONE);
}

static unsigned
log_holds(const struct view *v)
{
	return rows_count(v->data) > 0 ? NEED_ITEM : 0;
}

/* What was decided meanwhile stands above: it is read anew. */
static void
log_refresh(struct view *v)
{
	struct log_view *d = v->data;
	size_t top = d->top, cur = d->cur;

	log_clear(v);
	if (cur < PAGE_ROWS) {
		d->top = top;
		d->cur = cur;
	}
	read_begin(v);
}

static void
log_close(struct view *v)
{
	log_clear(v);
	log_proof_leave(v->scr);
	free(v->data);
}

static const struct view_action log_actions[] = {
	{ ACTION_DOWN, NEED_TOP, log_step },
	{ ACTION_UP, NEED_TOP, log_step },
	{ ACTION_HALF_DOWN, NEED_TOP, log_step },
	{ ACTION_HALF_UP, NEED_TOP, log_step },
	{ ACTION_PAGE_DOWN, NEED_TOP, log_step },
	{ ACTION_PAGE_UP, NEED_TOP, log_step },
	{ ACTION_FIRST, NEED_TOP, log_step },
	{ ACTION_LAST, NEED_TOP, log_step },
	{ ACTION_OPEN, NEED_TOP, log_open },
	{ ACTION_UNDO, NEED_TOP | NEED_ITEM, log_undo },
	{ ACTION_FILTER, NEED_TOP, log_filter },
	{ ACTION_SEARCH, NEED_TOP, log_search },
	{ ACTION_NEXT_MATCH, NEED_TOP, log_search },
	{ ACTION_PREV_MATCH, NEED_TOP, log_search },
	{ ACTION_COPY, NEED_TOP | NEED_ITEM, log_copy },
	{ ACTION_WRITE, NEED_TOP, log_write },
	{ ACTION_SECOND, NEED_TOP, log_second },
	{ ACTION_BACK, NEED_TOP, log_back },
	{ ACTION_STOP, NEED_TOP, log_stop },
	{ ACTION_NONE, 0, NULL }
};

static const enum action log_hints[] = {
	ACTION_OPEN, ACTION_UNDO, ACTION_SECOND, ACTION_FILTER, ACTION_SEARCH,
	ACTION_WRITE, ACTION_BACK, ACTION_HELP, ACTION_NONE
};

static const enum action audit_hints[] = {
	ACTION_OPEN, ACTION_FILTER, ACTION_SEARCH, ACTION_COPY, ACTION_BACK,
	ACTION_HELP, ACTION_NONE
};

#define LOG_OPS(h) { \
	.keys = KEYS_QUEUE, .actions = log_actions, .draw = log_draw, \
	.holds = log_holds, .refresh = log_refresh, \
	.tick = log_tick, .close = log_close, .hints = h \
}
static const struct view_ops log_ops[] = {
	[LOG_DECIDED] = LOG_OPS(log_hints), [LOG_AUDIT] = LOG_OPS(audit_hints)
};

void
log_view_show(struct screen *scr, enum log_list list)
{
	struct log_view *d = calloc(1, sizeof(*d));

	if (d == NULL || view_push(scr, &log_ops[list], d) == NULL) {
		free(d);
		screen_fail(scr, "%s: out of memory", log_kinds[list].name);
		return;
	}
	d->kind = &log_kinds[list];
	d->id_width = 2;	/* of its title */
	if (list == LOG_AUDIT)
		log_proof_begin(scr);
	read_begin(view_top(scr));
}

bool
log_view_beside(struct screen *scr, bool backward, int64_t *item)
{
	struct view *v = log_find(scr);
	struct log_view *d = v == NULL ? NULL : v->data;
	size_t n = d == NULL ? 0 : rows_count(d);

	while (n > 0 && (backward ? d->cur > 0 : d->cur + 1 < n)) {
		d->cur += backward ? (size_t)-1 : 1;
		if (row_at(d, d->cur)->id.p != NULL)
			return row_item(scr, row_at(d, d->cur), item);
	}
	return false;
}
