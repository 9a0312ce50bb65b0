/*
 * Judges again, by the session's policy, what is still flagged: guards, rules and,
 * where it is approved now, its release.  Items that somebody holds and those that
 * this same policy routed are left out.
 */
#ifndef QUEUE_INGEST_REROUTE_H
#define QUEUE_INGEST_REROUTE_H

#include <signal.h>

#include "queue/session.h"

struct reroute_counts {
	uint64_t	approved, flagged, escalated;	/* as routed now */
	uint64_t	held, current;			/* left out */
};

/* STATUS_DENIED without MAY_POLICY; STATUS_INTERRUPTED after an orderly end.
 * What was committed before an error stays. */
enum status	reroute_run(struct session *, const char *queue,
		    const volatile sig_atomic_t *stop, struct reroute_counts *,
		    struct error *) MUST_CHECK;

#endif
