/* Records that come as the body of a request. */
#ifndef QUEUE_SERVE_RECORD_H
#define QUEUE_SERVE_RECORD_H

#include "queue/serve/call.h"

/* Takes ?queue= and ?format= into call->request; false after call_fail(). */
bool		 record_params(struct call *);
/*
 * The queue of a call whose protocol names none, into call->request: ?queue=, else
 * X-Handrail-Queue, else the only one of the key or of the policy.  It is one that
 * the policy has; false after call_fail().
 */
bool		 record_queue(struct call *);
/* How much of a record's refusal, "byte 12: the request failed: TEXT", may be told:
 * what stands behind may be the record's own words. */
size_t		 record_told(const char *why);
/* A record of the body that was not taken: 400 where it is no JSON, else 422. */
enum call_next	 record_refused(struct call *, const struct error *);
/* What is said of a record whose queue the key may not see. */
#define RECORD_OTHER_QUEUE	"the key may not see this record's queue"

#endif
