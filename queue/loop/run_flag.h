/* A case of a run made an item that people review. */
#ifndef QUEUE_LOOP_RUN_FLAG_H
#define QUEUE_LOOP_RUN_FLAG_H

#include "core/item/item.h"
#include "core/suite/result.h"
#include "queue/session.h"

struct run_flagged {
	int64_t		 run;
	size_t		 n;		/* of the result, from 0 */
	struct slice	 name, suite;	/* the run's; suite absent: none was kept */
	const struct result *result;
	/* What came of it: */
	char		 id[ITEM_NAME_MAX + 1];
	bool		 again;		/* it was there already */
};

/*
 * Stores the result as an item of the suite's name and case, flagged whatever the
 * policy says of it: its output, the input where the result came of an item or the
 * case stands in the suite's files, and what failed as findings of the checks.
 * STATUS_INVALID where the run kept no texts; wants MAY_REVIEW.
 */
enum status	run_flag(struct session *, struct run_flagged *, struct error *)
		    MUST_CHECK;

#endif
