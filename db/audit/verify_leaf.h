/* One leaf after another: its form, its place, its hashes, its rows. */
#ifndef DB_AUDIT_VERIFY_LEAF_H
#define DB_AUDIT_VERIFY_LEAF_H

#include "db/audit/verify_run.h"

/* Those from that number on, up to `end`, and so many at most. */
enum status	verify_leaves(struct verify *, int64_t from, int64_t end, uint64_t most,
		    struct error *) MUST_CHECK;
/* The rows of one that waited in v->later. */
enum status	verify_later(struct verify *, int64_t seq, struct error *) MUST_CHECK;

#endif
