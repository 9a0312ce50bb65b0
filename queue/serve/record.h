/* Records that come as the body of a request. */
#ifndef QUEUE_SERVE_RECORD_H
#define QUEUE_SERVE_RECORD_H

#include "queue/serve/call.h"

/* Takes ?queue= and ?format= into call->request; false after call_fail(). */
bool		 record_params(struct call *);
/* A record of the body that was not taken: 400 where it is no JSON, else 422. */
enum call_next	 record_refused(struct call *, const struct error *);
/* What is said of a record whose queue the key may not see. */
#define RECORD_OTHER_QUEUE	"the key may not see this record's queue"

#endif
