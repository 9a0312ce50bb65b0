/*
 * How wide a text is on a terminal, and what each of its cells shows.
 */
#ifndef CORE_BASE_TEXT_CELLS_H
#define CORE_BASE_TEXT_CELLS_H

#include "core/base/buf.h"

/* Columns a terminal gives a valid, sanitized text (utf8proc's widths). */
size_t	text_width(struct slice);

/* Is the joiner (U+200C, U+200D) there one that writing needs: between letters of a
 * script that joins?  Nobody sees text by it that is not there. */
bool	text_joins(struct slice, size_t at);

/*
 * The screen's cells.  text_cell() takes the next grapheme cluster of a text
 * (LF excluded) and gives what to draw for it.
 */
struct text_cell {
	char	draw[64];	/* UTF-8, NUL-terminated, safe */
	uint8_t	width;		/* columns of draw */
	uint16_t bytes;		/* of the text that it stands for */
	bool	marked;		/* drawn in place of what it is: show reversed */
	bool	placed;		/* terminals may take fewer columns for it */
};
/* False at the end of the text and at a LF.  column: for TAB stops. */
bool	text_cell(struct slice text, size_t at, size_t column,
	    struct text_cell *);

#endif
