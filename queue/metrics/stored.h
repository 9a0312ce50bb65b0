/*
 * The metrics of the store.  What only grows is counted from where one begins, the
 * service at the store's end and `handrail metrics` at its beginning, in pages, so that
 * nobody waits for it; the rest is looked up.
 */
#ifndef QUEUE_METRICS_STORED_H
#define QUEUE_METRICS_STORED_H

#include "queue/metrics/series.h"
#include "queue/session.h"

struct stored_metrics {
	struct series	 series;
	int64_t		 item, seq;	/* the last that were counted */
};
#define STORED_METRICS_INIT	{ .item = 0, .seq = -1 }

/* Counts from here on only. */
enum status	stored_metrics_skip(struct stored_metrics *, struct store *,
		    struct error *) MUST_CHECK;
/* A page of what has come since; *more: there is another. */
enum status	stored_metrics_look(struct stored_metrics *, struct session *,
		    bool *more, struct error *) MUST_CHECK;
enum status	stored_metrics_print(struct buf *, struct stored_metrics *,
		    struct session *, bool open_metrics, struct error *)
		    MUST_CHECK;
void		stored_metrics_release(struct stored_metrics *);

#endif
