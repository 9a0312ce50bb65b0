/*
 * The items of records that come one at a time, over HTTP or from a command that
 * waits for an answer: stored as an ingest stores its lines, several records in one
 * transaction where they come together.
 */
#ifndef QUEUE_INGEST_ITEMS_H
#define QUEUE_INGEST_ITEMS_H

#include "queue/ingest/row.h"
#include "queue/ingest/store.h"

enum ingest_outcome {
	OUTCOME_NEW,
	OUTCOME_SAME,		/* the same bytes were there already */
	OUTCOME_CONFLICT,	/* other bytes are there under its queue and id */
	OUTCOME_LEFT_OUT	/* ... of another item of its record: none of them is
				 * stored */
};

struct ingest_item {
	struct judged	 link;		/* first; in the order of the records */
	const struct judged_item *judged;
	enum ingest_outcome outcome;
};

/* The items of one record, in the arena; *n of them. */
enum status	ingest_items_new(const struct judged_item *, struct arena *,
		    struct ingest_item **, size_t *n, struct error *) MUST_CHECK;
/* Makes their rows, in the same arena, and puts them at the end of a chain. */
enum status	ingest_items_row(const struct ingest_rows *, struct hasher *,
		    struct ingest_item *, size_t n, struct arena *,
		    struct ingest_item ***end, struct error *) MUST_CHECK;
/*
 * Adds a chain, judged by one policy, to the transaction that is under way, or begins
 * one; of a record all items, or none.  Each outcome holds once it is committed.
 */
enum status	ingest_items_add(struct ingest_store *, const struct policy *,
		    struct ingest_item *, struct error *) MUST_CHECK;
/* All of this for one record, on the disk at the end. */
enum status	ingest_items_store(struct store *, const struct policy *,
		    struct actor, struct ingest_item *, size_t n, struct arena *,
		    struct error *) MUST_CHECK;

#endif
