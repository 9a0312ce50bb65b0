/*
 * Deliveries: what a hook is still to be told, a row for each of its releases.  A
 * row is written in the transaction of its release, so that none is ever lost, and
 * waits until the hook has taken it or an operator drops it.
 */
#ifndef QUEUE_RELEASE_DELIVERY_H
#define QUEUE_RELEASE_DELIVERY_H

#include "db/store.h"

/* For the hooks in force, of the releases from number `from` on; inside the
 * transaction that appends these. */
enum status	deliveries_write(struct store *, int64_t from, struct error *)
		    MUST_CHECK;

struct delivery {
	int64_t		 n, item;	/* the release's number; whose it is */
	int64_t		 tries;		/* so far */
};
/* Up to `most` that are due, at most one an item. */
enum status	deliveries_due(struct store *, const char *hook, int64_t now,
		    struct delivery *, size_t most, size_t *n, struct error *)
		    MUST_CHECK;
/* Those due later than `later` become due now: of a hook that takes again, and
 * where a clock ran ahead and was set back. */
enum status	deliveries_hurry(struct store *, const char *hook, int64_t now,
		    int64_t later, struct error *) MUST_CHECK;

/* What became of a try; inside the caller's transaction.  A row that was dropped
 * meanwhile stays so. */
enum status	delivery_taken(struct store *, const char *hook, int64_t n,
		    int64_t now, struct error *) MUST_CHECK;
enum status	delivery_failed(struct store *, const char *hook, int64_t n,
		    int64_t due_ms, const char *why, struct error *) MUST_CHECK;
/* STATUS_NOT_FOUND with no error where it is not waiting. */
enum status	delivery_drop(struct store *, const char *hook, int64_t n,
		    int64_t now, struct error *) MUST_CHECK;

#endif
