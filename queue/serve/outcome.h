/* What came of a model is judged, and stored; or the next one is asked. */
#ifndef QUEUE_SERVE_OUTCOME_H
#define QUEUE_SERVE_OUTCOME_H

#include "queue/serve/gateway.h"

/* The last attempt has an answer, or part of one; or none was made. */
enum call_next	 outcome_judge(struct server *, struct gateway_call *);
/* Stores what there is, tries again until it can, and then answers. */
enum call_next	 outcome_store(struct server *, struct gateway_call *);

#endif
