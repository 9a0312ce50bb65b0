/*
 * Drawing in cells.  Text of others goes through cell_next() here and only
 * here; draw_label() is for the program's own words.
 */
#ifndef TUI_SCREEN_DRAW_H
#define TUI_SCREEN_DRAW_H

#include "core/base/text_cells.h"
#include "tui/screen/theme.h"

void	draw_start(const struct theme *);
void	draw_size(int *rows, int *columns);
/* Blanks a row from a column to the end (or `width` columns). */
void	draw_clear(int row, int column, int width);
void	draw_erase(void);
/* Draws as much as fits in width columns; the columns used. */
int	draw_text(int row, int column, int width, enum face, struct slice);
int	draw_label(int row, int column, int width, enum face, const char *, ...)
	    PRINTF(5, 6);
/* Paints `width` cells of a row that are there already in a face. */
void	draw_paint(int row, int column, int width, enum face);
void	draw_bar(int from_row, int to_row, int column);
/* Leaves the cursor there and sends what changed. */
void	draw_flush(int row, int column);
void	draw_again(void);	/* everything, as after a foreign write */

/* For scripts: a row as it stands, and the attributes of a cell ("bold"). */
void	draw_read(int row, struct buf *);
void	draw_attributes(int row, int column, struct buf *);
/* The cells from one on that look alike, as text and look ("bold red"); how many. */
int	draw_run(int row, int column, struct buf *text, struct buf *look);
void	draw_cursor(int *row, int *column);

/* One cell of a row for those who draw cell by cell. */
struct text_cell;
void	draw_cell(int row, int column, enum face, const struct text_cell *);

#endif
