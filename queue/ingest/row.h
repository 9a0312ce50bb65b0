/*
 * The rows of one item, made by a worker, so that the one thread that writes has
 * little left to do: it adds the time, the number of the leaf and the item's key.
 */
#ifndef QUEUE_INGEST_ROW_H
#define QUEUE_INGEST_ROW_H

#include "db/audit/audit.h"
#include "queue/ingest/verdict_rows.h"

#define SALT_LEN	16

struct ingest_row {
	const struct item *item;
	const struct verdict *verdict;
	union items_insert values;
	union payloads_insert payload;
	union outbox_insert_all release;	/* of what is approved */
	struct verdict_rows found;
	struct audit_draft leaf;
	struct slice	 rules, guards, snippet;
	uint8_t		 salt[SALT_LEN];
	struct hash	 content;
};

/* What a run's rows have in common; only read. */
#define SEED_LEN	32
struct ingest_rows {
	struct store	*store;
	const struct policy *policy;	/* that they were judged by */
	struct actor	 who;		/* of their leaves */
	uint8_t		 seed[SEED_LEN];	/* of the salts; kept nowhere */
};

/* Item and verdict must live as long as the row, which is in the arena. */
enum status	ingest_row_make(const struct ingest_rows *, struct hasher *,
		    const struct item *, const struct verdict *, struct arena *,
		    struct ingest_row **, struct error *) MUST_CHECK;
/* Its number, the moment it is stored at, and the number of its leaf. */
void		ingest_row_place(struct ingest_row *, int64_t item,
		    int64_t now_ms, int64_t seq);

#endif
