/*
 * What the service answers to, one const row an endpoint.  run() is called by the
 * loop once the request is whole; it must not wait for anything.
 */
#ifndef QUEUE_SERVE_ENDPOINT_H
#define QUEUE_SERVE_ENDPOINT_H

#include "core/http/request.h"
#include "queue/serve/call.h"

struct protocol;		/* core/protocol/protocol.h */

struct endpoint {
	enum http_method method;
	const char	*path;		/* "{queue}" and "{id}" stand for any part */
	unsigned	 may;		/* enum service_may; 0: no key is asked for */
	bool		 status;	/* on status_listen too, without a key */
	enum endpoint_errors {
		ERRORS_OPENAI, ERRORS_ANTHROPIC
	}		 errors;	/* the form of its errors */
	uint64_t	 body_max;	/* bytes; 0: the policy's */
	call_fn		*run;
	const struct protocol *protocol;	/* of guard_post */
};
extern const struct endpoint endpoints[];	/* ends with a null path */
#define ENDPOINTS_MAX	32

/*
 * The one for the target; its parts are decoded into the call.  NULL after a 404
 * or, with *allow listing what there is, a 405.
 */
const struct endpoint *endpoint_find(enum http_method, struct slice path,
		    struct call *, struct buf *allow);

call_fn	check_post;
call_fn	item_post, item_get, item_release_get;
call_fn	releases_get;
call_fn	chat_post, responses_post, messages_post, models_get;
call_fn	traces_post;
call_fn	guard_post, entities_get;
call_fn	queues_get, metrics_get, health_get, ready_get;

#endif
