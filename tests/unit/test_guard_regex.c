#include "tests/unit/guard_test.h"
#include "tests/unit/values.h"

static void
finds_each_match(void **state)
{
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "regex");
	guard_test_string(&t, "pattern", "(?i)\\bguarantee[ds]?\\b");
	guard_test_one(&t, "We Guaranteed it.", "match", "Guaranteed");
	assert_int_equal(t.found.v[0].severity, SEVERITY_MEDIUM);
	assert_int_equal(guard_test_run(&t, "guarantee guarantees"), 2);
	guard_test_none(&t, "guaranteeing");
	guard_test_none(&t, "");
	guard_test_release(&t);
}

static void
misses_what_must_be_there(void **state)
{
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "regex");
	guard_test_string(&t, "pattern", "\\bsource: \\w+");
	guard_test_number(&t, "must", 1);
	guard_test_none(&t, "It rains. source: DWD");
	guard_test_one(&t, "It rains.", "missing", "It rains.");
	guard_test_one(&t, "", "missing", "");
	guard_test_release(&t);
}

static void
an_error_names_the_byte(void **state)
{
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "regex");
	guard_test_string(&t, "pattern", "ab(c");
	assert_int_equal(guard_test_compile(&t), STATUS_INVALID);
	assert_string_equal(t.err.text,
	    "pattern: byte 4: missing closing parenthesis");
	guard_test_release(&t);
}

static void
a_runaway_is_an_error_and_no_pass(void **state)
{
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "regex");
	guard_test_string(&t, "pattern", "(a+)+$");
	assert_int_equal(guard_test_try(&t,
	    SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")),
	    STATUS_LIMIT);
	guard_test_release(&t);
}

static void
findings_end_at_their_maximum(void **state)
{
	char text[5000];
	struct guard_test t;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	guard_test_init(&t, "regex");
	guard_test_string(&t, "pattern", "x");
	assert_int_equal(guard_test_run(&t, text), FINDINGS_MAX);
	assert_slice(t.found.v[FINDINGS_MAX - 1].message,
	    "the last of 1000 findings; there are more");
	guard_test_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_each_match),
		cmocka_unit_test(misses_what_must_be_there),
		cmocka_unit_test(an_error_names_the_byte),
		cmocka_unit_test(a_runaway_is_an_error_and_no_pass),
		cmocka_unit_test(findings_end_at_their_maximum)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
