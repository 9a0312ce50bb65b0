#include "queue/serve/counter.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "queue/metrics/stored.h"

#define LOOK_MS	500	/* between two looks */
#define ASIDE_NS	100000	/* for who wants to print between two pages */

struct counter {
	struct session	*session;
	pthread_mutex_t	 lock;		/* of what is below */
	pthread_cond_t	 told;
	struct stored_metrics stored;
	bool		 ending;
	atomic_int	 printers;	/* who wait for the lock */
	pthread_t	 thread;
	bool		 started;
};

static struct timespec
next_look(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_nsec += LOOK_MS * 1000000L;
	t.tv_sec += t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

/* The names that the policy in force has are the labels; one that cannot be read now
 * is read at the next look. */
static void
policy_follow(struct session *s)
{
	struct error err = { 0 };

	if (store_begin_read(s->store, &err) != STATUS_OK)
		return;
	if (session_refresh(s, &err) != STATUS_OK)
		error_clear(&err);
	store_end_read(s->store);
}

/* A lock goes to who has just left it; others come first. */
static void
step_aside(struct counter *c)
{
	const struct timespec moment = { 0, ASIDE_NS };

	(void)pthread_mutex_unlock(&c->lock);
	while (atomic_load(&c->printers) > 0)
		(void)nanosleep(&moment, NULL);
	(void)pthread_mutex_lock(&c->lock);
}

/* All that has come, a page at a time: between two somebody may print. */
static void
counter_look(struct counter *c)
{
	struct error err = { 0 };
	bool more = true;

	policy_follow(c->session);
	while (more && !c->ending) {
		if (stored_metrics_look(&c->stored, c->session, &more, &err) !=
		    STATUS_OK)
			break;
		step_aside(c);
	}
}

static void *
counter_main(void *arg)
{
	struct counter *c = arg;
	struct timespec at;

	(void)pthread_mutex_lock(&c->lock);
	while (!c->ending) {
		counter_look(c);
		at = next_look();
		while (!c->ending && pthread_cond_timedwait(&c->told, &c->lock,
		    &at) == 0)
			;
	}
	(void)pthread_mutex_unlock(&c->lock);
	return NULL;
}

enum status
counter_new(struct counter **out, struct session *session, struct error *err)
{
	struct counter *c = calloc(1, sizeof(*c));
	pthread_condattr_t attr;
	enum status st;

	*out = NULL;
	if (c == NULL)
		return error_nomem(err);
	c->session = session;
	(void)pthread_mutex_init(&c->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&c->told, &attr);
	(void)pthread_condattr_destroy(&attr);
	st = stored_metrics_skip(&c->stored, session->store, err);
	if (st == STATUS_OK && pthread_create(&c->thread, NULL, counter_main,
	    c) != 0)
		st = error_set(err, STATUS_NOMEM, "cannot start a thread");
	c->started = st == STATUS_OK;
	if (st != STATUS_OK) {
		counter_free(c);
		return st;
	}
	*out = c;
	return STATUS_OK;
}

void
counter_free(struct counter *c)
{
	if (c == NULL)
		return;
	if (c->started) {
		(void)pthread_mutex_lock(&c->lock);
		c->ending = true;
		(void)pthread_cond_signal(&c->told);
		(void)pthread_mutex_unlock(&c->lock);
		(void)pthread_join(c->thread, NULL);
	}
	stored_metrics_release(&c->stored);
	(void)pthread_cond_destroy(&c->told);
	(void)pthread_mutex_destroy(&c->lock);
	free(c);
}

enum status
counter_print(struct counter *c, struct buf *b, struct session *s,
    bool open_metrics, struct error *err)
{
	enum status st;

	atomic_fetch_add(&c->printers, 1);
	(void)pthread_mutex_lock(&c->lock);
	atomic_fetch_sub(&c->printers, 1);
	st = stored_metrics_print(b, &c->stored, s, open_metrics, err);
	(void)pthread_mutex_unlock(&c->lock);
	return st;
}
