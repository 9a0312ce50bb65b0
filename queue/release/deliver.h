/*
 * The thread that delivers: each release goes to the hooks of the policy in force,
 * signed, in order an item, again and again until it is taken.  What it has done is
 * in the store, so that another service goes on where one was killed.
 */
#ifndef QUEUE_RELEASE_DELIVER_H
#define QUEUE_RELEASE_DELIVER_H

#include <stdatomic.h>

#include "queue/session.h"

struct deliver;

#define DELIVER_AT_ONCE		8	/* of one hook */
#define DELIVER_TIMEOUT_MS	15000	/* of one try */
#define DELIVER_BREAK_AFTER	5	/* in a row failed: then one at a time */

struct deliver_options {
	struct session	*session;	/* its own, until it is freed; it writes */
	const atomic_int *hangups;	/* each: secrets are read anew */
	void		(*notice)(const char *);	/* lines for standard error */
};

/* STATUS_INVALID, STATUS_NOT_FOUND: a hook's secret cannot be read. */
enum status	deliver_new(struct deliver **, const struct deliver_options *,
		    struct error *) MUST_CHECK;
/* Waits for what is under way, some seconds at most, and ends. */
void		deliver_free(struct deliver *);

#endif
