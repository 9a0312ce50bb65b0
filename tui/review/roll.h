/*
 * A list of lines on a screen of its own, some of which stand for something that
 * Enter opens: runs, cases, versions of prompts.
 */
#ifndef TUI_REVIEW_ROLL_H
#define TUI_REVIEW_ROLL_H

#include "core/base/arena.h"
#include "tui/screen/pane.h"

#define ROLL_NOTHING	(-1)	/* the key of a line that stands for nothing */

/* The first member of the data of a view that has one. */
struct roll {
	struct pane	 pane;
	struct arena	 arena;		/* its lines, and what they are made of */
	int64_t		*keys;		/* one a paragraph of the document */
	size_t		 nkeys, cap;
};

void		roll_init(struct roll *);
void		roll_release(struct roll *);
/* Without a line, as at first. */
void		roll_clear(struct roll *);
/* One more; printf()'s line is kept, and cut where the window ends. */
void		roll_line(struct roll *, enum face, int64_t key, const char *, ...)
		    PRINTF(4, 5);
/* The key of the line that the cursor is on. */
int64_t		roll_key(const struct roll *);
/* Sets the cursor on the first line that stands for something. */
void		roll_first(struct roll *);

/* For the rows of a view's table; its data begins with a struct roll. */
struct pane	*roll_pane(struct view *);
unsigned	 roll_holds(const struct view *);
void		 roll_back(struct view *, enum action);
void		 roll_draw(struct view *, int top, int bottom, const char *title);

/* A text of others in so many columns, what is dangerous in it neutral, with
 * blanks behind it; in the arena. */
const char	*roll_fit(struct arena *, struct slice, size_t columns);
/* The same, of a wider text its beginning and its end. */
const char	*roll_ends(struct arena *, struct slice, size_t columns);

#endif
