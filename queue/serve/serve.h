/*
 * The service (handrail-serve.1): records in, verdicts and releases out, over HTTP.
 *
 * Loops have the connections (server.h), some threads judge (judges.h), one writes
 * (committer.h); calls go between them (call.h, mailbox.h).
 */
#ifndef QUEUE_SERVE_SERVE_H
#define QUEUE_SERVE_SERVE_H

#include <stdatomic.h>

#include "queue/session.h"

struct serve_options {
	/* Of one store; the service's own, writes with session_options.serves.  As many
	 * loops as sessions that read. */
	struct session	*reads[SERVICE_LOOPS_MAX];
	unsigned	 nreads;
	struct session	*writes, *delivers, *counts;
	const atomic_int *stop;		/* set by SIGTERM and SIGINT */
	/* Lines for standard error, without a prefix. */
	void		(*notice)(const char *);
	/* SIGHUP: called once for each, and must not wait; what it applies to the
	 * store is followed within a second. */
	const atomic_int *hangups;	/* how many came */
	void		(*reload)(void *);
	void		*arg;
};

/* How many loops a policy asks for: one a core, unless it says how many. */
unsigned	serve_loops(const struct policy *);
/* Are its sockets handed in (LISTEN_FDS)?  Then it may come to take over from one that
 * still has something under way. */
bool		serve_handed(void);
/* Serves until it is told to stop.  STATUS_INVALID, STATUS_IO: it cannot begin.
 * *unstored: answers that the store would not take to the end, and that are lost. */
enum status	serve_run(const struct serve_options *, size_t *unstored,
		    struct error *) MUST_CHECK;

#endif
