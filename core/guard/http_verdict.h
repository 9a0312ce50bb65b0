/* Which values of a result mean that all is well, and which do not. */
#ifndef CORE_GUARD_HTTP_VERDICT_H
#define CORE_GUARD_HTTP_VERDICT_H

#include "core/guard/http_shape.h"

/*
 * Does a result fail?  As the policy's words say; where they are silent true, a
 * number of a half or more and the known bad words fail.  STATUS_IO where it says
 * neither.
 */
enum status	http_verdict(const struct http_guard *, json_t *result,
		    bool *fails, struct error *) MUST_CHECK;
/* Does a pointer name what is true when all is well: "/is_valid"? */
bool		http_names_pass(const char *pointer);

#endif
