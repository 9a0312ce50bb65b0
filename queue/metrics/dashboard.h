/* A dashboard for Grafana, made from the table of metrics. */
#ifndef QUEUE_METRICS_DASHBOARD_H
#define QUEUE_METRICS_DASHBOARD_H

#include "core/base/buf.h"

/* As JSON, to be imported. */
void	metrics_dashboard(struct buf *);

#endif
