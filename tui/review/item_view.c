#include "tui/review/item_view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tui/review/diff_view.h"
#include "tui/review/minutes.h"
#include "core/base/time.h"
#include "tui/review/panels.h"
#include "tui/review/queue_view.h"
#include "tui/review/review.h"
#include "tui/review/typing_view.h"
#include "tui/screen/cell.h"
#include "tui/screen/draw.h"
#include "tui/screen/pane.h"

#define WIDE		120	/* columns from which panels stand side by side */
#define NAME_LEAST	12	/* columns of a name in the header */
#define MORE_WIDTH	12	/* "how far", behind the tabs */
#define WHY_ROWS	4	/* at most, and a quarter of the window */

struct item_view {
	struct arena	 arena;		/* the detail and the panels' texts */
	struct item_detail	 detail;
	struct indented	 in;
	struct doc	 why;
	struct pane	 panes[PANEL_COUNT];
	bool		 filled[PANEL_COUNT];
	enum panel	 panel, side;	/* the focus; the right one when wide */
	size_t		 finding;	/* selected, from 1; 0: none */
};

static const struct view_ops item_ops;

static struct item_view *
item_of(struct screen *scr)
{
	struct view *v = view_find(scr, &item_ops);

	return v == NULL ? NULL : v->data;
}

const struct item_detail *
item_view_detail(struct screen *scr)
{
	struct item_view *it = item_of(scr);

	return it == NULL ? NULL : &it->detail;
}

static bool
held(const struct screen *scr, const struct item_view *it)
{
	struct review *r = review_of(scr);

	return r->task.held && r->task.lease.item == it->detail.row.item;
}

static void
item_empty(struct item_view *it)
{
	int i;

	for (i = 0; i < PANEL_COUNT; i++) {
		pane_release(&it->panes[i]);
		it->filled[i] = false;
	}
	doc_clear(&it->why);
	arena_reset(&it->arena);
	it->finding = 0;
}

static enum status
item_load(struct screen *scr, struct item_view *it, int64_t item,
    struct error *err)
{
	struct review *r = review_of(scr);
	enum status st;

	item_empty(it);
	st = item_detail_load(r->session, item, &it->arena, &it->detail, err);
	if (st == STATUS_OK)
		panel_why(&it->why, &it->detail, &it->arena);
	return st;
}

/* A name in so many columns, its end left out where it is longer. */
static void
name_add(struct buf *b, struct slice name, int columns)
{
	size_t width = columns > NAME_LEAST ? (size_t)columns : NAME_LEAST;

	if (cell_fit(name, width, NULL) == name.n)
		buf_add_slice(b, name);
	else {
		name.n = cell_fit(name, width - 3, NULL);
		buf_add_slice(b, name);
		buf_puts(b, "...");
	}
}

/* What is said of the item behind its id, which is cut rather than that. */
static void
standing_add(struct view *v, struct buf *out, int columns)
{
	struct item_view *it = v->data;
	const struct list_row *r = &it->detail.row;
	char age[16], until[8];
	time_t t = (time_t)(review_of(v->scr)->task.lease.until_ms / 1000);
	struct tm tm;

	buf_puts(out, "  ");
	name_add(out, r->queue, columns / 6);
	buf_printf(out, "  %.*s", SLICE_ARG(r->state));
	if (!isnan(r->confidence))
		buf_printf(out, "  confidence %.2f", r->confidence);
	if (r->due_ms >= 0) {
		minutes_text(llabs(time_between(v->scr->now_ms,
		    r->due_ms)), age);
		buf_printf(out, r->due_ms < v->scr->now_ms ? "  %s late" :
		    "  due in %s", age);
	}
	if (!held(v->scr, it))
		buf_puts(out, "  read only");
	else if (localtime_r(&t, &tm) != NULL &&
	    strftime(until, sizeof(until), "%H:%M", &tm) > 0)
		buf_printf(out, "  yours until %s", until);
}

static void
header_draw(struct view *v, int row, int columns)
{
	struct item_view *it = v->data;
	struct buf line = BUF_INIT, rest = BUF_INIT;
	size_t width;

	standing_add(v, &rest, columns);
	(void)cell_fit((struct slice){ buf_str(&rest), rest.n }, SIZE_MAX,
	    &width);
	name_add(&line, it->detail.row.id, columns - (int)width);
	buf_add(&line, buf_str(&rest), rest.n);
	(void)draw_text(row, 0, columns, FACE_HEADER, (struct slice){
	    buf_str(&line), line.n });
	buf_release(&line);
	buf_release(&rest);
}

