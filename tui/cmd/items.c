/* The commands that look at items: list and show. */
#include <math.h>
#include <stdio.h>

#include "core/base/text.h"
#include "core/base/text_cells.h"
#include "core/base/time.h"
#include "queue/review/item_json.h"
#include "queue/review/item_why.h"
#include "tui/cmd/condition.h"
#include "tui/cmd/show_text.h"
#include "tui/review/count.h"

#define LIST_LIMIT	50
#define LIST_PAGE	100
#define LIST_WIDTH	120	/* where there is no terminal to ask */

/* One column of the table, in the order of the screen's. */
/* A row of the table, at that time. */
struct shown {
	const struct list_row	*row;
	int64_t			 now_ms;
};

struct list_column {
	const char	*head;
	size_t		 width;		/* the first: at least; 0: the rest */
	int		 rank;		/* the highest ranks leave first */
	void		(*print)(struct buf *, const struct shown *);
};

static void
print_id(struct buf *b, const struct shown *x)
{
	buf_add_slice(b, x->row->id);
}

static void
print_state(struct buf *b, const struct shown *x)
{
	buf_add_slice(b, x->row->state);
}

static void
print_queue(struct buf *b, const struct shown *x)
{
	buf_add_slice(b, x->row->queue);
}

static void
print_age(struct buf *b, const struct shown *x)
{
	age_text(b, time_between(x->row->ingested_ms, x->now_ms));
}

static void
print_due(struct buf *b, const struct shown *x)
{
	age_text(b, time_between(x->now_ms, x->row->due_ms));
}

static void
print_confidence(struct buf *b, const struct shown *x)
{
	if (isnan(x->row->confidence))
		buf_puts(b, "-");
	else
		buf_printf(b, "%.2f", x->row->confidence);
}

static void
print_rule(struct buf *b, const struct shown *x)
{
	buf_add_slice(b, x->row->rule);
}

static void
print_model(struct buf *b, const struct shown *x)
{
	buf_add_slice(b, x->row->model);
}

static void
print_lease(struct buf *b, const struct shown *x)
{
	buf_add_slice(b, x->row->lease_by);
}

static void
print_snippet(struct buf *b, const struct shown *x)
{
	buf_add_slice(b, x->row->snippet);
}

static const struct list_column columns[] = {
	{ "ID", 18, 0, print_id },
	{ "STATE", 9, 4, print_state },
	{ "QUEUE", 12, 5, print_queue },
	{ "AGE", 4, 3, print_age },
	{ "DUE", 4, 6, print_due },
	{ "CONF", 4, 1, print_confidence },
	{ "RULE", 18, 2, print_rule },
	{ "MODEL", 16, 7, print_model },
	{ "HELD BY", 8, 8, print_lease },
	{ "OUTPUT", 0, 0, print_snippet }
};
#define NCOLUMNS	(sizeof(columns) / sizeof(columns[0]))
#define OUTPUT_LEAST	20

/* How the rows of one call are put down. */
struct listing {
	bool	json;
	bool	whole;		/* ids are never cut */
	size_t	width;		/* of a line */
	size_t	id_width;
	int	rank;		/* of the columns that are shown */
	int64_t	now_ms;		/* from which ages count */
};

static size_t
column_width(const struct listing *l, size_t i)
{
	return i == 0 ? l->id_width : columns[i].width;
}

/* Which ranks fit into the width, with room for some of the output. */
static int
ranks_that_fit(const struct listing *l)
{
	size_t i, need;
	int rank;

	for (rank = 8; rank > 0; rank--) {
		need = OUTPUT_LEAST;
		for (i = 0; i < NCOLUMNS; i++)
			if (columns[i].rank <= rank && columns[i].width > 0)
				need += column_width(l, i) + 1;
		if (need <= l->width)
			return rank;
	}
	return 0;
}

/* Of the text as it is shown. */
static size_t
safe_width(struct slice text)
{
	struct buf safe = BUF_INIT;
	size_t n;

	text_sanitize_line(&safe, text, 0);
	n = text_width(buf_slice(&safe));
	buf_release(&safe);
	return n;
}

/*
 * The columns for what the first page holds.  An id is what the other commands
 * want, so it is cut only where a terminal has no room, and never in a pipe.
 */
