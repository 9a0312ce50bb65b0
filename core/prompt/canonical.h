/* JSON in the one form that RFC 8785 gives it, so that it has one hash. */
#ifndef CORE_PROMPT_CANONICAL_H
#define CORE_PROMPT_CANONICAL_H

#include "core/base/arena.h"
#include "core/json/parse.h"

/*
 * Adds the value of token t.  STATUS_INVALID for a number that no double holds,
 * which that form has no way to write.
 */
enum status	canonical_json(struct buf *, const struct json *, uint32_t t,
		    struct arena *, struct error *) MUST_CHECK;

#endif
