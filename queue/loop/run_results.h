/* The results of a run read back. */
#ifndef QUEUE_LOOP_RUN_RESULTS_H
#define QUEUE_LOOP_RUN_RESULTS_H

#include "core/suite/result.h"
#include "queue/session.h"

/* Its results without texts. */
enum status	run_results(struct session *, int64_t run, struct results *,
		    struct error *) MUST_CHECK;
/* The text of result n, from 0; absent: it was not kept. */
enum status	run_text(struct session *, int64_t run, size_t n,
		    struct arena *, struct slice *, struct error *) MUST_CHECK;

#endif
