#include "tests/unit/guard_test.h"

static void
finds_each_occurrence(void **state)
{
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "contains");
	guard_test_string(&t, "pattern", "a.b");
	guard_test_one(&t, "x a.b y", "match", "a.b");
	guard_test_none(&t, "aXb A.B");
	guard_test_none(&t, "");
	assert_int_equal(guard_test_run(&t, "a.ba.ba.b"), 3);
	guard_test_release(&t);
}

static void
misses_what_must_be_there(void **state)
{
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "contains");
	guard_test_string(&t, "pattern", "Not legal advice.");
	guard_test_number(&t, "must", 1);
	guard_test_none(&t, "Sue. Not legal advice.");
	guard_test_one(&t, "Sue.", "missing", "Sue.");
	guard_test_release(&t);
}

static void
needs_a_pattern(void **state)
{
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "contains");
	guard_test_string(&t, "pattern", "");
	assert_int_equal(guard_test_compile(&t), STATUS_INVALID);
	guard_test_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_each_occurrence),
		cmocka_unit_test(misses_what_must_be_there),
		cmocka_unit_test(needs_a_pattern)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
