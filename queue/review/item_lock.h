/* One item as its writer sees it inside a transaction. */
#ifndef QUEUE_REVIEW_ITEM_LOCK_H
#define QUEUE_REVIEW_ITEM_LOCK_H

#include "core/base/buf.h"
#include "core/base/hash.h"
#include "queue/review/review.h"

struct item_lock {
	int64_t		 item;
	struct slice	 queue, id, state;	/* in the session's arena */
	bool		 review;		/* approved, drawn, undecided */
	int64_t		 token, claimed_ms;
	bool		 held, mine;		/* by anyone; by this session */
	int64_t		 holder_uid, until_ms;
	char		 holder[64];
	uint8_t		 salt[32];
	size_t		 salt_n;
	struct hash	 content;
	const struct queue_policy *policy;
};

/* Reads it inside the caller's transaction. */
enum status	item_lock_load(struct session *, int64_t item,
		    struct item_lock *, struct error *) MUST_CHECK;
/* Leases it to this session, also where another holds it. */
enum status	item_lock_take(struct session *, const struct item_lock *,
		    struct lease *, struct error *) MUST_CHECK;
/* The error that says who holds it. */
enum status	item_lock_held(const struct session *, const struct item_lock *,
		    struct error *) MUST_CHECK;
/* May anyone decide on it: flagged, escalated, or drawn? */
bool		item_lock_open(const struct item_lock *);

#endif
