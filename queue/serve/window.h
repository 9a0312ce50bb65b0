/* What of a stream goes out while it still comes. */
#ifndef QUEUE_SERVE_WINDOW_H
#define QUEUE_SERVE_WINDOW_H

#include "queue/serve/gateway.h"

/* Frees what it holds; a call without one has nothing. */
void		 window_free(struct gateway_call *);
/* Another attempt: does it go out by a window?  STATUS_NOMEM. */
enum status	 window_begin(struct gateway_call *, struct error *) MUST_CHECK;
/* The event that the stream took just now. */
enum status	 window_event(struct gateway_call *, const struct sse_event *,
		    struct error *) MUST_CHECK;
/* Sends what may go out of what has come; false: no more is to be read of it, as
 * what is held may not go out at all. */
bool		 window_flow(struct server *, struct gateway_call *);
/* The answer is whole and judged: its rest, or the end of a stream that was cut; adds
 * to the call's `out`. */
enum status	 window_end(struct gateway_call *, bool released, struct error *)
		    MUST_CHECK;
/* Code points of a choice's texts that are out. */
int64_t		 window_sent(const struct gateway_call *, uint32_t choice);
/* The number of the event that goes out next. */
int64_t		 window_sequence(const struct gateway_call *);
/* The client took something: go on reading, if it was paused. */
void		 window_resume(struct gateway_call *);

#endif
