/*
 * The thread that writes: all calls that wait are stored in one transaction that is
 * on the disk before any of them is answered.  While it commits the next gather.
 * It also appends releases that were held and are due, tries whether the store can be
 * written to, and signs the log where it runs as the store's owner.
 */
#ifndef QUEUE_SERVE_COMMITTER_H
#define QUEUE_SERVE_COMMITTER_H

#include "queue/serve/call.h"
#include "queue/session.h"

struct committer;

struct committer_options {
	struct session	*session;	/* the writer's alone, until it is freed */
	void		(*notice)(const char *);	/* of what went wrong */
};

enum status	committer_new(struct committer **, const struct committer_options *,
		    struct error *) MUST_CHECK;
/* Stores what it has, and ends. */
void		committer_free(struct committer *);
/* It comes back through call->done.  call->step says what it is for: CALL_STORE or
 * CALL_PROBE.  A probe writes where it has poll set, or what was last tried failed; else
 * it asks whether it could. */
void		committer_put(struct committer *, struct call *);
/* What follows may be asked by any thread; of NULL, which there is at the end: nothing
 * was written, waits or fails. */
/* What keeps the store from being written to, as far as is known; STATUS_OK: nothing.
 * What one call alone could not store is none. */
enum status	committer_failing(struct committer *);
/* When something was last written; CLOCK_MONOTONIC. */
int64_t		committer_wrote_ms(struct committer *);
/* How many calls wait for it. */
size_t		committer_waiting(struct committer *);
/* Do as many wait as may, or as many bytes?  Nothing new is begun meanwhile. */
bool		committer_full(struct committer *);

/* What it has done so far. */
struct committer_counts {
	uint64_t	commits, items, failures;
};
struct committer_counts committer_counts(struct committer *);

#endif
