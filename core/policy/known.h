/* Which queues a policy names, and which of them a mistyped name may have meant. */
#ifndef CORE_POLICY_KNOWN_H
#define CORE_POLICY_KNOWN_H

#include "core/base/near.h"
#include "core/policy/policy.h"

bool		policy_has_queue(const struct policy *, struct slice name);
/*
 * Does a record of that queue look like a mistake?  The policy does not name it, though
 * it names others than `default`, and either nothing but flagging is left for it, or its
 * name is nearly that of one.
 */
bool		policy_doubts_queue(const struct policy *, struct slice name);

#define QUEUE_HINT	(NEAR_TEXT + 256)
/*
 * "; did you mean support?", else "; queues are a, b, ..." with those of the policy and,
 * behind them, others that there are (texts; NULL: none).  Returns out.
 */
const char	*policy_queue_hint(char out[QUEUE_HINT], const struct policy *,
		    const char *const *others, size_t nothers, struct slice name);

#endif
