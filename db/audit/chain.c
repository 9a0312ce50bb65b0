#include "db/audit/chain.h"

#include <stdio.h>

#include "db/audit/leaf_read.h"
#include "core/base/merkle.h"

enum status
audit_chain_init(struct audit_chain *c, struct error *err)
{
	memset(c, 0, sizeof(*c));
	return hasher_new(&c->hasher, err);
}

void
audit_chain_release(struct audit_chain *c)
{
	hasher_free(c->hasher);
	json_release(&c->json);
	arena_release(&c->arena);
	memset(c, 0, sizeof(*c));
}

enum status
audit_chain_add(struct audit_chain *c, struct slice leaf,
    struct hash out[MERKLE_MAX], unsigned *n, struct error *err)
{
	struct leaf_view v;
	struct slice log;
	struct hash h;

	*n = 0;
	arena_reset(&c->arena);
	if (leaf_read(&c->json, &c->arena, leaf, &v, err) != STATUS_OK)
		goto bad;
	/* The first leaf names the log that all others must name. */
	log = leaf_text(&v, LEAF_KEY_LOG);
	if (c->tree.size == 0 && log.n < sizeof(c->log))
		(void)snprintf(c->log, sizeof(c->log), "%.*s", SLICE_ARG(log));
	if (leaf_follows(&v, c->log, &c->prev, (int64_t)c->tree.size, err) !=
	    STATUS_OK)
		goto bad;
	hash_leaf(c->hasher, leaf, &h);
	*n = merkle_add(c->hasher, &c->tree, &h, out);
	c->prev = h;
	return STATUS_OK;
bad:
	return error_prefix(err, "leaf %llu", (unsigned long long)c->tree.size);
}
