/* What a gateway's client gets: each sets the answer. */
#ifndef QUEUE_SERVE_REPLY_H
#define QUEUE_SERVE_REPLY_H

#include "queue/serve/gateway.h"

/* Does a person say what it is to be? */
bool		 reply_waits(const struct gateway_call *);
enum call_next	 reply_released(struct server *, struct gateway_call *);
/* The last attempt failed, and there is no other; its rows are stored first. */
enum call_next	 reply_failed(struct server *, struct gateway_call *);
/* The same where part of its answer is out: that is judged and stored. */
enum call_next	 reply_broken(struct server *, struct gateway_call *);
/* No model may be asked before that moment. */
enum call_next	 reply_unavailable(struct server *, struct gateway_call *,
		    bool cooling, int64_t until_ms);
/* An error in the form of the call's API. */
enum call_next	 reply_error(struct gateway_call *, int status, const char *code,
		    const char *fmt, ...) PRINTF(4, 5);

#endif
