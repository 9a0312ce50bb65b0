/*
 * A pool of worker threads over a ring of slots.  One thread (the feeder) fills
 * slots, the workers work on them in any order, and the thread that owns the pool
 * consumes them in the order in which they were filled.  The
 * pool does not know what a slot holds; it only says whose turn it is, and a slot
 * belongs to one thread at a time.
 */
#ifndef QUEUE_INGEST_POOL_H
#define QUEUE_INGEST_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

#define POOL_WORKERS_MAX	16u

struct pool_options {
	unsigned workers;		/* 1 to POOL_WORKERS_MAX */
	size_t	 slots;			/* more than workers */
	/* run() waits for a service and may take long: do not keep the processor
	 * busy. */
	bool	 waits;
	/* Works on a filled slot; `worker` counts from 0. */
	void	(*run)(void *arg, unsigned worker, size_t slot);
	void	*arg;
};

struct pool;

/* Starts the workers. */
enum status	pool_new(struct pool **, const struct pool_options *,
		    struct error *) MUST_CHECK;
/* Cancels what is left and waits for the workers.  The feeder must have ended. */
void		pool_free(struct pool *);
/* Ends all waiting in the pool, now and later; any thread may call it. */
void		pool_cancel(struct pool *);
bool		pool_cancelled(struct pool *);

/* For the feeder. */

/* Waits for the next slot to be free; false: cancelled. */
bool		pool_take(struct pool *, size_t *slot);
/* The slot taken is filled.  One that is not put is taken again. */
void		pool_put(struct pool *);
/* Nothing more is put. */
void		pool_put_end(struct pool *);
/* The feeder begins to wait for input (true), or has got some (false). */
void		pool_starve(struct pool *, bool);

/* For the owner. */

enum pool_next { POOL_SLOT, POOL_IDLE, POOL_END };
/*
 * Waits for the next slot in order to be done.  POOL_IDLE: there will be none until
 * the feeder has input; not given twice in a row (`idled`: it was the last answer).
 * POOL_END: all is consumed.
 */
enum pool_next	pool_next(struct pool *, bool idled, size_t *slot);
/* Is the next slot in order done already? */
bool		pool_ready(struct pool *);
/* The slot is consumed, and free again. */
void		pool_release(struct pool *);

#endif
