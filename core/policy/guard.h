/* Guards: their options read as each kind's table says, and compiled. */
#ifndef CORE_POLICY_GUARD_H
#define CORE_POLICY_GUARD_H

#include "core/policy/load.h"

enum status	policy_guards(struct load *, struct error *) MUST_CHECK;

#endif
