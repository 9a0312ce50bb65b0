/* The values behind the rules that an item met. */
#ifndef QUEUE_REVIEW_ITEM_WHY_H
#define QUEUE_REVIEW_ITEM_WHY_H

#include "queue/review/item_detail.h"

/*
 * Fills d->why with the rules of the policy that routed the item, and the values
 * that their conditions see in its record and findings; where that policy or the
 * record is gone it stays NULL.  They live in the arena.  To be called for what a
 * person looks at: a policy other than the one in force is read for it.
 */
enum status	item_why_load(struct session *, struct item_detail *,
		    struct arena *, struct error *) MUST_CHECK;
/* The rule of that name among them, or NULL. */
const struct why_rule *item_why_rule(const struct item_detail *, const char *name);

/* Would it have approved the item, and does something it compares not hold? */
bool		item_why_against(const struct why_rule *);

#endif
