/* Whether a queue that somebody named is one, so that a mistyped name does not look
 * like an empty queue. */
#ifndef QUEUE_REVIEW_QUEUE_KNOWN_H
#define QUEUE_REVIEW_QUEUE_KNOWN_H

#include "queue/session.h"

/*
 * STATUS_INVALID where neither the policy names it nor anything came for it: `said` and
 * the names it may have meant, "no queue suport; did you mean support?".
 */
enum status	queue_known(struct session *, const char *name, const char *said,
		    struct error *) MUST_CHECK;

#endif
