/* What the service counts for /metrics (queue/metrics/table.h). */
#ifndef QUEUE_SERVE_METRICS_H
#define QUEUE_SERVE_METRICS_H

#include <pthread.h>
#include <stdatomic.h>

#include "queue/metrics/series.h"

struct call;

/* Of one loop. */
struct metrics {
	pthread_mutex_t	lock;		/* of the series: others read them */
	struct series	series;
	_Atomic uint64_t routes[3];	/* records judged, by enum route */
	_Atomic uint64_t refused;	/* records refused */
};

void	metrics_init(struct metrics *);
void	metrics_release(struct metrics *);

/* The call is answered; its endpoint may be NULL.  A gateway's counts as one. */
void	metrics_answer(struct metrics *, const struct call *, int64_t now_ns);

/* One call of a gateway, once it is over. */
struct metrics_call {
	const char	*gateway;	/* the policy's names */
	const char	*model;		/* asked last; NULL: none was */
	const char	*outcome;	/* a route, or "refused", "failed", "left" */
	unsigned	 attempts;	/* models asked, each time */
	int64_t		 took_ns;	/* of all of it */
	int64_t		 model_ns;	/* of that with models; -1: not known */
	int64_t		 first_ns;	/* from asking to the first token; -1: none */
};
void	metrics_call(struct metrics *, const struct metrics_call *);

#endif
