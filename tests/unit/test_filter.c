/* Filters as people type them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tui/review/filter.h"

static void
of_is(enum filter_of of, const char *typed, const char *want)
{
	struct buf b = BUF_INIT;

	filter_condition(of, slice_of(typed), &b);
	assert_string_equal(buf_str(&b), want);
	buf_release(&b);
}

static void
is(const char *typed, const char *want)
{
	of_is(FILTER_ITEMS, typed, want);
}

static void
test_words(void **state)
{
	(void)state;
	is("refund", "instr(lower(output), lower('refund')) > 0 OR "
	    "instr(lower(id), lower('refund')) > 0 OR "
	    "instr(lower(rule), lower('refund')) > 0");
	is("Old sofa", "instr(lower(output), lower('Old sofa')) > 0 OR "
	    "instr(lower(id), lower('Old sofa')) > 0 OR "
	    "instr(lower(rule), lower('Old sofa')) > 0");
	is("confidence > 0.5", "confidence > 0.5");
	is("sampled", "sampled");
	is("confidence IS NULL", "confidence IS NULL");
	is("NOT sampled", "NOT sampled");
	is("failed('pii')", "failed('pii')");
	is("it's", "it's");
	is("", "");
	is("undone", "instr(lower(output), lower('undone')) > 0 OR "
	    "instr(lower(id), lower('undone')) > 0 OR "
	    "instr(lower(rule), lower('undone')) > 0");
	of_is(FILTER_DECIDED, "undone", "undone");
	of_is(FILTER_DECIDED, "confidence IS NULL", "confidence IS NULL");
	of_is(FILTER_DECIDED, "ana", "instr(lower(output), lower('ana')) > 0 OR "
	    "instr(lower(id), lower('ana')) > 0 OR "
	    "instr(lower(rule), lower('ana')) > 0 OR "
	    "instr(lower(reason), lower('ana')) > 0 OR "
	    "instr(lower(note), lower('ana')) > 0 OR "
	    "instr(lower(by), lower('ana')) > 0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
