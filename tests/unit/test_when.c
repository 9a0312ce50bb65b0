/* Times as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "core/base/time.h"
#include "core/base/when.h"
#include "core/expr/ago.h"
#include "tests/unit/values.h"

#define NOW	1795590000000	/* 2026-11-25T07:00:00Z, a Wednesday */

static void
is(const char *word, const char *want)
{
	char text[TIME_TEXT] = "-";
	int64_t ms;

	if (when_parse(word, NOW, &ms))
		time_format(ms, text);
	assert_string_equal(text, want);
}

static void
test_words(void **state)
{
	(void)state;
	is("24h", "2026-11-24T07:00:00.000Z");
	is("2w", "2026-11-11T07:00:00.000Z");
	is("2026-11-01", "2026-11-01T00:00:00.000Z");
	is("2026-11-01T10:00:00+02:00", "2026-11-01T08:00:00.000Z");
	is("now", "2026-11-25T07:00:00.000Z");
	is("today", "2026-11-25T00:00:00.000Z");
	is("Yesterday", "2026-11-24T00:00:00.000Z");
	is("wednesday", "2026-11-25T00:00:00.000Z");
	is("thursday", "2026-11-19T00:00:00.000Z");
	is("monday", "2026-11-23T00:00:00.000Z");
	is("someday", "-");
	is("", "-");
	is("7", "-");
	is("7dd", "-");
	assert_int_equal(setenv("TZ", "IST-5:30", 1), 0);
	tzset();
	is("today", "2026-11-24T18:30:00.000Z");
	assert_int_equal(setenv("TZ", "UTC", 1), 0);
	tzset();
}

static void
expands(const char *where, const char *want)
{
	struct error err = { STATUS_OK, "" };
	struct buf b = BUF_INIT;

	if (ago_expand(where, NOW, &b, &err) != STATUS_OK)
		assert_null(want);
	else
		assert_string_equal(buf_str(&b), want);
	buf_release(&b);
}

static void
test_ago(void **state)
{
	(void)state;
	expands("a > ago('1d') AND b", "a > '2026-11-24T07:00:00.000Z' AND b");
	expands("AGO ( '24h' )<x", "'2026-11-24T07:00:00.000Z'<x");
	expands("x = 'ago(1)' -- ago('1d')", "x = 'ago(1)' -- ago('1d')");
	expands("ago('never') > 1", NULL);
	expands("ago(1)", NULL);
	expands("ago('1d'", NULL);
	expands("ago", NULL);
	expands("", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words), cmocka_unit_test(test_ago)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
