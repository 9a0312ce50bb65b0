#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tui/review/columns.h"
#include "tui/screen/doc.h"
#include "tui/review/rows.h"
#include "tui/review/views.h"

#define TAGS_MAX	1000
#define SEARCH_MAX	5000	/* rows that one search looks through */
#define SEARCH_STEP	200
#define LOOK_REST	50	/* times as long as the look took */

struct queue_view {
	struct rows		 rows;
	struct list_counts	 counts;
	int64_t			 tags[TAGS_MAX];
	size_t			 ntags;
	bool			 armed;		/* the next key is for the tagged */
	int64_t			 rest_until;	/* monotonic ms: see queue_tick() */
	char			 needle[256];
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
	struct queue_view *q = v->data;
	struct error err = { STATUS_OK, "" };

	if (list_counts_get(v->scr->session, v->scr->filter.queue, &q->counts,
	    &err) != STATUS_OK)
		screen_fail(v->scr, "%s", err.text);
}

static void
queue_refresh(struct view *v)
{
	struct queue_view *q = v->data;
	struct error err = { STATUS_OK, "" };

	counts_read(v);
	if (rows_load(&q->rows, v->scr->session, &v->scr->filter, &err) !=
	    STATUS_OK)
		screen_fail(v->scr, "%s", err.text);
}

static int64_t
monotonic_ms(void)
{
	struct timespec ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Looks for others' work; after a slow look (a filter over many rows) the
 * screen rests, so that the store and the keys are not kept busy by it. */
static void
queue_tick(struct view *v)
{
	struct queue_view *q = v->data;
	int64_t start = monotonic_ms();

	if (start < q->rest_until)
		return;
	queue_refresh(v);
	q->rest_until = monotonic_ms() + (monotonic_ms() - start) * LOOK_REST;
}

static const char *
store_title(const struct screen *scr)
{
	const char *path = store_path(scr->session->store), *slash;

	slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}

static void
header_draw(struct view *v, int row, int columns)
{
	struct queue_view *q = v->data;
	const struct list_counts *c = &q->counts;
	struct buf line = BUF_INIT;
	char age[16];

	buf_printf(&line, "%s%s  %s  %lld flagged  %lld escalated  %lld mine",
	    store_is_test(v->scr->session->store) ? "test store " : "",
	    store_title(v->scr), v->scr->filter.queue == NULL ? "all queues" :
	    v->scr->filter.queue, (long long)(c->flagged + c->review),
	    (long long)c->escalated, (long long)c->mine);
	if (c->oldest_ms >= 0) {
		minutes_text(time_between(c->oldest_ms, v->scr->now_ms), age);
		buf_printf(&line, "  oldest %s", age);
	}
	if (c->breached > 0)
		buf_printf(&line, "  %lld%s late", (long long)c->breached,
		    c->breached >= 1000 ? "+" : "");
	buf_printf(&line, "  %s", v->scr->session->who.name);
	(void)draw_text(row, 0, columns, FACE_HEADER, (struct slice){
	    buf_str(&line), line.n });
	buf_release(&line);
}

static void
titles_draw(struct view *v, int row, const int width[COLUMN_COUNT], int columns)
{
	const struct list_filter *f = &v->scr->filter;
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

/* A JSON array of names without what marks it as one. */
static void
guards_add(struct buf *out, struct slice guards)
{
	bool within = false;
	size_t i;

	for (i = 0; i < guards.n; i++) {
		if (guards.p[i] == '"')
			within = !within;
		else if (within || guards.p[i] == ',')
			buf_putc(out, guards.p[i]);
		if (guards.p[i] == '\\' && i + 1 < guards.n)
			buf_putc(out, guards.p[++i]);
	}
}

/*
 * The rule, and the guards that failed: "large refund (pii, tone)"; where no
 * rule matched, the guards come first, since the column may be narrow.
 */
static void
why_text(const struct list_row *r, struct buf *out)
{
	bool matched = !slice_is(r->rule, "no rule matched");

	if (!matched && r->guards.n > 2) {
		guards_add(out, r->guards);
		buf_puts(out, ": ");
	}
	buf_add_slice(out, r->rule);
	if (matched && r->guards.n > 2) {
		buf_puts(out, " (");
		guards_add(out, r->guards);
		buf_putc(out, ')');
	}
}

static struct slice
column_text(const struct screen *scr, const struct list_row *r, int column,
    struct buf *out)
{
	char age[16];

	buf_clear(out);
	switch (column) {
	case COLUMN_AGE:
		minutes_text(time_between(r->ingested_ms, scr->now_ms),
		    age);
		buf_printf(out, "%4s", age);
		break;
	case COLUMN_DUE:
		minutes_text(llabs(time_between(scr->now_ms, r->due_ms)), age);
		if (r->due_ms >= 0)
			buf_printf(out, "%s%s", r->due_ms < scr->now_ms ? "!" :
			    "", age);
		break;
	case COLUMN_CONFIDENCE:
		if (!isnan(r->confidence))
			buf_printf(out, "%.2f", r->confidence);
		else
			buf_puts(out, "   -");
		break;
	case COLUMN_WHY:
		why_text(r, out);
		break;
	case COLUMN_MODEL:
		return r->model;
	default:
		return r->snippet;
	}
	return buf_slice(out);
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
		    column_text(v->scr, r, i, &text));
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
		    "Nothing is %s here%s.", state_titles[v->scr->filter.state],
		    v->scr->filter.where == NULL ? "" : " under this filter");
	v->row = top + 2 + (int)q->rows.sel;
	v->column = 0;
}

