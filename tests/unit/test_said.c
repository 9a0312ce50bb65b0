/* What loops say each by itself is told once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "queue/serve/said.h"

static void
all_have_to_say_it(void **state)
{
	struct loops_said *s = NULL;

	(void)state;
	assert_false(said_by_all(&s, "policy", 0, 3, "a"));
	assert_false(said_by_all(&s, "policy", 0, 3, "a"));
	assert_false(said_by_all(&s, "policy", 2, 3, "a"));
	assert_true(said_by_all(&s, "policy", 1, 3, "a"));
	/* From the beginning. */
	assert_false(said_by_all(&s, "policy", 1, 3, "a"));
	said_free(s);
}

static void
who_says_another_thing_does_not_say_the_first(void **state)
{
	struct loops_said *s = NULL;

	(void)state;
	assert_false(said_by_all(&s, "policy", 0, 2, "a"));
	assert_false(said_by_all(&s, "policy", 0, 2, "b"));
	assert_false(said_by_all(&s, "policy", 1, 2, "a"));
	assert_true(said_by_all(&s, "policy", 1, 2, "b"));
	said_free(s);
}

static void
matters_do_not_push_each_other_out(void **state)
{
	struct loops_said *s = NULL;
	char matter[16];
	int i;

	(void)state;
	for (i = 0; i < 200; i++) {
		(void)snprintf(matter, sizeof(matter), "prompt %d", i);
		assert_false(said_by_all(&s, matter, 0, 2, "missing"));
	}
	for (i = 0; i < 200; i++) {
		(void)snprintf(matter, sizeof(matter), "prompt %d", i);
		assert_true(said_by_all(&s, matter, 1, 2, "missing"));
	}
	said_free(s);
}

static void
what_one_alone_finds_is_told_too(void **state)
{
	struct loops_said *s = NULL;

	(void)state;
	assert_true(said_by_one(&s, "keys", 1, 3, "no file"));
	assert_false(said_by_one(&s, "keys", 0, 3, "no file"));
	assert_false(said_by_one(&s, "keys", 2, 3, "no file"));
	/* The next time round. */
	assert_true(said_by_one(&s, "keys", 2, 3, "no file"));
	assert_false(said_by_one(&s, "keys", 1, 3, "no file"));
	assert_true(said_by_one(&s, "keys", 0, 3, "no memory"));
	said_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_have_to_say_it),
		cmocka_unit_test(who_says_another_thing_does_not_say_the_first),
		cmocka_unit_test(matters_do_not_push_each_other_out),
		cmocka_unit_test(what_one_alone_finds_is_told_too)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
