/* What is counted for /metrics, and how it is printed: Prometheus' text 0.0.4, or
 * OpenMetrics 1.0 where that is asked for. */
#ifndef QUEUE_SERVE_METRICS_H
#define QUEUE_SERVE_METRICS_H

#include "queue/serve/endpoint.h"

#define LATENCY_BUCKETS	12	/* the last: all */

struct endpoint_counts {
	uint64_t	answers[6];	/* by the status' first digit */
	uint64_t	latency[LATENCY_BUCKETS];
	double		seconds;
};

struct metrics {
	struct endpoint_counts endpoint[ENDPOINTS_MAX + 1];	/* the last: none */
	uint64_t	routes[3];	/* records judged, by enum route */
	uint64_t	refused;	/* records refused */
};

/* The call is answered; its endpoint may be NULL. */
void	metrics_answer(struct metrics *, const struct call *, int64_t now_ns);

/* One row a metric; the table is the only definition of their names. */
enum metric {
	METRIC_REQUESTS, METRIC_SECONDS, METRIC_CONNECTIONS, METRIC_INFLIGHT,
	METRIC_WAITING, METRIC_LOG_QUEUE, METRIC_COMMITS, METRIC_STORED,
	METRIC_FAILURES, METRIC_JUDGED, METRIC_REFUSED, METRIC_ITEMS,
	METRIC_OLDEST, METRIC_READY, METRICS
};
struct metric_row {
	const char	*name, *type, *help;	/* a counter's name without _total */
};
extern const struct metric_row metric_rows[METRICS];

/* The lines "# HELP" and "# TYPE". */
void	metric_head(struct buf *, enum metric, bool open_metrics);
/* One sample: labels "" or {a="b"}, made by metric_label(). */
void	metric_sample(struct buf *, enum metric, const char *suffix,
	    const char *labels, double);
/* Adds a label; its value may be any text. */
void	metric_label(struct buf *, const char *name, struct slice value);

/* Those of the requests. */
void	metrics_requests(struct buf *, const struct metrics *, bool open_metrics);

#endif
