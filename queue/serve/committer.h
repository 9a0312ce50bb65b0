/*
 * The thread that writes: all calls that wait are stored in one transaction that is
 * on the disk before any of them is answered.  While it commits the next gather.
 * It also appends releases that were held and are due, tries for /readyz whether the
 * store could be written to, and signs the log where it runs as the store's owner.
 */
#ifndef QUEUE_SERVE_COMMITTER_H
#define QUEUE_SERVE_COMMITTER_H

#include "queue/serve/mailbox.h"
#include "queue/session.h"

struct committer;

struct committer_options {
	struct session	*session;	/* the writer's alone, until it is freed */
	struct mailbox	*done;		/* calls come back through it */
	void		(*notice)(const char *);	/* of what went wrong */
};

enum status	committer_new(struct committer **, const struct committer_options *,
		    struct error *) MUST_CHECK;
/* Stores what it has, and ends. */
void		committer_free(struct committer *);
/* call->step says what it is for: CALL_STORE or CALL_PROBE. */
void		committer_put(struct committer *, struct call *);
/* Did the last that was to be stored fail? */
bool		committer_failing(struct committer *);
/* How many calls wait for it. */
size_t		committer_waiting(struct committer *);

/* What it has done so far. */
struct committer_counts {
	uint64_t	commits, items, failures;
};
struct committer_counts committer_counts(struct committer *);

#endif
