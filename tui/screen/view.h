/*
 * A view is a const table of a few functions over a cursor; views stand in a
 * stack, and the top one is shown.  What a view does is rows, an action each;
 * an action that it has no row for goes to the view below, and in the end to
 * the screen's own rows (act.h).
 */
#ifndef TUI_SCREEN_VIEW_H
#define TUI_SCREEN_VIEW_H

#include "tui/screen/keymap.h"

#define VIEWS_MAX	8

struct screen;
struct view;
struct pane;

/* Ends with a row without fn. */
struct view_action {
	enum action	action;
	unsigned	needs;		/* enum need, beside those of the action */
	void		(*fn)(struct view *, enum action);
};
/* In a row: every action that neither a row before it nor the screen takes. */
#define ACTION_ANY	ACTION_COUNT

struct view_ops {
	enum key_view	 keys;
	const struct view_action *actions;	/* NULL: none of its own */
	/* Draws rows top..bottom-1; sets view->row and column for the cursor. */
	void		(*draw)(struct view *, int top, int bottom);
	/* The text that moving and searching are about (pane.h); or NULL. */
	struct pane	*(*pane)(struct view *);
	/* Takes every key as it is, in place of actions; NULL: it does not. */
	void		(*key)(struct view *, int key);
	/* The needs (enum need) that hold; NULL: none does. */
	unsigned	(*holds)(const struct view *);
	/* Shown again: what it shows is read anew; or NULL. */
	void		(*refresh)(struct view *);
	/* Some time went by without a key; or NULL. */
	void		(*tick)(struct view *);
	/* The terminal went away: keeps in a file what was typed; or NULL. */
	void		(*keep)(struct view *);
	void		(*close)(struct view *);
	/* What the hint line names, in this order; ends with ACTION_NONE. */
	const enum action *hints;
	/* Whether one of them is worth naming now; NULL: each is. */
	bool		(*hinted)(const struct view *, enum action);
	/* Writes before them, and gives the columns that took; or NULL. */
	int		(*hint)(struct view *, int row, int columns);
};

struct view {
	const struct view_ops	*ops;
	const struct view_action *actions;	/* in force: those of ops, mostly */
	struct screen		*scr;
	void			*data;
	int			 row, column;	/* of the hardware cursor */
	int			 height;	/* rows it had last */
};

/* The new one is on top; data belongs to it from then on.  NULL: said why not. */
struct view	*view_push(struct screen *, const struct view_ops *, void *data);
void		 view_pop(struct screen *);
struct view	*view_top(struct screen *);
/* The topmost of these, or NULL. */
struct view	*view_find(struct screen *, const struct view_ops *);
/* Closes it and what stands on it; harmless where there is none. */
void		 view_leave(struct screen *, const struct view_ops *);
unsigned	 view_holds(const struct view *);

#endif
