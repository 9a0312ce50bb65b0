/* Which model is asked; what is done where it does not answer. */
#ifndef QUEUE_SERVE_ATTEMPT_H
#define QUEUE_SERVE_ATTEMPT_H

#include "queue/serve/gateway.h"

enum call_next	 attempt_begin(struct server *, struct gateway_call *);
/* What was waited for is due: a place at the service, a pause, its end. */
enum call_next	 attempt_due(struct server *, struct gateway_call *);
/* The client left while it was asked, or waited to be. */
enum call_next	 attempt_left(struct server *, struct gateway_call *);
/* The answer is not taken: the next model of the gateway. */
enum call_next	 attempt_escalate(struct server *, struct gateway_call *);
/* Has the gateway another model behind this one? */
bool		 attempt_can_escalate(const struct gateway_call *);
/* What was gathered of its answer is of no more use. */
void		 attempt_stream_end(struct gateway_call *);
/* Its answer is none that a record could be made of. */
enum call_next	 attempt_unusable(struct server *, struct gateway_call *);
/* What it took, in USD; NAN: not known. */
double		 attempt_usd(const struct attempt *);

#endif
