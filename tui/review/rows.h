/*
 * The window of the list that is on the screen: never more rows than it shows,
 * read by key from the row before its first one (the anchor).
 */
#ifndef TUI_REVIEW_ROWS_H
#define TUI_REVIEW_ROWS_H

#include "queue/review/list.h"

#define ROWS_COUNTED	2000	/* rows above, at most; beyond it is about */
#define ROWS_MAX	512	/* of the tallest window */
#define ROWS_GROUPED	8	/* a window with fewer lines has no headings */

struct rows {
	struct list_row	*page[2];	/* one is shown, one is read into */
	struct arena	 arena[2];
	int		 shown;
	size_t		 n, sel, height;
	bool		 grouped;	/* each priority has a heading, a line of its own */
	bool		 more;		/* there are rows below the window */
	int64_t		 total;		/* of the list, as the caller counted */
	int64_t		 before;	/* rows above it; -1: not known */
	bool		 about;		/* as far as it could be followed */
	bool		 anchored;
	struct list_row	 anchor;	/* its key only */
	char		 anchor_id[ITEM_NAME_MAX + 16];
	char		 anchor_queue[ITEM_NAME_MAX + 1];
};

bool		rows_init(struct rows *);	/* false: out of memory */
void		rows_release(struct rows *);
void		rows_reset(struct rows *);	/* to the beginning, unread */
const struct list_row *rows_at(const struct rows *, size_t);
/* Stands a heading above it? The window's first row has one always. */
bool		rows_headed(const struct rows *, size_t);
/* The line of the window that it stands on, from 0. */
size_t		rows_line(const struct rows *, size_t);
/* Sets how many lines are shown; true where it was another number. */
bool		rows_height(struct rows *, int);
/* Reads the window again; the cursor stays on its item where it still is. */
enum status	rows_load(struct rows *, struct session *,
		    const struct list_filter *, struct error *) MUST_CHECK;
/* Moves the cursor, and the window where it must. */
enum status	rows_move(struct rows *, struct session *,
		    const struct list_filter *, long by, struct error *)
		    MUST_CHECK;
enum status	rows_end(struct rows *, struct session *,
		    const struct list_filter *, bool last, struct error *)
		    MUST_CHECK;
/* Makes a row of the list the cursor's. */
enum status	rows_show(struct rows *, struct session *,
		    const struct list_filter *, const struct list_row *,
		    struct error *) MUST_CHECK;

#endif
