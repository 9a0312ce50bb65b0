/* A document in a rectangle: a cursor line, scrolling, search, marks. */
#ifndef TUI_SCREEN_PANE_H
#define TUI_SCREEN_PANE_H

#include "tui/screen/doc.h"
#include "tui/screen/view.h"

#define NEEDLE_MAX	256
#define PANE_GUTTER	3	/* indent with room for the number of a mark */

struct pane {
	struct doc	 doc;
	size_t		 top, cur;	/* rows */
	int		 height;	/* as drawn last */
	uint32_t	 current;	/* number of the mark that is selected; 0 */
	char		 needle[NEEDLE_MAX];
	struct doc_place place;		/* of the match */
	bool		 matched;
};

void	pane_init(struct pane *);
void	pane_release(struct pane *);
/* Lays it out for a width, as pane_draw() does by itself. */
void	pane_wrap(struct pane *, int width);
/* Draws it, and gives the place of its cursor. */
void	pane_draw(struct pane *, int row, int column, int width, int height,
	    int *cursor_row, int *cursor_column);
/* Its rows from the top one on, without a cursor, as laid out; how many fit. */
int	pane_rows_draw(const struct pane *, int row, int column, int width,
	    int height);
/* The section that the cursor is in (doc.h); 0: none. */
size_t	pane_section(const struct pane *);
/* Shows a section, unfolded, and sets the cursor on its heading. */
void	pane_goto_section(struct pane *, size_t section);
/* Folds the section at the cursor or unfolds it; false: nothing folds there. */
bool	pane_fold(struct pane *);
/* Moving and searching, for a view that has a pane. */
extern const struct view_action pane_actions[];
/* Shows a byte of the marked text and sets the cursor on its row. */
void	pane_goto_byte(struct pane *, uint32_t byte);

#endif
