/* ago('1d') in a filter: a time that people write, as items have theirs. */
#ifndef CORE_EXPR_AGO_H
#define CORE_EXPR_AGO_H

#include "core/base/buf.h"

/*
 * The condition with each ago('...') made the text of that time (when.h), RFC
 * 3339 in UTC.  STATUS_INVALID where it holds another thing than a time.
 */
enum status	ago_expand(const char *where, int64_t now_ms, struct buf *out,
		    struct error *) MUST_CHECK;

#endif
