/*
 * The threads that judge what would hold up a loop: long texts, many records, and
 * whatever a guard asks a service about.  Each keeps a scratch for the policy that
 * it last judged by.
 */
#ifndef QUEUE_SERVE_JUDGES_H
#define QUEUE_SERVE_JUDGES_H

#include <signal.h>

#include "queue/serve/call.h"

#define JUDGE_HERE_MAX	((size_t)16 << 10)	/* bytes that a loop judges itself */

struct judges;

/* key: the store's.  Calls come back through call->done. */
enum status	judges_new(struct judges **, unsigned threads, struct slice key,
		    const volatile sig_atomic_t *stop, struct error *) MUST_CHECK;
/* At least so many, as far as threads can be had. */
void		judges_grow(struct judges *, unsigned threads);
#define JUDGES_WAITING	32	/* where guards wait for services */
/* What waits is not judged any more: STATUS_INTERRUPTED. */
void		judges_free(struct judges *);
void		judges_put(struct judges *, struct call *);

/* A scratch of one thread that follows the calls' policies. */
struct judge_bench {
	struct judge_options	 o;
	const struct policy	*policy;	/* of the scratch */
	struct judge_scratch	*scratch;
};
/* Runs call->judge, or sets its error. */
void		judge_bench_run(struct judge_bench *, struct call *);
void		judge_bench_release(struct judge_bench *);
/* Does a guard of the policy wait for a service? */
bool		judge_waits(const struct policy *);

#endif
