#include "queue/ingest/pool.h"

#include <pthread.h>
#include <stdlib.h>

#define SLOTS_WAITING	2u	/* done: the owner has enough to do */

enum slot_state { SLOT_FREE, SLOT_FILLED, SLOT_DONE };

struct worker {
	struct pool	*pool;
	unsigned	 number;
	pthread_t	 thread;
};

struct pool {
	struct pool_options o;
	pthread_mutex_t	 lock;
	pthread_cond_t	 changed;
	enum slot_state	*slot;		/* a ring: filled, worked on, consumed */
	uint64_t	 filled, taken, consumed;	/* slots so far */
	unsigned	 working;
	bool		 ended, cancelled;
	bool		 starved;	/* the feeder waits for input */
	struct worker	 worker[POOL_WORKERS_MAX];
	unsigned	 started;
};

/*
 * May one more worker go to work?  Not the last where slots that are done wait
 * for the owner: it then is the slowest, and a core is better left to it.
 */
static bool
worker_wanted(const struct pool *p)
{
	uint64_t waiting = p->taken - p->consumed - p->working;

	return p->taken < p->filled && (p->working == 0 ||
	    p->working + 1 < p->o.workers || waiting < SLOTS_WAITING);
}

static void *
worker_main(void *arg)
{
	struct worker *w = arg;
	struct pool *p = w->pool;
	size_t slot;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (!worker_wanted(p) && !p->cancelled &&
		    !(p->ended && p->taken == p->filled))
			pthread_cond_wait(&p->changed, &p->lock);
		if (p->cancelled || p->taken == p->filled)
			break;
		slot = p->taken++ % p->o.slots;
		p->working++;
		pthread_mutex_unlock(&p->lock);
		p->o.run(p->o.arg, w->number, slot);
		pthread_mutex_lock(&p->lock);
		p->working--;
		p->slot[slot] = SLOT_DONE;
		pthread_cond_broadcast(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

enum status
pool_new(struct pool **out, const struct pool_options *o, struct error *err)
{
	struct pool *p;
	struct worker *w;

	*out = NULL;
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return error_nomem(err);
	p->o = *o;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->changed, NULL);
	if ((p->slot = calloc(o->slots, sizeof(*p->slot))) == NULL) {
		pool_free(p);
		return error_nomem(err);
	}
	for (; p->started < o->workers; p->started++) {
		w = &p->worker[p->started];
		w->pool = p;
		w->number = p->started;
		if (pthread_create(&w->thread, NULL, worker_main, w) != 0) {
			pool_free(p);
			return error_set(err, STATUS_NOMEM,
			    "cannot start a thread");
		}
	}
	*out = p;
	return STATUS_OK;
}

void
pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	pool_cancel(p);
	while (p->started > 0)
		pthread_join(p->worker[--p->started].thread, NULL);
	free(p->slot);
	pthread_cond_destroy(&p->changed);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

void
pool_cancel(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->cancelled = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

bool
pool_cancelled(struct pool *p)
{
	bool cancelled;

	pthread_mutex_lock(&p->lock);
	cancelled = p->cancelled;
	pthread_mutex_unlock(&p->lock);
	return cancelled;
}

bool
pool_take(struct pool *p, size_t *slot)
{
	bool cancelled;

	pthread_mutex_lock(&p->lock);
	*slot = p->filled % p->o.slots;
	while (p->slot[*slot] != SLOT_FREE && !p->cancelled)
		pthread_cond_wait(&p->changed, &p->lock);
	cancelled = p->cancelled;
	pthread_mutex_unlock(&p->lock);
	return !cancelled;
}

void
pool_put(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->slot[p->filled++ % p->o.slots] = SLOT_FILLED;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

void
pool_put_end(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->ended = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

void
pool_starve(struct pool *p, bool starved)
{
	pthread_mutex_lock(&p->lock);
	p->starved = starved;
	if (starved)
		pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

/* Is there nothing to consume before others have done their part? */
static bool
nothing_at_hand(const struct pool *p)
{
	/* What is under way is soon done, unless it waits for a service. */
	return p->o.waits || (p->starved && p->consumed == p->filled);
}

enum pool_next
pool_next(struct pool *p, bool idled, size_t *slot)
{
	enum pool_next next = POOL_SLOT;

	pthread_mutex_lock(&p->lock);
	*slot = p->consumed % p->o.slots;
	while (p->slot[*slot] != SLOT_DONE) {
		if (p->ended && p->consumed == p->filled)
			next = POOL_END;
		else if (!idled && nothing_at_hand(p))
			next = POOL_IDLE;
		if (next != POOL_SLOT)
			break;
		pthread_cond_wait(&p->changed, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return next;
}

bool
pool_ready(struct pool *p)
{
	bool ready;

	pthread_mutex_lock(&p->lock);
	ready = p->slot[p->consumed % p->o.slots] == SLOT_DONE;
	pthread_mutex_unlock(&p->lock);
	return ready;
}

void
pool_release(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->slot[p->consumed++ % p->o.slots] = SLOT_FREE;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}
