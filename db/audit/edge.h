/*
 * The right edge of the audit log, by which the next leaf is linked to it.  Each
 * store handle keeps one (store_edge() in db/store.h).
 */
#ifndef DB_AUDIT_EDGE_H
#define DB_AUDIT_EDGE_H

#include "core/base/merkle.h"
#include "core/base/arena.h"
#include "core/base/hash.h"
#include "db/audit/head.h"
#include "db/store.h"

struct audit_edge {
	struct hasher	*hasher;	/* made when first needed */
	struct merkle	 tree;		/* size is the next seq */
	struct hash	 prev;
	int64_t		 last_ms;	/* the time of the last leaf */
	struct buf	 leaf;		/* reused from leaf to leaf */
	struct arena	 arena;		/* the leaves of one statement */
	int64_t		 last[HEAD_COUNT];	/* numbers that were given */
	bool		 known;		/* the above hold what was committed */
	bool		 checked;	/* ...and this transaction has seen so */
};

enum status	edge_hasher(struct audit_edge *, struct error *) MUST_CHECK;
/* Makes the store's edge that of the log as the current transaction sees it. */
enum status	edge_sync(struct store *, struct error *) MUST_CHECK;
/* The edge that the log had at a size: one complete subtree for each of its bits, the
 * largest first, and the hash of the last leaf, as they are stored. */
enum status	edge_at(struct store *, uint64_t size, struct merkle *,
		    struct hash *prev, struct error *) MUST_CHECK;
/* The stored hash of a complete subtree, as struct merkle_source wants it; the first
 * argument is the store. */
enum status	edge_node(void *, unsigned level, uint64_t index, struct hash *,
		    struct error *) MUST_CHECK;
void		edge_release(struct audit_edge *);

#endif
