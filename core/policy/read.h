/* A policy read from its files. */
#ifndef CORE_POLICY_READ_H
#define CORE_POLICY_READ_H

#include "core/policy/loader.h"
#include "core/policy/policy.h"

/* Errors: "policy.conf:15:35: rule \"unsure\": no such column: confidnce". */
enum status	policy_load(struct policy **, const char *path,
		    const struct loader *, const struct guard_outside *,
		    struct error *) MUST_CHECK;
/* What holds where no file is given. */
enum status	policy_builtin(struct policy **, struct error *) MUST_CHECK;

#endif
