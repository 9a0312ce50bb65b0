/* A decision on all that is tagged in the list, as one act. */
#ifndef TUI_REVIEW_TAGGED_H
#define TUI_REVIEW_TAGGED_H

#include "queue/review/review.h"

struct screen;

/*
 * Shows what it would do, asks once, and for a reason where there may be one (absent
 * in again: it is that of the last decision).
 */
void	task_tagged(struct screen *, enum decision, bool again);

#endif
