/* Alert rules for Prometheus, made from the table of metrics. */
#ifndef QUEUE_METRICS_RULES_H
#define QUEUE_METRICS_RULES_H

#include "core/base/buf.h"

/* A file of rules, in YAML. */
void	metrics_rules(struct buf *);

#endif
