/*
 * The transaction that an ingest has open: how long it has lasted, how much is in
 * it, when it gives way to another process that waits for the store, and how the
 * queues' totals change with it.
 */
#ifndef QUEUE_INGEST_TRANSACTION_H
#define QUEUE_INGEST_TRANSACTION_H

#include "core/judge/judge.h"
#include "db/store.h"

/* How a queue's counts changed in the open transaction. */
struct ingest_total {
	struct slice	 queue;
	int64_t		 state[3], review;	/* by route */
};

/* Begins as all zero with the first two set. */
struct ingest_transaction {
	struct store	*store;
	enum durability	 durability;
	bool		 open;
	int64_t		 begun_ms;	/* CLOCK_BOOTTIME */
	int64_t		 among_until_ms; /* others came, a moment ago */
	size_t		 bytes;		/* of its records */
	struct ingest_total *total;
	size_t		 ntotal, total_cap;
	struct arena	 arena;		/* the totals' names */
};
/* Rolls back what is not committed. */
void		ingest_transaction_release(struct ingest_transaction *);

/* Begins one if none is open. */
enum status	ingest_transaction_begin(struct ingest_transaction *,
		    struct error *) MUST_CHECK;
/* Counts an item that was stored in it. */
enum status	ingest_transaction_add(struct ingest_transaction *,
		    const struct item *, const struct verdict *,
		    struct error *) MUST_CHECK;
/*
 * Commits and begins another when its time is up, when it is large or `full`, or
 * when another process waits.  *settled: nothing is left uncommitted.
 */
enum status	ingest_transaction_yield(struct ingest_transaction *, bool full,
		    bool *settled, struct error *) MUST_CHECK;
/*
 * Nothing more comes for a moment: commits, and begins no other, where others came a
 * second ago or less.  They would wait for what is being judged.
 */
enum status	ingest_transaction_pause(struct ingest_transaction *, bool *settled,
		    struct error *) MUST_CHECK;
/* Takes back what is not committed, if anything is. */
void		ingest_transaction_drop(struct ingest_transaction *);
/* Commits it if one is open. */
enum status	ingest_transaction_commit(struct ingest_transaction *,
		    struct error *) MUST_CHECK;

#endif
