#include "tui/screen/pane.h"

#include <stdio.h>

#include "core/base/text_cells.h"
#include "tui/screen/cell.h"
#include "tui/screen/draw.h"
#include "tui/screen/screen.h"

void
pane_init(struct pane *p)
{
	memset(p, 0, sizeof(*p));
	doc_init(&p->doc);
}

void
pane_release(struct pane *p)
{
	doc_release(&p->doc);
	pane_init(p);
}

/* Keeps the cursor on a row and the row in sight. */
static void
pane_settle(struct pane *p)
{
	size_t height = p->height > 0 ? (size_t)p->height : 1;

	if (p->doc.nrows == 0) {
		p->top = p->cur = 0;
		return;
	}
	if (p->cur >= p->doc.nrows)
		p->cur = p->doc.nrows - 1;
	if (p->cur < p->top)
		p->top = p->cur;
	if (p->cur >= p->top + height)
		p->top = p->cur - height + 1;
}

/* The cursor stays on the text that it was on. */
void
pane_wrap(struct pane *p, int width)
{
	struct doc_place at = { 0, 0, 0 };
	bool had = p->doc.width != 0 && p->cur < p->doc.nrows;

	if (p->doc.width == (size_t)width)
		return;
	if (had) {
		at.para = p->doc.rows[p->cur].para;
		at.start = p->doc.rows[p->cur].start;
	}
	doc_wrap(&p->doc, (size_t)width);
	if (had)
		p->cur = doc_row_of_place(&p->doc, &at);
}

/* What a byte of a paragraph looks like. */
static enum face
face_at(const struct pane *p, const struct doc_row *r, size_t byte)
{
	const struct doc_para *para = &p->doc.paras[r->para];
	const struct doc_mark *m;

	if (p->matched && p->place.para == r->para && byte >= p->place.start &&
	    byte < p->place.end)
		return FACE_MATCH;
	if (para->base == DOC_UNMARKED)
		return para->face;
	m = doc_mark_at(&p->doc, para->base + (uint32_t)byte);
	if (m == NULL)
		return para->face;
	return m->number != 0 && m->number == p->current ? FACE_CURRENT :
	    m->face;
}

/* A heading over the whole width, and what its section keeps back. */
static void
heading_draw(const struct pane *p, const struct doc_para *para, int row,
    int column, int width)
{
	const struct doc_section *s = &p->doc.sections[para->section - 1];
	static const char dashes[] = "----------------------------------------";
	char aside[80] = "";
	int x, end, n;

	if (s->folded && s->hidden > 0)
		(void)snprintf(aside, sizeof(aside), "%zu%s more line%s%s%.*s: z",
		    s->hidden, s->hidden == DOC_HIDDEN_MAX ? "+" : "",
		    s->hidden == 1 ? "" : "s", s->aside.n > 0 ?
		    ", " : "", (int)(s->aside.n < 40 ? s->aside.n : 40),
		    s->aside.p == NULL ? "" : s->aside.p);
	else if (s->folded && s->aside.n > 0)
		(void)snprintf(aside, sizeof(aside), "%.*s: z",
		    (int)(s->aside.n < 60 ? s->aside.n : 60), s->aside.p);
	x = draw_label(row, column, width, FACE_HEADING, "-- ");
	x += draw_text(row, column + x, width - x, FACE_HEADING, para->text);
	x += draw_label(row, column + x, width - x, FACE_HEADING, " ");
	end = width - (aside[0] == '\0' ? 0 : (int)strlen(aside) + 4);
	for (; x < end; x += n)
		n = draw_label(row, column + x, end - x, FACE_HEADING, "%s",
		    dashes);
	if (aside[0] != '\0' && x < width)
		(void)draw_label(row, column + x, width - x, FACE_HEADING,
		    " %s --", aside);
}

