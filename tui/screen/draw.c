#include "tui/screen/draw.h"

#include <curses.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <wchar.h>

#include "core/base/text_cells.h"
#include "tui/screen/cell.h"
#include "tui/screen/placed.h"
#include "tui/screen/tty.h"

static attr_t attrs[FACE_COUNT];
static short pairs[FACE_COUNT];

static bool
colors_start(void)
{
	const char *no = getenv("NO_COLOR");

	if ((no != NULL && no[0] != '\0') || !has_colors() ||
	    start_color() == ERR || use_default_colors() == ERR)
		return false;
	return true;
}

void
draw_start(const struct theme *theme)
{
	bool color = colors_start();
	const struct look *l;
	int i;

	for (i = 0; i < FACE_COUNT; i++) {
		l = &theme->look[i];
		attrs[i] = (l->bold ? A_BOLD : 0) | (l->dim ? A_DIM : 0) |
		    (l->underline ? A_UNDERLINE : 0) |
		    (l->reverse ? A_REVERSE : 0);
		pairs[i] = 0;
		if (!color || l->color < 0 || l->color >= COLORS)
			continue;
		/* One pair a colour, so that equal looks send equal bytes. */
		pairs[i] = (short)(l->color + 1);
		if (pairs[i] >= COLOR_PAIRS ||
		    init_pair(pairs[i], l->color, -1) == ERR)
			pairs[i] = 0;
	}
}

void
draw_size(int *rows, int *columns)
{
	getmaxyx(stdscr, *rows, *columns);
}

void
draw_erase(void)
{
	(void)erase();
	placed_begin();
}

void
draw_clear(int row, int column, int width)
{
	int rows, columns;

	draw_size(&rows, &columns);
	if (row < 0 || row >= rows || column >= columns)
		return;
	(void)attr_set(A_NORMAL, 0, NULL);
	if (column + width >= columns) {
		(void)move(row, column);
		(void)clrtoeol();
	} else
		(void)mvhline(row, column, ' ', width);
}

void
draw_cell(int row, int column, enum face face, const struct text_cell *c)
{
	attr_t attr = attrs[face];

	if (c->marked)
		attr ^= A_REVERSE;
	(void)attr_set(attr, pairs[face], NULL);
	if (!c->placed || !placed_add(row, column, c))
		(void)mvaddstr(row, column, c->draw);
}

int
draw_text(int row, int column, int width, enum face face, struct slice text)
{
	struct text_cell c;
	size_t at = 0;
	int rows, columns, used = 0;

	draw_size(&rows, &columns);
	if (row < 0 || row >= rows)
		return 0;
	if (width > columns - column)
		width = columns - column;
	while (cell_next(text, at, (size_t)used, &c) &&
	    used + c.width <= width) {
		draw_cell(row, column + used, face, &c);
		used += c.width;
		at += c.bytes;
	}
	(void)attr_set(A_NORMAL, 0, NULL);
	return used;
}

int
draw_label(int row, int column, int width, enum face face, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return draw_text(row, column, width, face, slice_of(text));
}

void
draw_paint(int row, int column, int width, enum face face)
{
	(void)mvchgat(row, column, width, attrs[face], pairs[face], NULL);
}

void
draw_bar(int from, int to, int column)
{
	int row;

	(void)attr_set(A_NORMAL, 0, NULL);
	for (row = from; row < to; row++)
		(void)mvaddch(row, column, '|');
}

void
draw_flush(int row, int column)
{
	struct buf over = BUF_INIT;
	int rows, columns;

	draw_size(&rows, &columns);
	if (row >= rows)
		row = rows - 1;
	if (column >= columns)
		column = columns - 1;
	row = row < 0 ? 0 : row;
	column = column < 0 ? 0 : column;
	(void)move(row, column);
	(void)refresh();
	placed_send(row, column, &over);
	tty_send(buf_slice(&over));
	buf_release(&over);
}

void
draw_again(void)
{
	(void)clearok(curscr, TRUE);
	placed_again();
}

/* What is placed in a cell is read as what it is; *column: its last one. */
static bool
placed_read(int row, int *column, struct buf *out)
{
	int width;
	const char *text = placed_at(row, *column, &width);

	if (text == NULL)
		return false;
	buf_puts(out, text);
	*column += width - 1;
	return true;
}

void
draw_read(int row, struct buf *out)
{
	wchar_t wide[CCHARW_MAX + 1];
	char utf8[MB_LEN_MAX * CCHARW_MAX + 1];
	attr_t attr;
	cchar_t cell;
	short pair;
	int rows, columns, i, y, x;

	draw_size(&rows, &columns);
	getyx(stdscr, y, x);
	for (i = 0; i < columns; i++) {
		if (placed_read(row, &i, out))
			continue;
		if (mvin_wch(row, i, &cell) == ERR ||
		    getcchar(&cell, wide, &attr, &pair, NULL) == ERR)
			continue;
		if (wcstombs(utf8, wide, sizeof(utf8)) != (size_t)-1)
			buf_puts(out, utf8);
		if (wcwidth(wide[0]) == 2)
			i++;
	}
	(void)move(y, x);
	while (out->n > 0 && out->p[out->n - 1] == ' ')
		out->n--;
}

/* The attributes by name, and "color" or which. */
static void
look_text(attr_t attr, short pair, bool named, struct buf *out)
{
	static const struct {
		attr_t		 attr;
		const char	*name;
	} rows[] = {
		{ A_BOLD, "bold" }, { A_UNDERLINE, "underline" },
		{ A_REVERSE, "reverse" }, { A_DIM, "dim" }
	};
	short color = -1, ground;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (attr & rows[i].attr)
			buf_printf(out, "%s%s", out->n == 0 ? "" : " ",
			    rows[i].name);
	}
	if (pair != 0 && named)
		(void)pair_content(pair, &color, &ground);
	if (pair != 0)
		buf_printf(out, "%s%s", out->n == 0 ? "" : " ",
		    theme_color(color) == NULL ? "color" : theme_color(color));
	if (out->n == 0)
		buf_puts(out, "normal");
}

void
draw_attributes(int row, int column, struct buf *out)
{
	wchar_t wide[CCHARW_MAX + 1];
	attr_t attr = 0;
	cchar_t cell;
	short pair = 0;
	int y, x;

	getyx(stdscr, y, x);
	if (mvin_wch(row, column, &cell) != ERR)
		(void)getcchar(&cell, wide, &attr, &pair, NULL);
	(void)move(y, x);
	look_text(attr, pair, false, out);
}

int
draw_run(int row, int column, struct buf *text, struct buf *look)
{
	wchar_t wide[CCHARW_MAX + 1];
	char utf8[MB_LEN_MAX * CCHARW_MAX + 1];
	attr_t attr, first = 0;
	cchar_t cell;
	short pair, colors = 0;
	int rows, columns, i, y, x;

	draw_size(&rows, &columns);
	getyx(stdscr, y, x);
	for (i = column; i < columns; i++) {
		if (mvin_wch(row, i, &cell) == ERR ||
		    getcchar(&cell, wide, &attr, &pair, NULL) == ERR)
			break;
		if (i == column) {
			first = attr;
			colors = pair;
		} else if (attr != first || pair != colors)
			break;
		if (placed_read(row, &i, text))
			continue;
		if (wcstombs(utf8, wide, sizeof(utf8)) != (size_t)-1)
			buf_puts(text, utf8);
		if (wcwidth(wide[0]) == 2)
			i++;
	}
	(void)move(y, x);
	look_text(first, colors, true, look);
	return i - column;
}

void
draw_cursor(int *row, int *column)
{
	getyx(stdscr, *row, *column);
}
