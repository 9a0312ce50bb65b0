/* One line of typing: the text, the cursor, and what keys do to them. */
#ifndef TUI_SCREEN_LINE_H
#define TUI_SCREEN_LINE_H

#include "tui/screen/keymap.h"

#define LINE_MAX_BYTES	65536	/* a note; more is not taken */

struct line {
	struct buf	text;
	size_t		at;		/* byte of the cursor */
};
enum line_result { LINE_MORE, LINE_DONE, LINE_CANCEL };

void		 line_init(struct line *);
void		 line_release(struct line *);
void		 line_set(struct line *, struct slice);	/* cursor to the end */
void		 line_insert(struct line *, int key);
enum line_result line_key(struct line *, int key);

/*
 * The part that is shown in so many columns, so that the cursor is in it:
 * *from its first byte, *column the cursor's column within it.
 */
void		 line_window(const struct line *, size_t columns, size_t *from,
		    size_t *column);

#endif