/* Why it is here, always in sight; the rows it took. */
static int
why_draw(struct item_view *it, int row, int columns, int height)
{
	int max = height / 4 < WHY_ROWS ? height / 4 : WHY_ROWS, i;
	const struct doc_row *r;
	const struct doc_para *p;

	if (max < 1)
		max = 1;
	doc_wrap(&it->why, (size_t)columns);
	for (i = 0; i < (int)it->why.nrows && i < max; i++) {
		r = &it->why.rows[i];
		p = &it->why.paras[r->para];
		(void)draw_text(row + i, 0, columns, FACE_MESSAGE,
		    (struct slice){ p->text.p + r->start, r->end - r->start });
	}
	if ((int)it->why.nrows > max)
		(void)draw_label(row + max - 1, columns - 16, 16, FACE_HINT,
		    " ... all: panel 3");
	return i;
}

/* The columns it took. */
static int
tabs_draw(struct view *v, int row, int columns)
{
	struct item_view *it = v->data;
	int i, x = 0;

	for (i = 0; i < PANEL_COUNT; i++) {
		x += draw_label(row, x, columns - x, (int)it->panel == i ?
		    FACE_SELECTED : FACE_HINT, "%d %s", i + 1, panel_titles[i]);
		if (i == PANEL_FINDINGS && it->detail.nfindings > 0)
			x += draw_label(row, x, columns - x, FACE_MESSAGE,
			    " %zu", it->detail.nfindings);
		x += 2;
	}
	return x;
}

/* Counts what is hidden beside the tabs or, where that is full, below them. */
static int
hidden_draw(struct item_view *it, int row, int column, int columns)
{
	size_t hidden = it->panes[PANEL_OUTPUT].doc.hidden;
	char text[48];

	if (hidden == 0)
		return 0;
	(void)snprintf(text, sizeof(text), "%zu hidden character%s", hidden,
	    hidden == 1 ? "" : "s");
	if (column + (int)strlen(text) <= columns) {
		(void)draw_label(row, column, columns, FACE_ERROR, "%s", text);
		return 0;
	}
	(void)draw_label(row + 1, 0, columns, FACE_ERROR, "%s", text);
	return 1;
}

static struct pane *
pane_of(struct item_view *it, enum panel panel)
{
	struct pane *p = &it->panes[panel];

	if (!it->filled[panel]) {
		pane_init(p);
		panel_fill(panel, &p->doc, &it->detail, &it->in, &it->arena);
		p->gutter = panel == PANEL_OUTPUT && p->doc.nmarks > 0;
		it->filled[panel] = true;
	}
	return p;
}

/* Of the output, where the panels stand beside it. */
static int
left_width(int columns)
{
	return columns * 3 / 5;
}

static void
panels_draw(struct view *v, int top, int bottom, int columns)
{
	struct item_view *it = v->data;
	int left = left_width(columns), row, column;
	struct pane *output = pane_of(it, PANEL_OUTPUT);

	output->current = (uint32_t)it->finding;
	if (columns < WIDE) {
		pane_draw(pane_of(it, it->panel), top, 0, columns, bottom - top,
		    &v->row, &v->column);
		return;
	}
	pane_draw(output, top, 0, left, bottom - top, &v->row, &v->column);
	draw_bar(top, bottom, left + 1);
	if (it->panel != PANEL_OUTPUT)
		it->side = it->panel;
	pane_draw(pane_of(it, it->side), top, left + 3, columns - left - 3,
	    bottom - top, &row, &column);
	if (it->panel != PANEL_OUTPUT) {
		v->row = row;
		v->column = column;
	}
}

/* Nobody shall take the first window of a long text for all of it. */
static void
more_draw(struct item_view *it, int row, int columns)
{
	bool more;
	int percent = pane_percent(&it->panes[columns < WIDE ? it->panel :
	    PANEL_OUTPUT], &more);

	if (more && percent < 100)
		(void)draw_label(row, columns - MORE_WIDTH, MORE_WIDTH,
		    FACE_MESSAGE, "%5d%%, more", percent);
	else if (more)
		(void)draw_label(row, columns - MORE_WIDTH, MORE_WIDTH,
		    FACE_HINT, "%*s", MORE_WIDTH, "to the end");
}

