/*
 * A name in a text and the value that is given to it there: in settings, JSON,
 * YAML, XML, programs, flags and prose.
 */
#ifndef CORE_GUARD_SECRETS_ASSIGN_H
#define CORE_GUARD_SECRETS_ASSIGN_H

#include "core/guard/secrets.h"

/* False where no value follows the name, or the name is one of something that
 * is no secret: token_count, public key.  "key" becomes SECRET_KEY behind "api"
 * and the like. */
bool		secret_assigned(struct slice text, size_t start, size_t end,
		    enum secret_name *, struct secret_value *);

#endif
