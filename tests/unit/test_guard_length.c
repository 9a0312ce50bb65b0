#include "tests/unit/guard_test.h"

static void
counts_characters_and_marks_what_is_over(void **state)
{
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "length");
	guard_test_number(&t, "min", 2);
	guard_test_number(&t, "max", 4);
	guard_test_none(&t, "\xc3\xa4\xc3\xb6");
	guard_test_none(&t, "abcd");
	guard_test_one(&t, "\xc3\xa4\xc3\xb6\xc3\xbc-too", "long", "too");
	guard_test_one(&t, "\xf0\x9f\x98\x80", "short", "\xf0\x9f\x98\x80");
	guard_test_one(&t, "", "short", "");
	guard_test_release(&t);
}

static void
refuses_what_cannot_be_meant(void **state)
{
	static const struct {
		double		 min, max;	/* -1: not given */
		const char	*error;
	} row[] = {
		{ -1, -1, "min or max is needed" },
		{ 5, 4, "min: 5 is more than max, 4" },
		{ 1.5, -1, "min: 1.5 is not a whole number from 0 up" },
		{ -1, -7, "max: -7 is not a whole number from 0 up" }
	};
	struct guard_test t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		guard_test_init(&t, "length");
		if (row[i].min > -1 || row[i].min < -1)
			guard_test_number(&t, "min", row[i].min);
		if (row[i].max > -1 || row[i].max < -1)
			guard_test_number(&t, "max", row[i].max);
		assert_int_equal(guard_test_compile(&t), STATUS_INVALID);
		assert_string_equal(t.err.text, row[i].error);
		guard_test_release(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_characters_and_marks_what_is_over),
		cmocka_unit_test(refuses_what_cannot_be_meant)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