static void
row_draw(const struct pane *p, size_t i, int row, int column, int width)
{
	const struct doc_row *r = &p->doc.rows[i];
	const struct doc_para *para = &p->doc.paras[r->para];
	struct slice text = { para->text.p, r->end };
	int x = 0, indent = para->indent;
	struct text_cell c;
	size_t at = r->start;
	uint32_t number;

	if (para->heading) {
		heading_draw(p, para, row, column, width);
		return;
	}
	if (indent + 8 >= width)
		indent = 0;
	if (r->start == 0 && para->label.n > 0 && indent > 1)
		(void)draw_text(row, column, indent - 1, FACE_HINT, para->label);
	else if (indent >= PANE_GUTTER && (number = doc_row_number(&p->doc, i)) >
	    0)
		(void)draw_label(row, column, PANE_GUTTER - 1, FACE_HEADING,
		    number > 99 ? "++" : "%u", number);
	if (r->start > 0)
		indent += (int)doc_hang(para, (size_t)(width - indent));
	column += indent;
	width -= indent;
	while (cell_next(text, at, (size_t)x, &c) && x + c.width <= width) {
		draw_cell(row, column + x, face_at(p, r, at), &c);
		x += c.width;
		at += c.bytes;
	}
	if (para->cut && r->end < para->text.n)
		(void)draw_label(row, column + x, width - x, FACE_HINT, " ...");
}

int
pane_rows_draw(const struct pane *p, int row, int column, int width, int height)
{
	int i;

	for (i = 0; i < height && p->top + (size_t)i < p->doc.nrows; i++)
		row_draw(p, p->top + (size_t)i, row + i, column, width);
	return i;
}

void
pane_draw(struct pane *p, int row, int column, int width, int height,
    int *cursor_row, int *cursor_column)
{
	p->height = height;
	if (width < 1 || height < 1)
		return;
	pane_wrap(p, width);
	pane_settle(p);
	(void)pane_rows_draw(p, row, column, width, height);
	*cursor_row = row + (int)(p->cur - p->top);
	*cursor_column = column;
}

size_t
pane_section(const struct pane *p)
{
	if (p->cur >= p->doc.nrows)
		return 0;
	return p->doc.paras[p->doc.rows[p->cur].para].section;
}

void
pane_goto_section(struct pane *p, size_t section)
{
	size_t width = p->doc.width, height = p->height > 0 ?
	    (size_t)p->height : 1;
	const struct doc_section *s;

	if (section == 0 || section > p->doc.nsections)
		return;
	doc_fold(&p->doc, section, false);
	doc_wrap(&p->doc, width);
	s = &p->doc.sections[section - 1];
	p->cur = s->row;
	/* As much of it as there is room for. */
	if (s->row < p->top || s->row + s->nrows > p->top + height)
		p->top = s->row + height <= p->doc.nrows ? s->row :
		    p->doc.nrows > height ? p->doc.nrows - height : 0;
	pane_settle(p);
}

bool
pane_fold(struct pane *p)
{
	size_t section = pane_section(p), width = p->doc.width;
	const struct doc_section *s;

	if (section == 0 || !p->doc.sections[section - 1].folds)
		return false;
	s = &p->doc.sections[section - 1];
	doc_fold(&p->doc, section, !s->folded);
	doc_wrap(&p->doc, width);
	p->cur = s->row;
	pane_settle(p);
	return true;
}

void
pane_goto_byte(struct pane *p, uint32_t byte)
{
	p->cur = doc_row_of(&p->doc, byte);
	pane_settle(p);
}

static void
pane_move(struct pane *p, long rows)
{
	size_t height = p->height > 0 ? (size_t)p->height : 1;

	if (rows < 0)
		p->cur -= (size_t)-rows < p->cur ? (size_t)-rows : p->cur;
	else
		p->cur += (size_t)rows;
	/* A page turns the page, not only the cursor. */
	if ((size_t)(rows < 0 ? -rows : rows) >= height / 2 && height > 2) {
		if (rows < 0)
			p->top -= (size_t)-rows < p->top ? (size_t)-rows :
			    p->top;
		else if (p->top + (size_t)rows + height <= p->doc.nrows)
			p->top += (size_t)rows;
		else if (p->doc.nrows > height)
			p->top = p->doc.nrows - height;
	}
	pane_settle(p);
}

