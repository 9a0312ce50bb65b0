/*
 * What the leaves bind of an item beside its content (handrail-audit.7, "Columns"):
 * the columns of its row that are shown, sorted, filtered or counted by, its findings
 * and its guards' errors, each as one text with one spelling.
 */
#ifndef DB_AUDIT_BOUND_H
#define DB_AUDIT_BOUND_H

#include "core/base/hash.h"
#include "db/query.h"

/* The row's columns as JSON: RFC 8785.  due_in_ms: from when it was taken in. */
void		bound_row(struct buf *, const union items_insert *,
		    int64_t due_in_ms);
/* A line each, in the order of their numbers, the findings first. */
void		bound_finding(struct buf *, const union findings_insert *);
void		bound_error(struct buf *, const union errors_insert *);
void		bound_note(struct buf *, struct slice by, int64_t uid, int64_t ts_ms,
		    struct slice text);

/* What the leaf of a run binds beside its figures: by whom, cases, cost, times. */
enum status	bound_run(struct store *, int64_t run, struct hasher *, struct hash *,
		    struct error *) MUST_CHECK;

/* Of a row of AUDIT_ITEMS. */
void		bound_row_read(struct buf *, struct query *);
/* All findings and errors of a stored item; *n: how many. */
enum status	bound_found_read(struct store *, int64_t item, struct buf *, size_t *n,
		    struct error *) MUST_CHECK;

/* What a leaf says of them: found is salted, and of none there is no hash. */
struct bound_hashes {
	struct hash	row, found;
	bool		any;		/* there are findings or errors */
};
void		bound_hash(struct hasher *, struct slice row, struct slice salt,
		    struct slice found, struct bound_hashes *);
/* Those of a stored item. */
enum status	bound_item(struct store *, struct hasher *, int64_t item,
		    struct bound_hashes *, struct error *) MUST_CHECK;

#endif
