#include "tui/review/rows.h"

#include <stdio.h>
#include <stdlib.h>

bool
rows_init(struct rows *r)
{
	memset(r, 0, sizeof(*r));
	r->page[0] = calloc(ROWS_MAX + 1, sizeof(struct list_row));
	r->page[1] = calloc(ROWS_MAX + 1, sizeof(struct list_row));
	r->height = 1;
	if (r->page[0] != NULL && r->page[1] != NULL)
		return true;
	rows_release(r);
	return false;
}

void
rows_release(struct rows *r)
{
	int i;

	for (i = 0; i < 2; i++) {
		free(r->page[i]);
		arena_release(&r->arena[i]);
	}
	memset(r, 0, sizeof(*r));
}

void
rows_reset(struct rows *r)
{
	r->anchored = false;
	r->n = r->sel = 0;
	r->before = 0;
	r->about = false;
}

const struct list_row *
rows_at(const struct rows *r, size_t i)
{
	return &r->page[r->shown][i];
}

bool
rows_height(struct rows *r, int height)
{
	size_t h = height < 1 ? 1 : height > ROWS_MAX ? ROWS_MAX :
	    (size_t)height;

	if (h == r->height)
		return false;
	r->height = h;
	return true;
}

/* Only the key of the row lives on: its texts go with the page. */
static void
anchor_set(struct rows *r, const struct list_row *row)
{
	r->anchored = row != NULL;
	if (row == NULL)
		return;
	r->anchor = *row;
	(void)snprintf(r->anchor_id, sizeof(r->anchor_id), "%.*s",
	    SLICE_ARG(row->id));
	(void)snprintf(r->anchor_queue, sizeof(r->anchor_queue), "%.*s",
	    SLICE_ARG(row->queue));
	r->anchor.id = slice_of(r->anchor_id);
	r->anchor.queue = slice_of(r->anchor_queue);
	r->anchor.state = r->anchor.route = r->anchor.rule = SLICE_NONE;
	r->anchor.guards = r->anchor.policy = r->anchor.model = SLICE_NONE;
	r->anchor.prompt = r->anchor.variant = r->anchor.snippet = SLICE_NONE;
	r->anchor.lease_by = r->anchor.stop = r->anchor.by = SLICE_NONE;
}

/* Counts the rows above the window; far down what is known of them is kept. */
static enum status
before_count(struct rows *r, struct session *s, const struct list_filter *f,
    struct error *err)
{
	enum status st = STATUS_OK;
	int64_t n = 0;

	if (r->anchored && !r->more && r->total >= (int64_t)r->n)
		n = r->total - (int64_t)r->n;
	else if (r->anchored) {
		st = list_before(s, f, &r->anchor, ROWS_COUNTED, &n, err);
		if (n < 0 || (f->picks == NULL && n >= ROWS_COUNTED)) {
			r->about = true;
			r->before = r->before > n ? r->before : n;
			return st;
		}
	}
	r->about = false;
	r->before = n;
	return st;
}

/* The window moved by so many rows: followed, for a key has no time to count. */
static void
before_follow(struct rows *r, const struct list_filter *f, int64_t by)
{
	if (r->before < 0)
		return;
	r->before = r->before + by > 0 && r->anchored ? r->before + by : 0;
	r->about = f->picks == NULL && r->before >= ROWS_COUNTED;
}

static bool
headed(const struct rows *r, const struct list_row *row, size_t i)
{
	return r->grouped && (i == 0 || row[i].priority != row[i - 1].priority);
}

bool
rows_headed(const struct rows *r, size_t i)
{
	return headed(r, rows_at(r, 0), i);
}

size_t
rows_line(const struct rows *r, size_t at)
{
	size_t i, n = at;

	for (i = 0; i <= at && i < r->n; i++)
		n += rows_headed(r, i);
	return n;
}

/* How many of n rows fit into the window, with their headings. */
static size_t
rows_fit(const struct rows *r, const struct list_row *row, size_t n)
{
	size_t i, lines = 0;

	for (i = 0; i < n; i++) {
		lines += headed(r, row, i) ? 2 : 1;
		if (lines > r->height)
			break;
	}
	return i;
}

/* The first of n rows from which on all of them do. */
static size_t
rows_fit_back(const struct rows *r, const struct list_row *row, size_t n)
{
	size_t i, lines = 0;

	for (i = n; i > 0; i--) {
		lines += r->grouped && (i == n ||
		    row[i - 1].priority != row[i].priority) ? 2 : 1;
		if (lines > r->height)
			break;
	}
	return i;
}

