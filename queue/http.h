/*
 * HTTP out, for guard services: one POST at a time in each thread, over connections
 * that are kept for the next.  Each service has a limit of calls in flight, is retried
 * with growing, jittered pauses, and is not called for a while when it keeps failing.
 */
#ifndef QUEUE_HTTP_H
#define QUEUE_HTTP_H

#include "core/guard/guard.h"

#define HTTP_ANSWER_MAX		((size_t)1 << 20)	/* bytes of a body */
#define HTTP_BREAK_AFTER	5	/* calls in a row that failed */
#define HTTP_BREAK_MS		10000	/* how long it is then not asked */

/* What policies are loaded with: TLS verified, no redirects, http and https only. */
extern const struct guard_outside http_outside;

#endif
