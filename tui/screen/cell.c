#include "tui/screen/cell.h"

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "core/base/text.h"
#include "core/base/text_cells.h"
#include "core/base/utf8.h"

#define CELL_WIDE	32	/* wide characters of one cluster */

/* Columns the C library gives it, or -1. */
static int
library_width(const char *s)
{
	wchar_t wide[CELL_WIDE];
	size_t n;

	n = mbstowcs(wide, s, CELL_WIDE);
	if (n == (size_t)-1 || n == CELL_WIDE)
		return -1;
	return wcswidth(wide, n);
}

static bool
cell_plain(struct slice text, size_t at)
{
	unsigned char c = (unsigned char)text.p[at];

	return c >= ' ' && c < 0x7f &&
	    (at + 1 >= text.n || (unsigned char)text.p[at + 1] < 0x80);
}

bool
cell_next(struct slice text, size_t at, size_t column, struct text_cell *c)
{
	uint32_t cp;
	size_t n;

	if (at >= text.n)
		return false;
	if (cell_plain(text, at)) {
		c->draw[0] = text.p[at];
		c->draw[1] = '\0';
		c->width = 1;
		c->bytes = 1;
		c->marked = c->placed = false;
		return true;
	}
	if (!text_cell(text, at, column, c))
		return false;
	/* Where it is placed, no width is left to the library. */
	if (library_width(c->draw) == (int)c->width ||
	    (c->placed && library_width(c->draw) > 0))
		return true;
	n = utf8_decode(text.p + at, text.n - at, &cp);
	if (n == 0)
		return true;
	c->bytes = (uint16_t)n;
	memcpy(c->draw, text.p + at, n);
	c->draw[n] = '\0';
	c->marked = c->placed = false;
	if (text_class(cp) == TEXT_PLAIN && library_width(c->draw) > 0 &&
	    text_width((struct slice){ text.p + at, n }) ==
	    (size_t)library_width(c->draw)) {
		c->width = (uint8_t)library_width(c->draw);
		return true;
	}
	(void)snprintf(c->draw, sizeof(c->draw), "<U+%04X>", (unsigned)cp);
	c->width = (uint8_t)strlen(c->draw);
	c->marked = true;
	return true;
}

size_t
cell_fit(struct slice text, size_t columns, size_t *used)
{
	struct text_cell c;
	size_t at = 0, column = 0;

	while (cell_next(text, at, column, &c) && column + c.width <= columns) {
		column += c.width;
		at += c.bytes;
	}
	if (used != NULL)
		*used = column;
	return at;
}

const char *
cell_cut(void)
{
	static const char ellipsis[] = "\xe2\x80\xa6";

	return library_width(ellipsis) == 1 ? ellipsis : "~";
}

void
cell_ends(struct slice text, size_t columns, struct buf *out)
{
	struct text_cell c;
	size_t all = 0, at, column = 0, head;

	for (at = 0; cell_next(text, at, all, &c); at += c.bytes)
		all += c.width;
	if (all <= columns || columns < 3) {
		buf_add_slice(out, text);
		return;
	}
	head = cell_fit(text, columns / 2, NULL);
	for (at = 0; all - column > columns - columns / 2 - 1 &&
	    cell_next(text, at, column, &c); at += c.bytes)
		column += c.width;
	buf_add(out, text.p, head);
	buf_puts(out, cell_cut());
	buf_add(out, text.p + at, text.n - at);
}

bool
cell_hidden(struct slice text, size_t at, const struct text_cell *c)
{
	uint32_t cp;

	if (!c->marked)
		return false;
	if (utf8_decode(text.p + at, text.n - at, &cp) == 0)
		return true;
	return text_class(cp) != TEXT_BLANK && text_class(cp) != TEXT_PLAIN;
}
