/* The hooks that a store knows: those of the policy in force, and those that were. */
#ifndef QUEUE_RELEASE_HOOKS_H
#define QUEUE_RELEASE_HOOKS_H

#include "core/policy/policy.h"
#include "db/query.h"

/* The policy's are those in force from now on; inside the transaction that applies
 * it. */
enum status	hooks_put(struct store *, const struct policy *, struct error *)
		    MUST_CHECK;

struct hook_state {
	bool		 in_force, paused;
	int64_t		 asked;		/* grows when all is to be tried now */
};
/* STATUS_NOT_FOUND, with no error set, where there is none. */
enum status	hook_state_get(struct store *, const char *hook,
		    struct hook_state *, struct error *) MUST_CHECK;

/* A statement that takes HOOK's parameters, with the name. */
enum status	hook_query(struct store *, enum query_id, const char *hook,
		    struct query **, struct error *) MUST_CHECK;

#endif