static void
pane_search(struct screen *scr, struct pane *p, bool backward)
{
	struct doc_place place = p->place;
	size_t width;

	if (p->needle[0] == '\0') {
		screen_say(scr, "nothing to search for yet");
		return;
	}
	if (!p->matched && p->cur < p->doc.nrows) {
		place.para = p->doc.rows[p->cur].para;
		place.start = place.end = p->doc.rows[p->cur].start;
	}
	if (!doc_find(&p->doc, slice_of(p->needle), backward, &place)) {
		p->matched = false;
		screen_fail(scr, "not found: %s", p->needle);
		return;
	}
	p->place = place;
	p->matched = true;
	width = p->doc.width;
	doc_reveal(&p->doc, place.para);
	doc_wrap(&p->doc, width);
	p->cur = doc_row_of_place(&p->doc, &place);
	pane_settle(p);
}

static void
needle_typed(struct screen *scr, void *arg, struct slice text)
{
	struct pane *p = arg;

	if (text.n == 0) {
		p->matched = false;
		return;
	}
	(void)snprintf(p->needle, sizeof(p->needle), "%.*s", SLICE_ARG(text));
	p->matched = false;
	pane_search(scr, p, false);
}

static void
pane_step(struct view *v, enum action action)
{
	struct pane *p = v->ops->pane(v);
	long height = p->height > 0 ? p->height : 1;
	/* Two lines of a page stay, to read on from. */
	long page = height > 6 ? height - 2 : height;
	const struct {
		enum action	action;
		long		rows;
	} moves[] = {
		{ ACTION_DOWN, 1 }, { ACTION_UP, -1 },
		{ ACTION_HALF_DOWN, (height + 1) / 2 },
		{ ACTION_HALF_UP, -(height + 1) / 2 },
		{ ACTION_PAGE_DOWN, page }, { ACTION_PAGE_UP, -page },
		{ ACTION_FIRST, -(long)p->doc.nrows },
		{ ACTION_LAST, (long)p->doc.nrows }
	};
	size_t i;

	for (i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		if (moves[i].action == action)
			pane_move(p, moves[i].rows);
	}
}

static void
pane_ask(struct view *v, enum action action)
{
	(void)action;
	prompt_line(v->scr, "/", SLICE(""), needle_typed, v->ops->pane(v));
	prompt_recall(v->scr, HISTORY_SEARCH, NULL);
}

static void
pane_match(struct view *v, enum action action)
{
	pane_search(v->scr, v->ops->pane(v), action == ACTION_PREV_MATCH);
}

static void
pane_unfold(struct view *v, enum action action)
{
	(void)action;
	if (!pane_fold(v->ops->pane(v)))
		screen_say(v->scr, "nothing is folded here");
}

const struct view_action pane_actions[] = {
	{ ACTION_DOWN, NEED_TOP, pane_step },
	{ ACTION_UP, NEED_TOP, pane_step },
	{ ACTION_HALF_DOWN, NEED_TOP, pane_step },
	{ ACTION_HALF_UP, NEED_TOP, pane_step },
	{ ACTION_PAGE_DOWN, NEED_TOP, pane_step },
	{ ACTION_PAGE_UP, NEED_TOP, pane_step },
	{ ACTION_FIRST, NEED_TOP, pane_step },
	{ ACTION_LAST, NEED_TOP, pane_step },
	{ ACTION_SEARCH, NEED_TOP, pane_ask },
	{ ACTION_NEXT_MATCH, NEED_TOP, pane_match },
	{ ACTION_PREV_MATCH, NEED_TOP, pane_match },
	{ ACTION_FOLD, NEED_TOP, pane_unfold },
	{ ACTION_NONE, 0, NULL }
};