static void
item_draw(struct view *v, int top, int bottom)
{
	struct item_view *it = v->data;
	int rows, columns, row, tabs;

	draw_size(&rows, &columns);
	header_draw(v, top, columns);
	row = top + 1 + why_draw(it, top + 1, columns, bottom - top);
	/* Laying the output out counts what is hidden in it. */
	pane_wrap(pane_of(it, PANEL_OUTPUT), columns < WIDE ? columns :
	    left_width(columns));
	tabs = row;
	row += 1 + hidden_draw(it, row, tabs_draw(v, row, columns), columns -
	    MORE_WIDTH);
	panels_draw(v, row, bottom, columns);
	more_draw(it, tabs, columns);
}

static unsigned
item_holds(const struct view *v)
{
	return NEED_ITEM | NEED_OPEN |
	    (held(v->scr, v->data) ? (unsigned)NEED_LEASE : 0);
}

/* The next or previous finding on the output, and what it is. */
static void
item_finding(struct view *v, enum action action)
{
	int by = action == ACTION_NEXT_FINDING ? 1 : -1;
	struct item_view *it = v->data;
	struct pane *p = pane_of(it, PANEL_OUTPUT);
	size_t n = p->doc.nmarks, i;
	const struct finding *f;

	if (it->detail.nfindings == 0) {
		screen_say(v->scr, "no findings");
		return;
	}
	if (n == 0) {
		it->panel = PANEL_FINDINGS;
		screen_say(v->scr, "the findings have no place in the output");
		return;
	}
	for (i = 0; i < n && p->doc.marks[i].number != it->finding; i++)
		;
	if (i == n)
		i = by > 0 ? 0 : n - 1;
	else
		i = (i + n + (size_t)(by + (int)n)) % n;
	it->panel = PANEL_OUTPUT;
	it->finding = p->doc.marks[i].number;
	pane_goto_byte(p, p->doc.marks[i].start);
	f = &it->detail.findings[it->finding - 1];
	screen_say(v->scr, "%zu of %zu: %s %s%s%.*s", it->finding,
	    it->detail.nfindings, severity_name(f->severity), f->guard,
	    f->message.n > 0 ? ": " : "", SLICE_ARG(f->message));
}

static void
item_step(struct view *v, enum action action)
{
	const struct item_view *it = v->data;
	bool backward = action == ACTION_PREV_ITEM;
	int64_t item;

	if (queue_view_beside(v->scr, &it->detail.row, backward, &item))
		task_open(v->scr, item);
	else
		screen_say(v->scr, "no %s item", backward ? "previous" : "next");
}

static void
item_diff(struct view *v, enum action action)
{
	struct item_view *it = v->data;
	const struct item_detail *d = &it->detail;
	size_t i;

	(void)action;
	for (i = d->ndecisions; i-- > 0;) {
		if (d->decisions[i].output.p != NULL &&
		    d->decisions[i].undone_by < 0) {
			diff_view_show(v->scr, d->item.output,
			    d->decisions[i].output);
			return;
		}
	}
	screen_say(v->scr, "nobody edited this item");
}

static struct pane *
item_pane(struct view *v)
{
	struct item_view *it = v->data;

	return pane_of(it, it->panel);
}

static void
item_panel(struct view *v, enum action action)
{
	struct item_view *it = v->data;

	it->panel = (enum panel)(action - ACTION_PANEL_1);
}

static void
item_panel_step(struct view *v, enum action action)
{
	struct item_view *it = v->data;
	int by = action == ACTION_NEXT_PANEL ? 1 : PANEL_COUNT - 1;

	it->panel = (enum panel)(((int)it->panel + by) % PANEL_COUNT);
}

static void
item_claim(struct view *v, enum action action)
{
	const struct item_view *it = v->data;

	(void)action;
	if (held(v->scr, it))
		screen_say(v->scr, "it is yours already");
	else
		task_open(v->scr, it->detail.row.item);
}

