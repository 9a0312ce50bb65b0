/* The chain of a log's leaves, without a store. */
#ifndef DB_AUDIT_CHAIN_H
#define DB_AUDIT_CHAIN_H

#include "core/base/arena.h"
#include "core/base/hash.h"
#include "core/base/merkle.h"
#include "core/json/parse.h"

/* What is known of the leaves before the one that is looked at. */
struct audit_chain {
	struct merkle	 tree;
	struct hash	 prev;
	char		 log[128];
	struct hasher	*hasher;
	struct json	 json;
	struct arena	 arena;
};
enum status	audit_chain_init(struct audit_chain *, struct error *) MUST_CHECK;
void		audit_chain_release(struct audit_chain *);

#endif