/* What is done to the tagged asks first, so its key need not be calm. */
static unsigned
queue_holds(const struct view *v)
{
	const struct queue_view *q = v->data;

	return (q->rows.n > 0 ? (unsigned)NEED_ITEM : 0) |
	    (q->armed ? (unsigned)(NEED_LEASE | NEED_CALM) : 0);
}

/* Takes over a filter, unless the store refuses it. */
static void
filter_set(struct screen *scr, const struct list_filter *f)
{
	struct queue_view *q = queue_of(scr);
	struct error err = { STATUS_OK, "" };

	deliberate_new(&scr->calm);
	rows_reset(&q->rows);
	if (rows_load(&q->rows, scr->session, f, &err) != STATUS_OK) {
		screen_fail(scr, "%s", err.text);
		queue_refresh(&scr->stack[0]);
		return;
	}
	/* What is no longer shown must not be decided on. */
	if (f->state != scr->filter.state || f->where != scr->filter.where)
		q->ntags = 0;
	if (f->where != NULL && f->where != scr->where)
		(void)snprintf(scr->where, sizeof(scr->where), "%s", f->where);
	scr->filter = *f;
	scr->filter.where = f->where == NULL ? NULL : scr->where;
	counts_read(&scr->stack[0]);
}

static void
filter_typed(struct screen *scr, void *arg, struct slice text)
{
	struct list_filter f = scr->filter;

	(void)arg;
	if (text.p == NULL)
		return;
	if (text.n >= sizeof(scr->where)) {
		screen_fail(scr, "filter: longer than %zu bytes",
		    sizeof(scr->where) - 1);
		return;
	}
	f.where = text.n == 0 ? NULL : text.p;
	filter_set(scr, &f);
}

static void
list_state(struct screen *scr, enum action action)
{
	struct list_filter f = scr->filter;

	if (action == ACTION_FLAGGED)
		f.state = LIST_FLAGGED;
	else if (action == ACTION_ESCALATED)
		f.state = LIST_ESCALATED;
	else
		f.state = f.state >= LIST_ACCEPTED && f.state < LIST_REJECTED ?
		    f.state + 1 : LIST_ACCEPTED;
	f.sort = SORT_DUE;
	filter_set(scr, &f);
	screen_say(scr, "%s", state_titles[scr->filter.state]);
}

static void
list_sort(struct screen *scr)
{
	struct list_filter f = scr->filter;

	if (f.state != LIST_FLAGGED) {
		screen_fail(scr, "only the flagged can be sorted");
		return;
	}
	f.sort = f.sort == SORT_CONFIDENCE ? SORT_DUE : f.sort + 1;
	filter_set(scr, &f);
	screen_say(scr, "sorted by %s", sort_titles[scr->filter.sort]);
}

static bool
row_matches(const struct list_row *r, struct slice needle)
{
	const struct slice texts[] = { r->id, r->rule, r->guards, r->model,
	    r->prompt, r->snippet };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].p != NULL &&
		    doc_search(texts[i], 0, needle) != (size_t)-1)
			return true;
	}
	return false;
}

/* The first match among rows that were read, in the direction of the search. */
static const struct list_row *
match_in(const struct list_row *rows, size_t n, bool backward,
    struct slice needle)
{
	size_t i, at;

