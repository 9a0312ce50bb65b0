/*
 * The items of a list for which a condition holds, found bit by bit in a thread of
 * its own while the list is paged through: no page has to look at a million items.
 */
#ifndef QUEUE_REVIEW_PICKS_H
#define QUEUE_REVIEW_PICKS_H

#include "queue/review/list.h"

struct picks;
struct picks	*picks_new(const struct list_filter *);	/* NULL: out of memory */
void		 picks_free(struct picks *);

/*
 * Looks through the list of a filter, whose picks and condition are these, until its
 * end or picks_stop().  For a thread with a session of its own.
 */
enum status	 picks_look(struct picks *, struct session *, struct error *)
		    MUST_CHECK;
/* From any thread: it shall end soon. */
void		 picks_stop(struct picks *);
void		 picks_count(struct picks *, size_t *looked_at, size_t *found);

/* How many of those found stand before a row in the order, or at it. */
size_t		 picks_before(struct picks *, const struct list_row *);
/* An item found that is no longer one of the list. */
void		 picks_drop(struct picks *, const struct list_row *);
/* The key of the item behind a row (or before it, backward), or of the first (or
 * last) where that is NULL; false: there is none so far. */
bool		 picks_beside(struct picks *, const struct list_row *from,
		    bool backward, struct list_row *key);

#endif
