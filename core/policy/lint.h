/* What a policy may say but its author can hardly want; clear cases only. */
#ifndef CORE_POLICY_LINT_H
#define CORE_POLICY_LINT_H

#include "core/policy/policy.h"

/* Rules that can never match or compare a number with a text, guards that no queue uses, options that their kind
 * doubts: one call of warn() a line, with its position; how many rules are dead. */
size_t		policy_lint(const struct policy *,
		    void (*warn)(void *, const char *text), void *arg);

#endif