	for (i = 0; i < n; i++) {
		at = backward ? n - 1 - i : i;
		if (row_matches(&rows[at], needle))
			return &rows[at];
	}
	return NULL;
}

/* Looks through the list from the cursor on, a step of rows at a time. */
static enum status
search_from(struct screen *scr, bool backward, struct list_row *rows,
    struct arena *arena, struct error *err)
{
	struct queue_view *q = queue_of(scr);
	struct list_row from = *rows_at(&q->rows, q->rows.sel);
	const struct list_row *hit;
	size_t got = SEARCH_STEP, seen;
	enum status st;

	for (seen = 0; got == SEARCH_STEP && seen < SEARCH_MAX; seen += got) {
		st = list_page(scr->session, &scr->filter, &from, backward,
		    SEARCH_STEP, arena, rows, &got, err);
		if (st != STATUS_OK)
			return st;
		hit = match_in(rows, got, backward, slice_of(q->needle));
		if (hit != NULL)
			return rows_show(&q->rows, scr->session, &scr->filter,
			    hit, err);
		if (got > 0)
			from = rows[backward ? 0 : got - 1];
	}
	if (got == SEARCH_STEP)
		return error_set(err, STATUS_NOT_FOUND, "not in the %s %zu items: "
		    "%s; & looks through all", backward ? "previous" : "next",
		    seen, q->needle);
	return error_set(err, STATUS_NOT_FOUND, "not found: %s", q->needle);
}

static void
queue_search(struct screen *scr, bool backward)
{
	struct queue_view *q = queue_of(scr);
	struct list_row *rows = calloc(SEARCH_STEP, sizeof(*rows));
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };

	if (rows == NULL)
		screen_fail(scr, "out of memory");
	else if (q->needle[0] == '\0' || q->rows.n == 0)
		screen_say(scr, "nothing to search for yet");
	else if (search_from(scr, backward, rows, &arena, &err) != STATUS_OK)
		screen_fail(scr, "%s", err.text);
	arena_release(&arena);
	free(rows);
}

