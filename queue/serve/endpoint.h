/*
 * What the service answers to, one const row an endpoint.  run() is called by the
 * loop once the request is whole; it must not wait for anything.
 */
#ifndef QUEUE_SERVE_ENDPOINT_H
#define QUEUE_SERVE_ENDPOINT_H

#include "core/http/request.h"
#include "core/wire/wire.h"
#include "queue/serve/call.h"

struct protocol;		/* core/protocol/protocol.h */

struct endpoint {
	enum http_method method;
	const char	*path;		/* "{queue}" and "{id}" stand for any part */
	unsigned	 may;		/* enum service_may; 0: no key is asked for */
	bool		 status;	/* on status_listen too, without a key */
	enum wire_api	 api;		/* in whose form its errors are */
	uint64_t	 body_max;	/* bytes; 0: the policy's */
	call_fn		*run;
	const struct protocol *protocol;	/* of guard_post */
};
extern const struct endpoint endpoints[];	/* ends with a null path */
#define ENDPOINTS_MAX	32

/* What a target leads to. */
struct endpoint_match {
	const struct endpoint *endpoint;	/* NULL: to nothing */
	struct slice	 part[CALL_PARTS];	/* as they are */
	enum wire_api	 api;			/* in whose form that is said */
	const char	*methods;		/* that the path has; or NULL */
	bool		 foreign;		/* an API's, that none here serves */
};
void		endpoint_match(enum http_method, struct slice path,
		    struct endpoint_match *);
/* Takes it, its parts decoded into the call; false after a 400, 404 or 405. */
bool		endpoint_take(const struct endpoint_match *, struct call *);

call_fn	check_post;
call_fn	item_post, item_get, item_release_get;
call_fn	releases_get;
call_fn	chat_post, responses_post, messages_post, models_get;
call_fn	traces_post;
call_fn	guard_post, entities_get;
call_fn	queues_get, metrics_get, health_get, ready_get;

#endif
