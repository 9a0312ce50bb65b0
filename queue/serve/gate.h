/* Who may come in, and what a request asks for: all that its head says. */
#ifndef QUEUE_SERVE_GATE_H
#define QUEUE_SERVE_GATE_H

#include "queue/serve/server.h"

/* False: the call is answered, and its body of no interest.  status: it came in
 * by status_listen. */
bool	gate_pass(struct server *, struct http_request *, bool status,
	    struct call *);

#endif
