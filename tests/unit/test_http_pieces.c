/* libcurl's memory: pieces hold what is written to them, and those given back serve
 * the next call without the C library. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <pthread.h>
#include <string.h>

#include "queue/http_memory.h"
#include "tests/unit/memory_test.h"

#define PIECES	40
#define LARGE	((size_t)64 << 10)	/* none of it is kept */

/* Of each size, at its edges. */
static const size_t sizes[] = { 0, 1, 32, 33, 64, 65, 1000, 8192, 8193, 16385,
    16448, 16449, LARGE };
#define SIZES	(sizeof(sizes) / sizeof(sizes[0]))

static void
pieces_take(unsigned char *p[SIZES])
{
	size_t i;

	for (i = 0; i < SIZES; i++) {
		p[i] = http_memory_alloc(sizes[i]);
		assert_non_null(p[i]);
		assert_int_equal((uintptr_t)p[i] % _Alignof(max_align_t), 0);
		memset(p[i], (int)i + 1, sizes[i]);
	}
}

static void
pieces_give(unsigned char *p[SIZES])
{
	size_t i, k;

	for (i = 0; i < SIZES; i++) {
		for (k = 0; k < sizes[i]; k++)
			if (p[i][k] != i + 1)
				fail_msg("byte %zu of %zu is %u, not %zu", k,
				    sizes[i], p[i][k], i + 1);
		http_memory_free(p[i]);
	}
}

static void
pieces_hold_what_is_written(void **state)
{
	const long before = live;
	struct http_memory m = { .bytes = 0 };
	unsigned char *p[SIZES], *q[SIZES];
	int round;

	(void)state;
	for (round = 0; round < 2; round++) {
		http_memory_use(round == 0 ? NULL : &m);
		pieces_take(p);
		pieces_take(q);
		pieces_give(p);
		pieces_take(p);
		pieces_give(q);
		pieces_give(p);
	}
	http_memory_free(NULL);
	http_memory_use(NULL);
	http_memory_release(&m);
	assert_int_equal(live, before);
}

static void
zeroed_although_used_before(void **state)
{
	struct http_memory m = { .bytes = 0 };
	unsigned char *p;
	size_t i;

	(void)state;
	http_memory_use(&m);
	p = http_memory_alloc(500);
	assert_non_null(p);
	memset(p, 0xff, 500);
	http_memory_free(p);
	p = http_memory_zalloc(50, 10);
	assert_non_null(p);
	for (i = 0; i < 500; i++)
		assert_int_equal(p[i], 0);
	http_memory_free(p);
	assert_null(http_memory_zalloc(SIZE_MAX / 2, 4));
	http_memory_use(NULL);
	http_memory_release(&m);
}

static void
grows_with_what_it_holds(void **state)
{
	const long before = live;
	struct http_memory m = { .bytes = 0 };
	char *p = NULL, *s;
	size_t n;

	(void)state;
	http_memory_use(&m);
	for (n = 1; n <= LARGE; n++) {
		p = http_memory_resize(p, n);
		assert_non_null(p);
		p[n - 1] = (char)('a' + n % 26);
	}
	for (n = 1; n <= LARGE; n++)
		assert_int_equal(p[n - 1], 'a' + n % 26);
	p = http_memory_resize(p, 3);
	assert_memory_equal(p, "bcd", 3);
	http_memory_free(p);
	s = http_memory_string("a text");
	assert_string_equal(s, "a text");
	http_memory_free(s);
	http_memory_use(NULL);
	http_memory_release(&m);
	assert_int_equal(live, before);
}

static void
next_call_needs_no_other(void **state)
{
	const long before = live;
	struct http_memory m = { .bytes = 0 };
	void *p[PIECES];
	int i, round;

	(void)state;
	http_memory_use(&m);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < PIECES; i++)
			assert_non_null(p[i] = http_memory_alloc((size_t)i * 300));
		for (i = 0; i < PIECES; i++)
			http_memory_free(p[i]);
		left = 0;		/* all is there from now on */
	}
	left = -1;
	http_memory_use(NULL);
	http_memory_release(&m);
	assert_int_equal(live, before);
}

#ifndef SANITIZED
/* A piece that could not grow is still there, as realloc() leaves it. */
static void
lack_is_told(void **state)
{
	const long before = live;
	char *p, *large;

	(void)state;
	http_memory_use(NULL);
	p = http_memory_string("kept");
	large = http_memory_alloc(LARGE);
	assert_non_null(large);
	left = 0;
	assert_null(http_memory_alloc(1));
	assert_null(http_memory_zalloc(1, 1));
	assert_null(http_memory_string("a"));
	assert_null(http_memory_resize(NULL, 1));
	assert_null(http_memory_resize(p, 1000));
	assert_null(http_memory_resize(large, 2 * LARGE));
	left = -1;
	assert_null(http_memory_alloc(SIZE_MAX));
	assert_null(http_memory_resize(large, SIZE_MAX));
	assert_string_equal(p, "kept");
	http_memory_free(p);
	http_memory_free(large);
	assert_int_equal(live, before);
}
#endif

static void
no_more_is_kept_than_may_be(void **state)
{
	const long before = live;
	static void *p[1000];
	struct http_memory m = { .bytes = 0 };
	size_t i;

	(void)state;
	http_memory_use(&m);
	for (i = 0; i < 1000; i++)
		assert_non_null(p[i] = http_memory_alloc(16000));
	for (i = 0; i < 1000; i++)
		http_memory_free(p[i]);
	assert_true(m.bytes <= (size_t)2 << 20);
#ifndef SANITIZED
	assert_true(m.bytes > (size_t)1 << 20);
#endif
	http_memory_use(NULL);
	http_memory_release(&m);
	assert_int_equal(live, before);
}

static void *
give_back(void *p)
{
	http_memory_free(p);
	return NULL;
}

/* One that keeps what another took, uses it, and ends before it. */
static void *
keep_and_end(void *p)
{
	struct http_memory m = { .bytes = 0 };

	http_memory_use(&m);
	http_memory_free(p);
	if ((p = http_memory_alloc(100)) != NULL)
		memset(p, 0xff, 100);
	http_memory_free(p);
	http_memory_use(NULL);
	http_memory_release(&m);
	return NULL;
}

/* As what curl's own thread looked up, whose pieces none keeps, and as a handle that
 * threads use in turn. */
static void
another_thread_gives_back(void **state)
{
	static void *(*const run[])(void *) = { give_back, keep_and_end };
	struct http_memory m = { .bytes = 0 };
	pthread_t other;
	long before;
	size_t i;
	void *p;

	(void)state;
	/* What the C library keeps for threads it has from then on. */
	assert_int_equal(pthread_create(&other, NULL, give_back, NULL), 0);
	assert_int_equal(pthread_join(other, NULL), 0);
	before = live;
	http_memory_use(&m);
	for (i = 0; i < 2; i++) {
		assert_non_null(p = http_memory_alloc(100));
		assert_int_equal(pthread_create(&other, NULL, run[i], p), 0);
		assert_int_equal(pthread_join(other, NULL), 0);
		assert_int_equal(m.bytes, 0);
	}
	http_memory_use(NULL);
	http_memory_release(&m);
	assert_int_equal(live, before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_hold_what_is_written),
		cmocka_unit_test(zeroed_although_used_before),
		cmocka_unit_test(grows_with_what_it_holds),
		cmocka_unit_test(next_call_needs_no_other),
#ifndef SANITIZED
		cmocka_unit_test(lack_is_told),
#endif
		cmocka_unit_test(no_more_is_kept_than_may_be),
		cmocka_unit_test(another_thread_gives_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
