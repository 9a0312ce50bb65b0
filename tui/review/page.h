/*
 * An item as one page: its parts, from what was asked to the raw record, in one
 * column, or side by side in two or three where there is room.
 */
#ifndef TUI_REVIEW_PAGE_H
#define TUI_REVIEW_PAGE_H

#include "tui/review/panels.h"
#include "tui/screen/pane.h"

#define PAGE_COLUMNS	3

struct item_page {
	struct pane	panes[PAGE_COLUMNS];
	size_t		n;		/* columns; 0: not made yet */
	size_t		output;		/* the column of the answer */
	size_t		focus;		/* of keys */
	struct {
		size_t	column, section;
	} part[PANEL_COUNT];
	int		height;		/* of the window that it is for */
	bool		fitted;		/* folds are as that asks for */
};

/* How many columns so many of the terminal's have room for. */
size_t	page_columns(int width);
/* Makes the page, unless it is for so many columns and rows already. */
void	page_make(struct item_page *, size_t columns, int height,
	    const struct item_detail *, struct indented *, struct arena *);
void	page_clear(struct item_page *);
/* Wraps all of it, for so many columns of the terminal. */
void	page_lay(struct item_page *, int width);
/*
 * Lays it out for a window: what is asked gives way where the answer would not
 * be in sight.  Draws it, with the place of the cursor.
 */
void	page_draw(struct item_page *, int row, int width, int height,
	    int *cursor_row, int *cursor_column);
/* How much of the answer stands above the lower edge of the window, in percent,
 * and *more whether it needs more than one. */
int	page_percent(const struct item_page *, bool *more);
/* The pane that keys are about. */
struct pane *page_pane(struct item_page *);
/* Shows a part. */
void	page_goto(struct item_page *, enum panel);
/* The part that the cursor is in or behind. */
enum panel page_part(const struct item_page *);

#endif