/* The list ends within the window, and leaves some of it free. */
static bool
rows_short(const struct rows *r)
{
	return !r->more && (r->n == 0 || rows_line(r, r->n - 1) + 1 < r->height);
}

/* Shows the other page, which holds n rows and perhaps more than fit. */
static void
page_turn(struct rows *r, size_t got)
{
	r->shown = 1 - r->shown;
	r->n = rows_fit(r, rows_at(r, 0), got);
	r->more = got > r->n;
}

/* Reads on from the anchor; one row more than is shown tells of others. */
static enum status
page_read(struct rows *r, struct session *s, const struct list_filter *f,
    struct error *err)
{
	int other = 1 - r->shown;
	enum status st;
	size_t got = 0;

	arena_reset(&r->arena[other]);
	st = list_page(s, f, r->anchored ? &r->anchor : NULL, false,
	    r->height + 1, &r->arena[other], r->page[other], &got, err);
	if (st == STATUS_OK)
		page_turn(r, got);
	return st;
}

/* The last page, as full as it can be. */
static enum status
page_last(struct rows *r, struct session *s, const struct list_filter *f,
    struct error *err)
{
	int other = 1 - r->shown;
	enum status st;
	size_t got = 0, from;

	arena_reset(&r->arena[other]);
	st = list_page(s, f, NULL, true, r->height + 1, &r->arena[other],
	    r->page[other], &got, err);
	if (st != STATUS_OK)
		return st;
	from = rows_fit_back(r, r->page[other], got);
	anchor_set(r, from > 0 ? &r->page[other][from - 1] : NULL);
	got -= from;
	memmove(r->page[other], r->page[other] + from,
	    got * sizeof(struct list_row));
	page_turn(r, got);
	r->more = false;
	r->before = r->total >= (int64_t)r->n ? r->total - (int64_t)r->n : -1;
	r->about = false;
	return STATUS_OK;
}

static void
select_item(struct rows *r, int64_t item)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		if (rows_at(r, i)->item == item)
			r->sel = i;
	}
	if (r->sel >= r->n)
		r->sel = r->n == 0 ? 0 : r->n - 1;
}

/* Headings where there is more than one priority, in the order of priority. */
static enum status
groups_look(struct rows *r, struct session *s, const struct list_filter *f,
    struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct list_row first, last;
	enum status st = STATUS_OK;
	size_t a = 0, b = 0;

	r->grouped = false;
	if (r->height >= ROWS_GROUPED && f->sort == SORT_DUE &&
	    f->state <= LIST_ESCALATED &&
	    (st = list_page(s, f, NULL, false, 1, &arena, &first, &a, err)) ==
	    STATUS_OK &&
	    (st = list_page(s, f, NULL, true, 1, &arena, &last, &b, err)) ==
	    STATUS_OK)
		r->grouped = a + b == 2 && first.priority != last.priority;
	arena_release(&arena);
	return st;
}

enum status
rows_load(struct rows *r, struct session *s, const struct list_filter *f,
    struct error *err)
{
	int64_t item = r->sel < r->n ? rows_at(r, r->sel)->item : -1;
	enum status st;
	size_t from;

	if ((st = groups_look(r, s, f, err)) != STATUS_OK)
		return st;
	/* A window that has shrunk keeps the cursor's item in it. */
	if (r->sel < r->n && (from = rows_fit_back(r, rows_at(r, 0),
	    r->sel + 1)) > 0)
		anchor_set(r, rows_at(r, from - 1));
	st = page_read(r, s, f, err);
	/* Others may have emptied the end of the list meanwhile. */
	if (st == STATUS_OK && r->anchored && rows_short(r))
		st = page_last(r, s, f, err);
	select_item(r, item);
	return st == STATUS_OK ? before_count(r, s, f, err) : st;
}

