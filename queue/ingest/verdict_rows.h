/* The rows of a verdict: for ingest and reroute, inside their transactions. */
#ifndef QUEUE_INGEST_VERDICT_ROWS_H
#define QUEUE_INGEST_VERDICT_ROWS_H

#include "db/audit/bound.h"
#include "db/query.h"
#include "queue/release/release.h"

/* The state that each route leads to. */
extern const char *const route_state[];

/* A digit for each rule tried, and the failed guards as a JSON array; p is NULL
 * where there is no memory. */
struct slice	verdict_rows_rules(const struct verdict *, struct arena *);
struct slice	verdict_rows_guards(const struct verdict *, struct arena *);

/* A verdict's rows of `findings` and `guard_errors`, but for the item's key. */
struct verdict_rows {
	union findings_insert *finding;
	union errors_insert *error;
	size_t		 nfindings, nerrors;
};
enum status	verdict_rows_make(struct verdict_rows *, const struct verdict *,
		    struct arena *, struct error *) MUST_CHECK;
/* Puts the key in and adds the rows to both lists. */
enum status	verdict_rows_add(struct verdict_rows *, int64_t item,
		    struct batch *findings, struct batch *errors, struct error *)
		    MUST_CHECK;

/* The text of them that a leaf binds (db/audit/bound.h). */
void		verdict_rows_bound(const struct verdict_rows *, struct buf *);

/*
 * What the leaf "route" says; salt and content: the item's, as it is stored.
 * ingested_ms: when the item came, where that is not the leaf's own time; else -1.
 */
struct verdict_leaf {
	struct leaf_field field[16];
	size_t		 n;
	struct hash	 content, release;
	struct bound_hashes bound;
};
struct verdict_leaf_of {
	const struct policy *policy;
	const struct item *item;
	const struct verdict *verdict;
	struct slice	 salt;
	const struct hash *content;
	const struct bound_hashes *bound;
	int64_t		 ingested_ms;
};
enum status	verdict_leaf(struct verdict_leaf *, const struct verdict_leaf_of *,
		    struct hasher *, struct arena *, struct error *) MUST_CHECK;
/* The release of what was approved, but for item, seq and ts_ms. */
struct release_row verdict_release(const struct item *, const struct verdict *);

#endif
