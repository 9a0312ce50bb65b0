#include "tui/review/page.h"

#include "tui/screen/draw.h"

#define TWO_COLUMNS	120	/* of the terminal, from which on parts stand */
#define THREE_COLUMNS	160	/* side by side */
#define ASKED_LEAST	3	/* rows of what was asked, however little room */

/* The parts in the order of reading, and their column where there are so many. */
static const struct {
	int	part;		/* enum panel; -1: guidelines */
	size_t	column[PAGE_COLUMNS];
} layout[] = {
	{ PANEL_INPUT, { 0, 1, 0 } }, { PANEL_OUTPUT, { 0, 0, 1 } },
	{ -1, { 0, 0, 0 } }, { PANEL_FINDINGS, { 0, 1, 2 } },
	{ PANEL_METADATA, { 0, 1, 2 } }, { PANEL_HISTORY, { 0, 1, 2 } },
	{ PANEL_RECORD, { 0, 1, 2 } }
};
#define NLAYOUT	(sizeof(layout) / sizeof(layout[0]))

size_t
page_columns(int width)
{
	return width >= THREE_COLUMNS ? 3 : width >= TWO_COLUMNS ? 2 : 1;
}

void
page_clear(struct item_page *p)
{
	size_t i;

	for (i = 0; i < PAGE_COLUMNS; i++)
		pane_release(&p->panes[i]);
	p->n = p->focus = 0;
	p->height = 0;
}

void
page_make(struct item_page *p, size_t columns, int height,
    const struct item_detail *x, struct indented *in, struct arena *a)
{
	enum panel part, shown = p->n == 0 ? PANEL_COUNT : page_part(p);
	struct { size_t top, cur; } was[PAGE_COLUMNS] = { { 0, 0 } };
	struct doc *d;
	size_t i, at;

	if (p->n == columns && p->height == height)
		return;
	for (i = 0; i < p->n && p->n == columns; i++) {
		was[i].top = p->panes[i].top;
		was[i].cur = p->panes[i].cur;
	}
	page_clear(p);
	p->n = columns;
	p->height = height;
	for (i = 0; i < PAGE_COLUMNS; i++)
		pane_init(&p->panes[i]);
	for (i = 0; i < NLAYOUT; i++) {
		at = layout[i].column[columns - 1];
		d = &p->panes[at].doc;
		if (layout[i].part < 0) {
			panel_guidelines(d, x);
			continue;
		}
		part = (enum panel)layout[i].part;
		p->part[part].column = at;
		p->part[part].section = d->nsections + 1;
		panel_fill(part, d, x, in, a);
	}
	p->output = p->focus = p->part[PANEL_OUTPUT].column;
	if (shown != PANEL_COUNT)
		p->focus = p->part[shown].column;
	for (i = 0; i < PAGE_COLUMNS; i++) {
		p->panes[i].top = was[i].top;
		p->panes[i].cur = was[i].cur;
	}
	p->fitted = false;
}

static int
column_width(const struct item_page *p, size_t i, int width)
{
	/* The answer has the most room: 3/5 of two, 2/5 of three. */
	int answer = p->n == 2 ? width * 3 / 5 : width * 2 / 5;

	if (p->n == 1)
		return width;
	if (i == p->output)
		return answer;
	return p->n == 2 ? width - answer - 3 : (width - answer - 6) / 2;
}

/* Unfolds a section that needs no more rows than there is room for; how many. */
static size_t
section_fill(struct doc *d, size_t section, size_t room, bool spread)
{
	const struct doc_section *s = &d->sections[section - 1];
	bool whole = spread && s->spreads;
	size_t more = s->hidden;

	if (whole) {
		more = doc_unfolded_rows(d, section, s->nrows + room + 1);
		more -= more < s->nrows ? more : s->nrows;
	}
	if (more > room || (more == 0 && !whole))
		return 0;
	if (whole)
		doc_fold(d, section, false);
	else
		doc_folds(d, section, s->aside, 0);
	return more;
}

/* What is folded for want of room is shown where there is some; side by side, also
 * what would be read last. */
