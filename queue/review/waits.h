/*
 * Items that a call waits for: its gateway has on_flag = wait, its client gets what a
 * person decides before the wait is over.  Who waits for /v1/items is not in the store.
 */
#ifndef QUEUE_REVIEW_WAITS_H
#define QUEUE_REVIEW_WAITS_H

#include "queue/session.h"

#define WAIT_ID		160	/* bytes of an id that are kept, with a NUL */

struct waiting {
	char		id[WAIT_ID], queue[WAIT_ID];
	int64_t		until_ms;	/* wall clock; the client may have left before */
};

/*
 * Of a queue, or of all (NULL): the first `max` by the end of their wait; *n is how many
 * there are, among the newest WAIT_CALLS calls of each gateway.
 */
#define WAIT_CALLS	20000
enum status	waits_get(struct session *, const char *queue, struct waiting *,
		    size_t max, size_t *n, struct error *) MUST_CHECK;

#endif
