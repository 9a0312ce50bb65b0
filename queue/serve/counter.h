/*
 * The thread that counts what comes into the store, whoever wrote it, for /metrics:
 * reading it takes a loop more time than some calls have.
 */
#ifndef QUEUE_SERVE_COUNTER_H
#define QUEUE_SERVE_COUNTER_H

#include "queue/session.h"

struct counter;

/* It counts from the store's end on.  The session is its own, until it is freed. */
enum status	counter_new(struct counter **, struct session *, struct error *)
		    MUST_CHECK;
void		counter_free(struct counter *);
/* What was counted until some moment of the last second, and by another session what
 * is so now (queue/metrics/stored.h). */
enum status	counter_print(struct counter *, struct buf *, struct session *,
		    bool open_metrics, struct error *) MUST_CHECK;

#endif
