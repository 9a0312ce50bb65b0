/*
 * The storing half of an ingest: rows that workers have made (row.h) go
 * into the tables, many by one statement, with their findings, releases, leaves
 * and totals in the same transaction.
 *
 * Until its owner commits, a transaction goes on; ingest_store_yield() ends it after
 * 200 ms or 12 MiB of records (20 ms where others came a moment ago), or after 5 ms
 * where another process waits for the store.  It belongs to the thread that owns the
 * store, and reports nothing: that is for the caller (report.h), once an item is
 * committed.
 */
#ifndef QUEUE_INGEST_STORE_H
#define QUEUE_INGEST_STORE_H

#include "core/policy/policy.h"
#include "queue/ingest/judged.h"
#include "db/store.h"

struct ingest_store;

/* How its commits are.  The store must live longer. */
enum status	ingest_store_new(struct ingest_store **, struct store *,
		    enum durability, struct error *) MUST_CHECK;
/* What is added from now on was judged by this policy: it is kept in the store,
 * in the transaction that is under way then. */
enum status	ingest_store_policy(struct ingest_store *,
		    const struct policy *, struct error *) MUST_CHECK;
/* What is not committed is dropped. */
void		ingest_store_free(struct ingest_store *);

/*
 * Stores the items from that one on, each with its row in `prepared`; refused
 * lines among them are passed over.  *n were stored, which may be fewer than
 * there are: call again with the first of the others.  *again: that one's (queue,
 * id) is there already, ask ingest_store_known() about it and go on behind it.
 */
enum status	ingest_store_add(struct ingest_store *, const struct judged *,
		    size_t *n, bool *again, struct error *) MUST_CHECK;

/* What the store has under the (queue, id) of an item that came again. */
struct ingest_known {
	int64_t	item;
	bool	same;		/* the same bytes, or erased: it does not come back */
	bool	as_now;		/* by this policy, and in the state of this verdict */
};
enum status	ingest_store_known(struct ingest_store *, const struct judged *,
		    struct ingest_known *, struct error *) MUST_CHECK;
/* The same for one that has yet to be added, in the transaction that it will be added
 * in.  STATUS_NOT_FOUND without an error: there is none. */
enum status	ingest_store_look(struct ingest_store *, const struct judged *,
		    struct ingest_known *, struct error *) MUST_CHECK;

/*
 * Ends the transaction when its time is up or `full`, and begins another.
 * *settled: all that was added is committed.
 */
enum status	ingest_store_yield(struct ingest_store *, bool full,
		    bool *settled, struct error *) MUST_CHECK;
/* Nothing more comes for a moment: ends it where others need the store just now. */
enum status	ingest_store_pause(struct ingest_store *, bool *settled,
		    struct error *) MUST_CHECK;
/* Commits all that was added. */
enum status	ingest_store_commit(struct ingest_store *, struct error *)
		    MUST_CHECK;
/* Takes back what was added since. */
void		ingest_store_drop(struct ingest_store *);
/* One last commit that is on the disk before anyone is told of success. */
enum status	ingest_store_sync(struct ingest_store *, struct error *)
		    MUST_CHECK;

#endif
