/* Endpoints that are asked by a request of one's own making (core/suite/request.h). */
#ifndef QUEUE_LOOP_LIVE_HTTP_H
#define QUEUE_LOOP_LIVE_HTTP_H

#include "queue/loop/ask.h"

/*
 * Fills in what is sent: the case's variables, `prompt`, and `env.NAME` of the
 * environment.  STATUS_INVALID: one that is not there.
 */
enum status	live_http_make(const struct suite_case *, struct slice prompt,
		    struct ask *, struct error *) MUST_CHECK;
/* The output of an answer, in the arena. */
enum status	live_http_take(const struct suite_endpoint *, struct slice answer,
		    struct arena *, struct item *, struct error *) MUST_CHECK;

#endif
