/* What the checks and assertions of a suite say of an answer. */
#ifndef QUEUE_LOOP_CHECKS_H
#define QUEUE_LOOP_CHECKS_H

#include "queue/loop/answers.h"
#include "core/suite/result.h"

struct suite_checker;

/*
 * The policy gives the guards of the suite's queue, and is only read.  A wrong
 * condition is "x.conf:3:12: check "amount": no such column ...".
 */
enum status	checker_new(struct suite_checker **, const struct suite *,
		    const struct policy *, struct error *) MUST_CHECK;
void		checker_free(struct suite_checker *);
/*
 * Fills all of the result but what judges say: their checks are CHECK_ERROR, "not
 * asked yet", in the order of the suite's checks, then of the case's assertions.
 */
enum status	checker_run(struct suite_checker *, const struct suite_case *,
		    const struct eval_answer *, struct arena *, struct result *,
		    struct error *) MUST_CHECK;
/* Sums up the checks of a result: pass and score. */
void		result_sum(struct result *, double threshold);

/* What an assertion came to: its verdict, or why there is none (CHECK_ERROR stays). */
enum status	check_tell(struct check_result *, enum status told,
		    const struct assert_verdict *, const struct error *why,
		    struct arena *, struct error *) MUST_CHECK;

#endif
