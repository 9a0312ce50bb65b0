#include "db/audit/chain.h"

#include <string.h>

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