static void
needle_typed(struct screen *scr, void *arg, struct slice text)
{
	struct queue_view *q = queue_of(scr);

	(void)arg;
	if (text.n == 0)
		return;
	(void)snprintf(q->needle, sizeof(q->needle), "%.*s", SLICE_ARG(text));
	queue_search(scr, false);
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
tag_all(struct screen *scr)
{
	struct queue_view *q = queue_of(scr);
	struct list_row *r = calloc(TAGS_MAX + 1, sizeof(*r));
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	size_t got = 0, i;

	if (r == NULL)
		screen_fail(scr, "out of memory");
	else if (list_page(scr->session, &scr->filter, NULL, false,
	    TAGS_MAX + 1, &arena, r, &got, &err) != STATUS_OK)
		screen_fail(scr, "%s", err.text);
	else if (q->ntags > 0 && all_tagged(q, r, got < TAGS_MAX ? got :
	    TAGS_MAX)) {
		q->ntags = 0;
		screen_say(scr, "nothing is tagged");
	} else {
		q->ntags = 0;
		for (i = 0; i < got && i < TAGS_MAX; i++)
			q->tags[q->ntags++] = r[i].item;
		screen_say(scr, "%s%zu tagged", got > TAGS_MAX ?
		    "only the first " : "", q->ntags);
	}
	arena_release(&arena);
	free(r);
}

/* `;` and a decision: on all the tagged. */
static bool
tagged_act(struct screen *scr, enum action action)
{
	struct queue_view *q = queue_of(scr);
	enum decision decision;

	q->armed = false;
	if (action == ACTION_ACCEPT)
		decision = DECISION_ACCEPT;
	else if (action == ACTION_REJECT)
		decision = DECISION_REJECT;
	else if (action == ACTION_ESCALATE)
		decision = DECISION_ESCALATE;
	else {
		screen_fail(scr, "%s: not for several items",
		    action_rows[action].name);
		return true;
	}
	task_batch(scr, decision, q->tags, q->ntags,
	    policy_queue(scr->session->policy,
	    rows_at(&q->rows, q->rows.sel)->queue));
	return true;
}

static bool
tag_act(struct screen *scr, enum action action)
{
	struct queue_view *q = queue_of(scr);
	struct error err = { STATUS_OK, "" };

	if (action == ACTION_TAG_ALL)
		tag_all(scr);
	else if (action == ACTION_TAGGED && q->ntags == 0)
		screen_fail(scr, "nothing is tagged");
	else if (action == ACTION_TAGGED) {
		q->armed = true;
		screen_say(scr, "for %zu tagged: accept, reject or escalate?",
		    q->ntags);
	} else {
		tag_toggle(q, rows_at(&q->rows, q->rows.sel)->item);
		if (rows_move(&q->rows, scr->session, &scr->filter, 1, &err) !=
		    STATUS_OK)
			screen_fail(scr, "%s", err.text);
	}
	return true;
}

static bool
queue_move(struct view *v, enum action action)
{
	struct queue_view *q = v->data;
	long height = (long)q->rows.height, by;
	struct error err = { STATUS_OK, "" };
	enum status st;

	switch (action) {
	case ACTION_DOWN: by = 1; break;
	case ACTION_UP: by = -1; break;
	case ACTION_HALF_DOWN: by = (height + 1) / 2; break;
	case ACTION_HALF_UP: by = -(height + 1) / 2; break;
	case ACTION_PAGE_DOWN: by = height; break;
	case ACTION_PAGE_UP: by = -height; break;
	default: by = 0; break;
	}
	if (action == ACTION_FIRST || action == ACTION_LAST)
		st = rows_end(&q->rows, v->scr->session, &v->scr->filter,
		    action == ACTION_LAST, &err);
	else if (by != 0)
		st = rows_move(&q->rows, v->scr->session, &v->scr->filter, by,
		    &err);
	else
		return false;
	if (st != STATUS_OK)
		screen_fail(v->scr, "%s", err.text);
	return true;
}

static bool
queue_act(struct view *v, enum action action)
{
	struct queue_view *q = v->data;
	struct screen *scr = v->scr;

	if (q->armed)
		return tagged_act(scr, action);
	if (queue_move(v, action))
		return true;
	switch (action) {
	case ACTION_OPEN:
		task_open(scr, rows_at(&q->rows, q->rows.sel)->item);
		return true;
	case ACTION_FILTER:
		prompt_line(scr, "&", slice_of(scr->filter.where == NULL ? "" :
		    scr->where), filter_typed, NULL);
		return true;
	case ACTION_SORT:
		list_sort(scr);
		return true;
	case ACTION_FLAGGED:
	case ACTION_ESCALATED:
	case ACTION_DECIDED:
		list_state(scr, action);
		return true;
	case ACTION_TAG:
	case ACTION_TAG_ALL:
	case ACTION_TAGGED:
		return tag_act(scr, action);
	case ACTION_SEARCH:
		prompt_line(scr, "/", SLICE(""), needle_typed, NULL);
		return true;
	case ACTION_NEXT_MATCH:
	case ACTION_PREV_MATCH:
		queue_search(scr, action == ACTION_PREV_MATCH);
		return true;
	case ACTION_UNDO:
		task_undo(scr, q->rows.n == 0 || scr->filter.state <
		    LIST_ACCEPTED ? NULL : rows_at(&q->rows, q->rows.sel));
		return true;
	default:
		return false;
	}
}

static void
queue_close(struct view *v)
{
	struct queue_view *q = v->data;

	rows_release(&q->rows);
	free(q);
}

static const enum action queue_hints[] = {
	ACTION_OPEN, ACTION_UNDO, ACTION_FILTER, ACTION_SORT, ACTION_SEARCH,
	ACTION_ESCALATED, ACTION_HELP, ACTION_QUIT, ACTION_NONE
};

static const struct view_ops queue_ops = {
	.title = "queue", .keys = KEYS_QUEUE, .draw = queue_draw,
	.act = queue_act, .holds = queue_holds, .refresh = queue_refresh, .tick = queue_tick,
	.close = queue_close, .hints = queue_hints
};

enum status
queue_view_open(struct screen *scr, struct error *err)
{
	struct queue_view *q = calloc(1, sizeof(*q));

	if (q == NULL || !rows_init(&q->rows)) {
		free(q);
		return error_nomem(err);
	}
	q->counts.oldest_ms = -1;
	(void)view_push(scr, &queue_ops, q);
	/* A wrong --where is told before the screen begins. */
	return rows_load(&q->rows, scr->session, &scr->filter, err);
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
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	struct list_row r;
	size_t got = 0;

	if (list_page(scr->session, &scr->filter, row, backward, 1, &arena, &r,
	    &got, &err) != STATUS_OK)
		screen_fail(scr, "%s", err.text);
	if (got > 0)
		*item = r.item;
	arena_release(&arena);
	return got > 0;
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
