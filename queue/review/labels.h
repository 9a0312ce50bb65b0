/* The labels that a queue names (handrail-policy.5). */
#ifndef QUEUE_REVIEW_LABELS_H
#define QUEUE_REVIEW_LABELS_H

#include "core/policy/policy.h"

/* STATUS_INVALID for one that is not among them, with the near name; a queue without
 * any takes every label. */
enum status	labels_check(const struct queue_policy *, const struct slice *,
		    size_t n, struct error *) MUST_CHECK;

#endif
