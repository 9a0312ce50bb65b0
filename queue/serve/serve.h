/*
 * The service (handrail-serve.1): records in, verdicts and releases out, over HTTP.
 *
 * One thread has the sockets (conn.h), some judge (judges.h), one writes (committer.h);
 * calls go between them (call.h, mailbox.h).
 */
#ifndef QUEUE_SERVE_SERVE_H
#define QUEUE_SERVE_SERVE_H

#include <signal.h>
#include <stdatomic.h>

#include "queue/session.h"

struct serve_options {
	/* Of one store; the service's own, writes with session_options.serves. */
	struct session	*reads, *writes, *delivers, *counts;
	const volatile sig_atomic_t *stop;	/* set by SIGTERM and SIGINT */
	/* Lines for standard error, without a prefix. */
	void		(*notice)(const char *);
	/* SIGHUP: called once for each, and must not wait; what it applies to the
	 * store is followed within a second. */
	const atomic_int *hangups;	/* how many came */
	void		(*reload)(void *);
	void		*arg;
};

/* Serves until it is told to stop.  STATUS_INVALID, STATUS_IO: it cannot begin.
 * *unstored: answers that the store would not take to the end, and that are lost. */
enum status	serve_run(const struct serve_options *, size_t *unstored,
		    struct error *) MUST_CHECK;

#endif
