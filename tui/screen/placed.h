/*
 * Clusters that terminals differ about: some draw their parts one after the other,
 * others one picture.  Each has as many cells as the longer, which curses holds
 * blanks in, and is written over them with the cursor placed before and behind it,
 * so that what follows stands where it belongs on every terminal.
 */
#ifndef TUI_SCREEN_PLACED_H
#define TUI_SCREEN_PLACED_H

#include "core/base/text_cells.h"

/* A frame begins, in which nothing is placed yet. */
void	placed_begin(void);
/* Fills the cells of it, in the look that is set; false: out of memory. */
bool	placed_add(int row, int column, const struct text_cell *);
/* Once curses has sent the frame: what of them that may have touched, as bytes for
 * the terminal; the cursor ends at row, column. */
void	placed_send(int row, int column, struct buf *out);
/* All are sent again with the next frame. */
void	placed_again(void);
/* The one that begins in a cell, and its columns; NULL: none does. */
const char *placed_at(int row, int column, int *columns);

#endif