static void
item_edit_here(struct view *v, enum action action)
{
	const struct item_view *it = v->data;

	(void)action;
	typing_view_show(v->scr, it->detail.item.output);
}

static void
item_undo(struct view *v, enum action action)
{
	const struct item_view *it = v->data;

	(void)action;
	task_undo(v->scr, &it->detail.row);
}

/* Labels can still be chosen while an edit is checked; nothing else can be done
 * from above. */
static const struct view_action item_actions[] = {
	{ ACTION_PANEL_1, NEED_TOP, item_panel },
	{ ACTION_PANEL_2, NEED_TOP, item_panel },
	{ ACTION_PANEL_3, NEED_TOP, item_panel },
	{ ACTION_PANEL_4, NEED_TOP, item_panel },
	{ ACTION_PANEL_5, NEED_TOP, item_panel },
	{ ACTION_PANEL_6, NEED_TOP, item_panel },
	{ ACTION_NEXT_PANEL, NEED_TOP, item_panel_step },
	{ ACTION_PREV_PANEL, NEED_TOP, item_panel_step },
	{ ACTION_NEXT_FINDING, NEED_TOP, item_finding },
	{ ACTION_PREV_FINDING, NEED_TOP, item_finding },
	{ ACTION_NEXT_ITEM, NEED_TOP, item_step },
	{ ACTION_PREV_ITEM, NEED_TOP, item_step },
	{ ACTION_OPEN, NEED_TOP, item_claim },
	{ ACTION_DIFF, NEED_TOP, item_diff },
	{ ACTION_BACK, NEED_TOP, task_back },
	{ ACTION_ACCEPT, NEED_TOP, task_accept },
	{ ACTION_EDIT, NEED_TOP, task_edit },
	{ ACTION_EDIT_HERE, NEED_TOP, item_edit_here },
	{ ACTION_REJECT, NEED_TOP, task_reject },
	{ ACTION_ESCALATE, NEED_TOP, task_escalate },
	{ ACTION_RETURN, NEED_TOP, task_return },
	{ ACTION_SKIP, NEED_TOP, task_skip },
	{ ACTION_UNDO, NEED_TOP, item_undo },
	{ ACTION_NOTE, NEED_TOP, task_note },
	{ ACTION_LABELS, 0, task_labels },
	{ ACTION_NONE, 0, NULL }
};

static void
item_close(struct view *v)
{
	struct item_view *it = v->data;

	item_empty(it);
	doc_release(&it->why);
	indented_release(&it->in);
	arena_release(&it->arena);
	free(it);
}

static const enum action item_hints[] = {
	ACTION_ACCEPT, ACTION_EDIT, ACTION_REJECT, ACTION_ESCALATE, ACTION_SKIP,
	ACTION_UNDO, ACTION_NOTE, ACTION_BACK, ACTION_HELP, ACTION_NONE
};

static const struct view_ops item_ops = {
	.keys = KEYS_ITEM, .actions = item_actions, .pane = item_pane,
	.draw = item_draw, .holds = item_holds, .close = item_close,
	.hints = item_hints
};

void
item_view_show(struct screen *scr, int64_t item)
{
	struct item_view *it = item_of(scr);
	struct error err = { STATUS_OK, "" };

	if (it == NULL) {
		it = calloc(1, sizeof(*it));
		if (it == NULL || view_push(scr, &item_ops, it) == NULL) {
			free(it);
			screen_fail(scr, "out of memory");
			return;
		}
		doc_init(&it->why);
		indented_init(&it->in);
		it->side = PANEL_FINDINGS;
	}
	it->panel = PANEL_OUTPUT;
	deliberate_new(&scr->calm);
	if (item_load(scr, it, item, &err) != STATUS_OK) {
		item_view_leave(scr);
		screen_fail(scr, "%s", err.text);
		return;
	}
	queue_view_select(scr, &it->detail.row);
}

void
item_view_reload(struct screen *scr)
{
	struct item_view *it = item_of(scr);
	struct error err = { STATUS_OK, "" };

	if (it == NULL)
		return;
	if (item_load(scr, it, it->detail.row.item, &err) == STATUS_OK)
		return;
	item_view_leave(scr);
	screen_fail(scr, "%s", err.text);
}

void
item_view_leave(struct screen *scr)
{
	view_leave(scr, &item_ops);
}
