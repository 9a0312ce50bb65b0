/* The section hook: who is told of releases, where, and with which secrets. */
#ifndef CORE_POLICY_HOOK_H
#define CORE_POLICY_HOOK_H

#include "core/policy/load.h"

/* The queues must be there. */
enum status	policy_hooks(struct load *, struct error *) MUST_CHECK;

#endif
