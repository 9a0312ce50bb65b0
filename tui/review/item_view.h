/* One item, in panels. */
#ifndef TUI_REVIEW_ITEM_VIEW_H
#define TUI_REVIEW_ITEM_VIEW_H

#include "queue/review/item_detail.h"

struct screen;

void		item_view_show(struct screen *, int64_t item);
/*
 * The same, with what people did of it left out: no decision, no note, not where it
 * stands.  `said` stands in its header.  Only reading is done here: what decides
 * goes to the view below.
 */
bool		item_view_show_blind(struct screen *, int64_t item,
		    const char *said);
void		item_view_reload(struct screen *);	/* where it is shown */
/* Closes it and what stands on it; harmless where there is none. */
void		item_view_leave(struct screen *);
/* The item that is open, or NULL. */
const struct item_detail *item_view_detail(struct screen *);
/* A new policy may be in force: what the queue asks for is looked up anew. */
void		item_view_policy(struct screen *);

#endif
