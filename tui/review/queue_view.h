/* The list; the bottom of the stack. */
#ifndef TUI_REVIEW_QUEUE_VIEW_H
#define TUI_REVIEW_QUEUE_VIEW_H

#include "queue/review/list.h"

struct screen;

enum status	queue_view_open(struct screen *, struct error *) MUST_CHECK;
/* The row before or after an item in the list's order; false: there is none. */
bool		queue_view_beside(struct screen *, const struct list_row *,
		    bool backward, int64_t *item);
/* The list moves its cursor to an item, where it shows it. */
void		queue_view_select(struct screen *, const struct list_row *);
/* Is what the filter holds for still being looked for? */
bool		queue_view_looks(struct screen *);
void		queue_view_untag(struct screen *);
void		queue_view_refresh(struct screen *);

#endif
