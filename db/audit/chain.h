/* The chain of a log's leaves, without a store. */
#ifndef DB_AUDIT_CHAIN_H
#define DB_AUDIT_CHAIN_H

#include "core/base/arena.h"
#include "core/base/merkle.h"
#include "core/base/hash.h"
#include "core/json/parse.h"

/*
 * Checks form, prev and seq of a file of leaves (one a line), and gives size and
 * root.  Content is not checked.
 */
struct audit_chain {
	struct merkle	 tree;
	struct hash	 prev;
	char		 log[128];
	struct hasher	*hasher;
	struct json	 json;
	struct arena	 arena;
};
enum status	audit_chain_init(struct audit_chain *, struct error *) MUST_CHECK;
enum status	audit_chain_add(struct audit_chain *, struct slice leaf,
		    struct hash out[MERKLE_MAX], unsigned *n, struct error *)
		    MUST_CHECK;
void		audit_chain_release(struct audit_chain *);

#endif
