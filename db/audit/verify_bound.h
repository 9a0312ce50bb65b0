/* What leaves bind beside content: columns, findings, notes; and kept counts. */
#ifndef DB_AUDIT_VERIFY_BOUND_H
#define DB_AUDIT_VERIFY_BOUND_H

#include "db/audit/verify_run.h"

/* Which leaf binds the rest of the log, as the store has it. */
enum status	verify_bound_begin(struct verify *, struct error *) MUST_CHECK;
/* Must the leaf that is checked bind what those of today do? */
static inline bool
verify_binds(const struct verify *v)
{
	return v->seq > v->bind_seq;
}
/* Of a row of AUDIT_ITEMS, by the leaf that routed it last. */
enum status	verify_columns(struct verify *, struct query *, struct error *)
		    MUST_CHECK;
enum status	verify_note(struct verify *, struct error *) MUST_CHECK;
/* The leaf log.bind, and log.create where it binds. */
enum status	verify_bind(struct verify *, struct error *) MUST_CHECK;
enum status	verify_rules(struct verify *, struct slice policy, struct error *)
		    MUST_CHECK;
/* Leaves account for all rows; kept counts are those of the items; and what is bound
 * of older notes. */
enum status	verify_counts_end(struct verify *, struct error *) MUST_CHECK;
enum status	verify_totals_end(struct verify *, struct error *) MUST_CHECK;
enum status	verify_bound_end(struct verify *, struct error *) MUST_CHECK;

#endif
