/* What one cluster of somebody's text looks like in the terminal's cells. */
#ifndef TUI_SCREEN_CELL_H
#define TUI_SCREEN_CELL_H

#include "core/base/text_cells.h"

/*
 * text_cell(), kept to what the terminal library can place: where its widths
 * differ from utf8proc's, or the locale cannot write it, the code points are
 * given one by one, as themselves or as a marked <U+XXXX>.
 */
bool	cell_next(struct slice text, size_t at, size_t column,
	    struct text_cell *);
/* Bytes of text (at most its first line) that fit in that many columns. */
size_t	cell_fit(struct slice text, size_t columns, size_t *used);
/* Stands for what is cut: an ellipsis, or what the locale can write. */
const char *cell_cut(void);
/* Appends the text, or where it is wider than that its beginning and its end: what
 * tells names apart is mostly at one of the two. */
void	cell_ends(struct slice text, size_t columns, struct buf *);
/* Does a cell count as hidden: not a blank look-alike, yet not drawn as it is? */
bool	cell_hidden(struct slice text, size_t at, const struct text_cell *);

#endif
