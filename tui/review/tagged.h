/* A decision on several items at once, tagged in the list. */
#ifndef TUI_REVIEW_TAGGED_H
#define TUI_REVIEW_TAGGED_H

#include "core/policy/policy.h"
#include "queue/review/review.h"

struct screen;

/* Asks, and for a reason where there may be one; the items stay the caller's. */
void	task_tagged(struct screen *, enum decision, const int64_t *items,
	    size_t n, const struct queue_policy *);

#endif
