/* Questions to Prometheus about the metrics of the table. */
#ifndef QUEUE_METRICS_ASK_H
#define QUEUE_METRICS_ASK_H

#include "core/base/buf.h"
#include "queue/metrics/table.h"

#define ASK_METRICS	3

struct metric_ask {
	/* Each @ is the next metric's name, a counter's with _total; a histogram's
	 * suffix stands behind it. */
	const char	*expr;
	enum metric	 of[ASK_METRICS];
};

void	ask_write(struct buf *, const struct metric_ask *);

#endif