static void
pane_fill(struct pane *pane, size_t height, bool spread)
{
	struct doc *d = &pane->doc;
	size_t i, room = d->nrows < height ? height - d->nrows : 0;
	size_t width = d->width;
	bool changed = false;

	for (i = 0; i < d->nsections && room > 0; i++) {
		if (!d->sections[i].folded)
			continue;
		room -= section_fill(d, i + 1, room, spread);
		changed |= d->width != width;
		d->width = width;	/* for the next; what changed is laid out below */
	}
	if (changed)
		d->width = 0;
	doc_wrap(d, width);
}

/*
 * In one column, what was asked is shortened as far as the answer, with what was
 * found in it, needs the room; side by side, it leaves half to the rest.
 */
static void
asked_fit(struct item_page *p, size_t height)
{
	struct doc *d = &p->panes[p->part[PANEL_INPUT].column].doc;
	size_t section = p->part[PANEL_INPUT].section, end, room = height / 2;
	size_t width = d->width;
	const struct doc_section *s;

	if (section == 0 || section > d->nsections)
		return;
	if (p->n == 1) {
		s = &d->sections[p->part[PANEL_OUTPUT].section - 1];
		end = s->row + s->nrows;
		room = end > height ? end - height : 0;
		s = &d->sections[section - 1];
		room = s->nrows > room ? s->nrows - room : 0;
	}
	s = &d->sections[section - 1];
	if (room < ASKED_LEAST + 1)
		room = ASKED_LEAST + 1;
	if (s->folded && s->nrows > room)
		doc_folds(d, section, s->aside, room - 1);
	doc_wrap(d, width);
}

void
page_lay(struct item_page *p, int width)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		pane_wrap(&p->panes[i], column_width(p, i, width));
}

void
page_draw(struct item_page *p, int row, int width, int height, int *cursor_row,
    int *cursor_column)
{
	int x = 0, w, r, c;
	size_t i;

	page_lay(p, width);
	if (!p->fitted && height > 0) {
		asked_fit(p, (size_t)height);
		for (i = 0; i < p->n; i++)
			pane_fill(&p->panes[i], (size_t)height,
			    p->n == PAGE_COLUMNS);
		p->fitted = true;
	}
	for (i = 0; i < p->n; i++) {
		w = column_width(p, i, width);
		if (i > 0) {
			draw_bar(row, row + height, x + 1);
			x += 3;
		}
		r = *cursor_row;
		c = *cursor_column;
		pane_draw(&p->panes[i], row, x, w, height, &r, &c);
		if (i == p->focus) {
			*cursor_row = r;
			*cursor_column = c;
		}
		x += w;
	}
}

int
page_percent(const struct item_page *p, bool *more)
{
	const struct pane *pane = &p->panes[p->output];
	size_t section = p->part[PANEL_OUTPUT].section, end, seen;
	const struct doc_section *s;

	*more = false;
	if (section == 0 || section > pane->doc.nsections)
		return 100;
	s = &pane->doc.sections[section - 1];
	end = s->row + s->nrows;
	seen = pane->top + (size_t)(pane->height > 0 ? pane->height : 0);
	*more = pane->height > 0 && end > (size_t)pane->height;
	if (seen >= end)
		return 100;
	return seen <= s->row ? 0 : (int)((seen - s->row) * 100 / s->nrows);
}

struct pane *
page_pane(struct item_page *p)
{
	return &p->panes[p->focus];
}

void
page_goto(struct item_page *p, enum panel part)
{
	p->focus = p->part[part].column;
	pane_goto_section(page_pane(p), p->part[part].section);
}

enum panel
page_part(const struct item_page *p)
{
	size_t at = pane_section(&p->panes[p->focus]);
	int i, best = -1;

	for (i = 0; i < PANEL_COUNT; i++) {
		if (p->part[i].column == p->focus && p->part[i].section <= at)
			best = i;
	}
	if (best >= 0)
		return (enum panel)best;
	for (i = 0; i < PANEL_COUNT && p->part[i].column != p->focus; i++)
		;
	return i == PANEL_COUNT ? PANEL_INPUT : (enum panel)i;
}
