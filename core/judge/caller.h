/*
 * The results that the caller brought, and the outcomes of all guards.
 */
#ifndef CORE_JUDGE_CALLER_H
#define CORE_JUDGE_CALLER_H

#include "core/judge/stages.h"

/* The outcome failed where a finding says so, and has the highest score. */
void		outcome_add(struct outcome *, const struct finding *);
/* That guard could not run on the item. */
enum status	guard_error_add(struct judge *, struct outcome *,
		    struct slice message, bool fail_open, struct error *)
		    MUST_CHECK;

/* Begins the outcomes: those of the queue's guards, then of what it expects. */
enum status	outcomes_begin(struct judge *, const struct queue_judge *,
		    struct error *) MUST_CHECK;
/* What the caller brought with the record, and what it should have brought. */
enum status	caller_results(struct judge *, const struct queue_judge *,
		    struct error *) MUST_CHECK;

#endif
