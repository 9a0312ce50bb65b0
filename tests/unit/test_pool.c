/* Slots worked on by threads come back in order; nobody waits for ever. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <string.h>

#include "queue/ingest/pool.h"
#include "tests/unit/values.h"

#define SLOTS	5
#define ROUNDS	1000

struct fixture {
	struct pool	*pool;
	struct error	 err;
	unsigned	 in[SLOTS], out[SLOTS];
	unsigned	 puts;
	pthread_t	 feeder;
	/* A gate that the workers wait at while it is shut. */
	pthread_mutex_t	 lock;
	pthread_cond_t	 opened;
	bool		 shut;
};

static void
square(void *arg, unsigned worker, size_t slot)
{
	struct fixture *f = arg;

	assert_op(worker, <, 3);
	pthread_mutex_lock(&f->lock);
	while (f->shut)
		pthread_cond_wait(&f->opened, &f->lock);
	pthread_mutex_unlock(&f->lock);
	f->out[slot] = f->in[slot] * f->in[slot];
}

static void
setup(struct fixture *f, bool waits)
{
	struct pool_options o = {
		.workers = 3, .slots = SLOTS, .waits = waits, .run = square,
		.arg = f
	};

	memset(f, 0, sizeof(*f));
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->opened, NULL);
	assert_int_equal(pool_new(&f->pool, &o, &f->err), STATUS_OK);
}

static void
gate_open(struct fixture *f)
{
	pthread_mutex_lock(&f->lock);
	f->shut = false;
	pthread_cond_broadcast(&f->opened);
	pthread_mutex_unlock(&f->lock);
}

static void
teardown(struct fixture *f)
{
	gate_open(f);
	pool_free(f->pool);
	pthread_cond_destroy(&f->opened);
	pthread_mutex_destroy(&f->lock);
}

static void *
feed(void *arg)
{
	struct fixture *f = arg;
	size_t slot;

	while (f->puts < ROUNDS && pool_take(f->pool, &slot)) {
		f->in[slot] = f->puts++;
		pool_put(f->pool);
	}
	pool_put_end(f->pool);
	return NULL;
}

static void
slots_come_back_in_order(void **state)
{
	enum pool_next next;
	struct fixture f;
	unsigned i = 0;
	size_t slot;

	(void)state;
	setup(&f, false);
	assert_int_equal(pthread_create(&f.feeder, NULL, feed, &f), 0);
	while ((next = pool_next(f.pool, false, &slot)) == POOL_SLOT) {
		assert_int_equal(f.in[slot], i);
		assert_int_equal(f.out[slot], i * i);
		i++;
		pool_release(f.pool);
	}
	assert_int_equal(next, POOL_END);
	assert_int_equal(i, ROUNDS);
	pthread_join(f.feeder, NULL);
	teardown(&f);
}

/* A feeder that waits for input is a reason to be idle, once. */
static void
a_starving_feeder_makes_idle(void **state)
{
	struct fixture f;
	size_t slot;

	(void)state;
	setup(&f, false);
	assert_true(pool_take(f.pool, &slot));
	pool_starve(f.pool, true);
	assert_int_equal(pool_next(f.pool, false, &slot), POOL_IDLE);
	assert_false(pool_ready(f.pool));
	pool_starve(f.pool, false);
	f.in[0] = 7;
	pool_put(f.pool);
	pool_put_end(f.pool);
	assert_int_equal(pool_next(f.pool, true, &slot), POOL_SLOT);
	assert_int_equal(f.out[slot], 49);
	assert_true(pool_ready(f.pool));
	/* It is there until it was consumed. */
	assert_int_equal(pool_next(f.pool, false, &slot), POOL_SLOT);
	pool_release(f.pool);
	assert_int_equal(pool_next(f.pool, false, &slot), POOL_END);
	teardown(&f);
}

static void
work_that_waits_makes_idle(void **state)
{
	struct fixture f;
	size_t slot;

	(void)state;
	setup(&f, true);
	f.shut = true;
	assert_true(pool_take(f.pool, &slot));
	pool_put(f.pool);
	assert_int_equal(pool_next(f.pool, false, &slot), POOL_IDLE);
	gate_open(&f);
	assert_int_equal(pool_next(f.pool, true, &slot), POOL_SLOT);
	teardown(&f);
}

/* The ring is full and nobody consumes: the feeder ends all the same. */
static void
a_cancel_sends_everyone_home(void **state)
{
	struct fixture f;
	size_t slot;

	(void)state;
	setup(&f, false);
	assert_int_equal(pthread_create(&f.feeder, NULL, feed, &f), 0);
	assert_int_equal(pool_next(f.pool, false, &slot), POOL_SLOT);
	assert_false(pool_cancelled(f.pool));
	pool_cancel(f.pool);
	pthread_join(f.feeder, NULL);
	assert_op(f.puts, <=, SLOTS);
	assert_true(pool_cancelled(f.pool));
	assert_false(pool_take(f.pool, &slot));
	teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots_come_back_in_order),
		cmocka_unit_test(a_starving_feeder_makes_idle),
		cmocka_unit_test(work_that_waits_makes_idle),
		cmocka_unit_test(a_cancel_sends_everyone_home)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