/* Moves the window up by k rows (or to the beginning); a page passes none over. */
static enum status
window_up(struct rows *r, struct session *s, const struct list_filter *f,
    size_t k, bool page, struct error *err)
{
	int other = 1 - r->shown;
	size_t got = 0, from, fits;
	enum status st;

	if (!r->anchored || r->n == 0)
		return STATUS_OK;
	if (k > ROWS_MAX)
		k = ROWS_MAX;
	arena_reset(&r->arena[other]);
	st = list_page(s, f, rows_at(r, 0), true, k + 1, &r->arena[other],
	    r->page[other], &got, err);
	if (st != STATUS_OK)
		return st;
	from = got > k ? got - k : 0;
	fits = rows_fit_back(r, r->page[other], got);
	if (page && fits > from)
		from = fits;
	anchor_set(r, from > 0 ? &r->page[other][from - 1] : NULL);
	before_follow(r, f, -(int64_t)(got - from));
	return page_read(r, s, f, err);
}

/* Moves the window down by k rows, not past a full last page. */
static enum status
window_down(struct rows *r, struct session *s, const struct list_filter *f,
    size_t k, struct error *err)
{
	enum status st;

	if (!r->more || r->n == 0)
		return STATUS_OK;
	if (k > r->n)
		k = r->n;
	anchor_set(r, rows_at(r, k - 1));
	before_follow(r, f, (int64_t)k);
	st = page_read(r, s, f, err);
	if (st == STATUS_OK && rows_short(r))
		st = page_last(r, s, f, err);
	return st;
}

/* Up by k; a page turns the window and leaves the cursor in its place. */
static enum status
rows_up(struct rows *r, struct session *s, const struct list_filter *f,
    size_t k, bool page, struct error *err)
{
	size_t want = r->sel >= k ? r->sel - k : 0;
	enum status st = STATUS_OK;

	if (page || r->sel < k)
		st = window_up(r, s, f, page ? k : k - r->sel, page, err);
	if (!page || !r->anchored)
		r->sel = want;
	return st;
}

static enum status
rows_down(struct rows *r, struct session *s, const struct list_filter *f,
    size_t k, bool page, struct error *err)
{
	int64_t last = rows_at(r, r->n - 1)->item, item = rows_at(r, r->sel)->item;
	size_t want = r->sel + k;
	enum status st = STATUS_OK;
	size_t by = page ? k : want - (r->n - 1), n;

	/* A heading that comes in takes the place of the row below it. */
	if (page || want >= r->n)
		do {
			n = r->n;
			st = window_down(r, s, f, by, err);
			by = 1;
		} while (st == STATUS_OK && !page && r->more && r->n < n &&
		    rows_at(r, r->n - 1)->item == last);
	if (r->n > 0 && rows_at(r, r->n - 1)->item != last) {
		for (n = 0; n < r->n && rows_at(r, n)->item != item; n++)
			;
		want = page ? r->sel : n + k;
	}
	r->sel = want;
	return st;
}

enum status
rows_move(struct rows *r, struct session *s, const struct list_filter *f,
    long by, struct error *err)
{
	size_t k = (size_t)(by < 0 ? -by : by);
	bool page = k > 1 && k >= r->height / 2;
	enum status st;

	if (r->n == 0)
		return STATUS_OK;
	st = by < 0 ? rows_up(r, s, f, k, page, err) :
	    rows_down(r, s, f, k, page, err);
	if (r->sel >= r->n)
		r->sel = r->n == 0 ? 0 : r->n - 1;
	return st;
}

enum status
rows_end(struct rows *r, struct session *s, const struct list_filter *f,
    bool last, struct error *err)
{
	enum status st;

	if (last) {
		st = page_last(r, s, f, err);
		r->sel = r->n == 0 ? 0 : r->n - 1;
		return st == STATUS_OK ? before_count(r, s, f, err) : st;
	}
	rows_reset(r);
	return page_read(r, s, f, err);
}

enum status
rows_show(struct rows *r, struct session *s, const struct list_filter *f,
    const struct list_row *row, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct list_row before[2];
	enum status st;
	size_t got = 0, i;

	for (i = 0; i < r->n; i++) {
		if (rows_at(r, i)->item == row->item) {
			r->sel = i;
			return STATUS_OK;
		}
	}
	st = list_page(s, f, row, true, 1, &arena, before, &got, err);
	if (st == STATUS_OK) {
		anchor_set(r, got > 0 ? &before[0] : NULL);
		st = page_read(r, s, f, err);
		if (st == STATUS_OK && r->anchored && rows_short(r))
			st = page_last(r, s, f, err);
		select_item(r, row->item);
		r->before = -1;
		if (st == STATUS_OK)
			st = before_count(r, s, f, err);
	}
	arena_release(&arena);
	return st;
}