static void
listing_fit(struct listing *l, const struct list_row *rows, size_t n)
{
	size_t i, w, most;

	l->width = cmd_columns();
	l->whole = l->width == 0;
	if (l->whole)
		l->width = LIST_WIDTH;
	l->id_width = columns[0].width;
	most = l->whole ? SIZE_MAX : l->width > l->id_width + 1 + OUTPUT_LEAST ?
	    l->width - 1 - OUTPUT_LEAST : l->id_width;
	for (i = 0; i < n; i++) {
		w = safe_width(rows[i].id);
		if (w > l->id_width)
			l->id_width = w > most ? most : w;
	}
	if (!l->whole && l->id_width >= l->width)
		l->id_width = l->width > 1 ? l->width - 1 : 1;
	l->rank = ranks_that_fit(l);
}

/* A cell padded to its column, or cut to `most` (0: never). */
static void
cell(struct buf *b, struct slice text, size_t width, size_t most)
{
	struct buf safe = BUF_INIT;
	size_t used;

	text_sanitize_line(&safe, text, most);
	used = text_width(buf_slice(&safe));
	buf_add_slice(b, buf_slice(&safe));
	for (; used < width; used++)
		buf_putc(b, ' ');
	buf_release(&safe);
}

static void
table_line(struct buf *b, const struct list_row *r, const struct listing *l)
{
	struct shown x = { r, l->now_ms };
	struct buf text = BUF_INIT;
	size_t i, width, left = l->width;

	for (i = 0; i < NCOLUMNS; i++) {
		if (columns[i].rank > l->rank)
			continue;
		buf_clear(&text);
		if (r == NULL)
			buf_puts(&text, columns[i].head);
		else
			columns[i].print(&text, &x);
		if (columns[i].width == 0) {
			if (left > 0)
				cell(b, buf_slice(&text), 0, left);
			continue;
		}
		width = column_width(l, i);
		cell(b, buf_slice(&text), width,
		    i == 0 && l->whole ? 0 : width);
		buf_putc(b, ' ');
		left -= left > width ? width + 1 : left;
	}
	buf_putc(b, '\n');
	buf_release(&text);
}

static void
list_row_print(struct buf *b, const struct list_row *r, const struct listing *l)
{
	struct writer w = WRITER(b, WRITE_SHOWN);

	if (!l->json) {
		table_line(b, r, l);
		return;
	}
	list_row_json(&w, r);
	write_line(&w);
}

static enum status
list_filter_from(struct cmd_run *run, struct list_filter *f)
{
	const char *state = cmd_value(run, "state");

	memset(f, 0, sizeof(*f));
	f->queue = cmd_value(run, "queue");
	f->where = cmd_value(run, "where");
	if (state != NULL && !list_state_from(state, &f->state))
		return error_set(&run->err, STATUS_INVALID, "--state %s: flagged, "
		    "escalated, approved, accepted, edited, rejected or all is "
		    "wanted", state);
	return STATUS_OK;
}

/* How many the filter's list has, without its condition. */
static enum status
list_total(struct session *s, const struct list_filter *f, int64_t *n,
    struct error *err)
{
	struct list_counts c;
	enum status st;

	if ((st = list_counts_get(s, f->queue, &c, err)) != STATUS_OK)
		return st;
	*n = ((const int64_t[]){
		[LIST_FLAGGED] = c.flagged + c.review,
		[LIST_ESCALATED] = c.escalated, [LIST_APPROVED] = c.approved,
		[LIST_ACCEPTED] = c.accepted, [LIST_EDITED] = c.edited,
		[LIST_REJECTED] = c.rejected,
		[LIST_ALL] = c.approved + c.flagged + c.escalated + c.accepted +
		    c.edited + c.rejected
	})[f->state];
	return STATUS_OK;
}

/* Nobody asked for an end there: what is behind the last row is told. */
static enum status
list_more(struct cmd_run *run, struct session *s, const struct list_filter *f,
    const struct list_row *last, struct arena *arena)
{
	char shown[COUNT_TEXT], all[COUNT_TEXT];
	struct buf line = BUF_INIT;
	struct list_row row;
	int64_t total = 0;
	enum status st;
	size_t got;

	st = list_page(s, f, last, false, 1, arena, &row, &got, &run->err);
	if (st == STATUS_OK && got > 0 && f->where == NULL)
		st = list_total(s, f, &total, &run->err);
	if (st != STATUS_OK || got == 0)
		return st;
	(void)count_text(LIST_LIMIT, shown);
	if (total > LIST_LIMIT)
		buf_printf(&line, "%s of %s", shown, count_text(total, all));
	else
		buf_printf(&line, "%s, and there are more", shown);
	buf_printf(&line, "; -n 0 lists all, --after %.*s goes on",
	    SLICE_ARG(last->id));
	cmd_after(run, buf_str(&line));
	st = buf_check(&line, &run->err);
	buf_release(&line);
	return st;
}

