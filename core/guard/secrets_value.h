/*
 * What makes a value look like a secret: how random it is, and what it is not.
 */
#ifndef CORE_GUARD_SECRETS_VALUE_H
#define CORE_GUARD_SECRETS_VALUE_H

#include "core/guard/secrets.h"

/* Bits a character. */
double		secret_entropy(struct slice);
bool		secret_is_placeholder(struct slice);
bool		secret_flags_hold(int flags, struct slice);
/* Is it random enough to be what a name of that kind holds?  min_entropy below
 * 0: what suits its length. */
bool		secret_is_likely(const struct secret_value *, enum secret_name,
		    double min_entropy);

#endif
