/*
 * Search over all stored text: an index of words (SQLite's FTS5) in the store, off
 * until somebody turns it on.  It is built from the newest item down, a bit at a
 * time; what comes in later is taken in by whoever stored it, behind its own work, or
 * by whoever searches next.
 */
#ifndef QUEUE_SEARCH_H
#define QUEUE_SEARCH_H

#include <signal.h>

#include "queue/session.h"

struct search_state {
	bool	on;
	int64_t	done, of;	/* items that the index has seen; of all */
};
enum status	search_state(struct session *, struct search_state *,
		    struct error *) MUST_CHECK;
/* Wants MAY_ADMIN, as off does; what is there stays, and is gone on with. */
enum status	search_on(struct session *, struct error *) MUST_CHECK;
enum status	search_off(struct session *, struct error *) MUST_CHECK;

typedef void	search_tell_fn(void *arg, const struct search_state *);
/*
 * Takes items in, what is new first, then from the newest down: `most` of them, or
 * all (-1).  tell, if any, after each transaction.  Harmless where it is off.
 */
enum status	search_build(struct session *, int64_t most,
		    const volatile sig_atomic_t *stop, search_tell_fn *, void *arg,
		    struct error *) MUST_CHECK;
/* Takes in only what came since it was turned on: `most` items, or all (-1). */
enum status	search_keep(struct session *, int64_t most,
		    const volatile sig_atomic_t *stop, struct error *) MUST_CHECK;
/* What was said of an item since, inside the caller's transaction. */
enum status	search_more(struct store *, int64_t item, struct slice text,
		    struct error *) MUST_CHECK;
/* An item's words are gone, or all of them (item -1; it is to be built anew), inside
 * the caller's transaction. */
enum status	search_erase(struct store *, int64_t item, struct error *)
		    MUST_CHECK;

struct search_hit {
	int64_t		 item;
	struct slice	 found;		/* the place, on one line */
};
/*
 * The newest items that have all of these words, each as the beginning of one; in
 * "..." as they stand.  STATUS_INVALID where search is off or there is no word.
 */
enum status	search_find(struct session *, struct slice words, int64_t before,
		    size_t limit, struct arena *, struct search_hit *, size_t *n,
		    struct error *) MUST_CHECK;

#endif
