/*
 * The leaf log.bind: what the leaves before it do not bind of the rows that they made
 * (handrail-audit.7, "Columns").  A log whose first leaf says `binds` needs none.
 */
#ifndef DB_AUDIT_BIND_H
#define DB_AUDIT_BIND_H

#include "core/base/hash.h"
#include "db/audit/audit.h"

/* Is it still to be written? */
enum status	bind_needed(struct store *, bool *, struct error *) MUST_CHECK;
/*
 * Writes it, once, in a transaction of its own.  The store's owner does so, as the
 * signing key is made with it where there was none.
 */
enum status	bind_log(struct store *, const struct actor *, struct error *)
		    MUST_CHECK;

/* Of its keys: all rows of `bound` ... */
enum status	bind_items_hash(struct store *, struct hash *, uint64_t *n,
		    struct error *) MUST_CHECK;
/* ... and of decisions, policies and releases up to there, what never changes. */
enum status	bind_rows_hash(struct store *, int64_t seq, int64_t feed,
		    struct hash *, struct error *) MUST_CHECK;

/* The rules of one policy: what its leaf policy.apply binds. */
enum status	bind_rules_hash(struct store *, struct slice policy, struct hash *,
		    struct error *) MUST_CHECK;

/* The columns of a row of `bound`: salted, of what stands in the store now. */
enum status	bind_found_hash(struct store *, struct hasher *, int64_t item,
		    struct slice salt, struct slice snippet, struct hash *,
		    struct error *) MUST_CHECK;
enum status	bind_notes_hash(struct store *, struct hasher *, int64_t item,
		    struct slice salt, struct hash *, bool *any, struct error *)
		    MUST_CHECK;

#endif
