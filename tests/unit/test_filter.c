/* Filters as people type them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tui/review/filter.h"

static void
is(const char *typed, const char *want)
{
	struct buf b = BUF_INIT;

	filter_condition(slice_of(typed), &b);
	assert_string_equal(buf_str(&b), want);
	buf_release(&b);
}

static void
test_words(void **state)
{
	(void)state;
	is("refund", "instr(lower(output), lower('refund')) > 0 OR "
	    "instr(lower(id), lower('refund')) > 0");
	is("Old sofa", "instr(lower(output), lower('Old sofa')) > 0 OR "
	    "instr(lower(id), lower('Old sofa')) > 0");
	is("confidence > 0.5", "confidence > 0.5");
	is("sampled", "sampled");
	is("confidence IS NULL", "confidence IS NULL");
	is("NOT sampled", "NOT sampled");
	is("failed('pii')", "failed('pii')");
	is("it's", "it's");
	is("", "");
}

static void
near(const char *error, const char *want)
{
	struct buf b = BUF_INIT;

	filter_near(slice_of(error), &b);
	assert_string_equal(buf_str(&b), want);
	buf_release(&b);
}

static void
test_near(void **state)
{
	(void)state;
	near("condition: no such column: confidnce", "confidence");
	near("condition: no such column: Modell", "model");
	near("no such column: quantum", "");
	near("near \"x\": syntax error", "");
	near("no such column: a_name_that_is_longer_than_any_column_there_is", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words), cmocka_unit_test(test_near)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
