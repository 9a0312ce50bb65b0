/*
 * Running a schema over a value.
 */
#ifndef CORE_SCHEMA_VALIDATE_H
#define CORE_SCHEMA_VALIDATE_H

#include "core/base/arena.h"
#include "core/json/parse.h"
#include "core/schema/schema.h"

/*
 * STATUS_OK and *valid; where it is not, each() (may be NULL) was called for
 * the failures that made it so, in the order of the instance.  STATUS_LIMIT
 * where the schema recurses deeper than it may (512) or a pattern runs away.
 */
enum status	schema_validate(const struct schema *, const struct json *,
		    struct arena *, schema_fn *each, void *arg, bool *valid,
		    struct error *) MUST_CHECK;

#endif