/* The rows of one page, under the heading where it is the first. */
static enum status
page_print(struct cmd_run *run, struct listing *l, const struct list_row *rows,
    size_t n, struct buf *b)
{
	size_t i;

	if (l->width == 0) {
		listing_fit(l, rows, n);
		if (!l->json)
			table_line(b, NULL, l);
	}
	for (i = 0; i < n; i++)
		list_row_print(b, &rows[i], l);
	return cmd_print(b, &run->err);
}

/* Prints up to `limit` rows by pages; -1: LIST_LIMIT, and says so. */
static enum status
list_print(struct cmd_run *run, struct session *s, const struct list_filter *f,
    const struct list_row *after, int64_t limit, struct buf *b)
{
	struct listing l = { .json = cmd_value(run, "json") != NULL,
	    .now_ms = store_now_ms(s->store) };
	size_t want, got = LIST_PAGE;
	struct list_row rows[LIST_PAGE], from;
	struct arena arena = ARENA_INIT;
	bool unasked = limit == -1;
	enum status st = STATUS_OK;

	for (limit = unasked ? LIST_LIMIT : limit; st == STATUS_OK &&
	    got == LIST_PAGE && limit > 0;) {
		want = limit < LIST_PAGE ? (size_t)limit : LIST_PAGE;
		st = list_page(s, f, after, false, want, &arena, rows, &got,
		    &run->err);
		if (st == STATUS_OK && l.json)
			st = list_besides_get(s, rows, got, &arena, &run->err);
		if (st == STATUS_OK)
			st = page_print(run, &l, rows, got, b);
		if (got > 0) {
			from = rows[got - 1];
			after = &from;
		}
		limit -= (int64_t)got;
		if (st == STATUS_OK && unasked && limit == 0)
			st = list_more(run, s, f, after, &arena);
		arena_reset(&arena);
	}
	arena_release(&arena);
	return st;
}

static int
list_cmd(struct cmd_run *run)
{
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct list_row after;
	struct list_filter f;
	struct session *s;
	const char *id = cmd_value(run, "after");
	int64_t limit = -1, item;
	enum status st;

	if (list_filter_from(run, &f) != STATUS_OK ||
	    cmd_number(run, "limit", 0, INT64_MAX, &limit) != STATUS_OK)
		return cmd_fail(run);
	if (limit == 0)
		limit = INT64_MAX;
	if ((s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	st = cmd_queue(run, s);
	if (st == STATUS_OK) {
		condition_doubts(run, s);
		cmd_pager();
	}
	if (st == STATUS_OK && id != NULL && (st = list_find(s, id, f.queue, &item, &run->err)) ==
	    STATUS_OK)
		st = list_row_get(s, item, &arena, &after, &run->err);
	if (st == STATUS_OK)
		st = list_print(run, s, &f, id == NULL ? NULL : &after, limit,
		    &b);
	buf_release(&b);
	arena_release(&arena);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const struct cmd_option list_options[] = {
	{ "state", 's', "STATE", "flagged (the default, with approved items drawn "
	    "for review), escalated, approved, accepted, edited, rejected, all" },
	{ "queue", 'q', "QUEUE", "of this queue only" },
	{ "where", 'w', "CONDITION", "for which this holds, as in a policy's rule" },
	{ "limit", 'n', "N", "at most so many (50); 0: all" },
	{ "after", 0, "ID", "go on behind this item" },
	{ "json", 0, NULL, "JSON Lines" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_list = {
	"list", "", "items in the order of the screen", list_options, NULL,
	list_cmd
};

static int
show_cmd(struct cmd_run *run)
{
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	struct session *s;
	struct item_detail d;
	enum status st;
	int64_t item;

	if (run->argc != 1)
		return cmd_usage(run, "one ID is wanted");
	if ((s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	st = list_find(s, run->argv[0], cmd_value(run, "queue"), &item,
	    &run->err);
	if (st == STATUS_OK)
		st = item_detail_load(s, item, &arena, &d, &run->err);
	if (st == STATUS_OK)
		st = item_why_load(s, &d, &arena, &run->err);
	if (st == STATUS_OK) {
		if (cmd_value(run, "json") != NULL) {
			item_detail_json(&w, &d, NULL);
			write_line(&w);
		} else {
			cmd_pager();
			show_text(&b, &d);
		}
		st = cmd_print(&b, &run->err);
	}
	buf_release(&b);
	arena_release(&arena);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const struct cmd_option show_options[] = {
	{ "queue", 'q', "QUEUE", "the item of this queue, where several hold the id" },
	{ "json", 0, NULL, "one JSON object" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_show = {
	"show", "ID", "everything behind one item", show_options, NULL, show_cmd
};
