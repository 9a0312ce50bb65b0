/* What the service counts for /metrics (queue/metrics/table.h). */
#ifndef QUEUE_SERVE_METRICS_H
#define QUEUE_SERVE_METRICS_H

#include "queue/metrics/series.h"

struct call;

struct metrics {
	struct series	series;
	uint64_t	routes[3];	/* records judged, by enum route */
	uint64_t	refused;	/* records refused */
};

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

/* Of an upstream, as it is now. */
void	metrics_upstream(struct metrics *, const char *upstream, bool open,
	    size_t in_flight);

void	metrics_release(struct metrics *);

#endif
