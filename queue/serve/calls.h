/* The rows of a gateway's call: each attempt, and what its key has spent. */
#ifndef QUEUE_SERVE_CALLS_H
#define QUEUE_SERVE_CALLS_H

#include "queue/serve/gateway.h"

/* In the writer's transaction; what is spent is stored at its end. */
enum status	 calls_store(struct store *, struct call *, struct spends *,
		    struct error *);
/* That is committed. */
void		 calls_stored(struct gateway_call *);
/* Why an attempt failed, in words; NULL: it did not. */
const char	*calls_fault_name(enum attempt_fault);

#endif
