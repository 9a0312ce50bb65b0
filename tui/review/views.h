/* The views, for those who open them; each has a file here. */
#ifndef TUI_REVIEW_VIEWS_H
#define TUI_REVIEW_VIEWS_H

#include "tui/screen/view.h"

/* queue.c: the list; the bottom of the stack. */
enum status	queue_view_open(struct screen *, struct error *) MUST_CHECK;
/* The row before or after an item in the list's order; false: there is none. */
bool		queue_view_beside(struct screen *, const struct list_row *,
		    bool backward, int64_t *item);
/* The list moves its cursor to an item, where it shows it. */
void		queue_view_select(struct screen *, const struct list_row *);
void		queue_view_untag(struct screen *);
void		queue_view_refresh(struct screen *);

/* item.c */
void		item_view_show(struct screen *, int64_t item);
void		item_view_reload(struct screen *);	/* where it is shown */
/* Closes it and what stands on it; harmless where there is none. */
void		item_view_leave(struct screen *);
/* The item that is open, or NULL. */
const struct item_detail *item_view_detail(struct screen *);

/* check.c: an edit in which something was found. */
/* Runs the guards; *found: something new, and the view is shown. */
enum status	check_view_judge(struct screen *, const struct item_detail *,
		    struct slice text, bool *found, struct error *) MUST_CHECK;
void		check_view_leave(struct screen *);

/* diff.c */
void		diff_view_show(struct screen *, struct slice old,
		    struct slice new);

/* help.c */
void		help_view_show(struct screen *);
void		messages_view_show(struct screen *);

/* stats.c: figures, counted aside. */
void		stats_view_show(struct screen *);

/* typing.c: a text edited in place. */
void		typing_view_show(struct screen *, struct slice text);

#endif
