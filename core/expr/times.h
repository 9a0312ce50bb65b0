/*
 * Times in a filter as people write them: a column holds its time as RFC 3339 in
 * UTC with milliseconds, which only such a text compares with.
 */
#ifndef CORE_EXPR_TIMES_H
#define CORE_EXPR_TIMES_H

#include "core/base/buf.h"

/*
 * The condition with each ago('...'), and each text that is compared with a
 * column of times, made the text of that time (when.h).  A beginning of one
 * ('2026-11') stays.  STATUS_INVALID for what is no time, and for a day that
 * should equal a moment.
 */
enum status	times_expand(const char *where, int64_t now_ms, struct buf *out,
		    struct error *) MUST_CHECK;

#endif
