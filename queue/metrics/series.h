/*
 * The values of metrics, by their labels, and how they are printed: Prometheus' text
 * 0.0.4, or OpenMetrics 1.0.
 *
 *	series_add(&s, METRIC_ROUTED, 3, "support", "flag");
 *	series_observe(&s, METRIC_OVERHEAD, 0.003, "reply");
 *
 * Values of labels are the policy's names, so that there are few: who gives one that
 * comes from outside says "other" instead.
 */
#ifndef QUEUE_METRICS_SERIES_H
#define QUEUE_METRICS_SERIES_H

#include "core/base/buf.h"
#include "queue/metrics/table.h"

struct one_series;

struct series {
	struct one_series *first[METRICS];
	bool		 failed;	/* something had no memory */
};

void		series_release(struct series *);
/* Forgets those of one metric: what is no more is not to be shown. */
void		series_clear(struct series *, enum metric);
/* As many labels as the metric has, in its order. */
void		series_add(struct series *, enum metric, double, ...);
void		series_set(struct series *, enum metric, double, ...);
/* To a histogram. */
void		series_observe(struct series *, enum metric, double seconds, ...);
/* So many at once, all of them in that bucket. */
void		series_bucket(struct series *, enum metric, size_t bucket,
		    double n, double sum, ...);
/* Adds all that another has. */
void		series_merge(struct series *, const struct series *);
/* Those of the metrics from one to before another, each with its head. */
void		series_print(struct buf *, const struct series *, enum metric from,
		    enum metric to, bool open_metrics);

#endif
