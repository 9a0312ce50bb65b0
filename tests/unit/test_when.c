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
#include "core/expr/times.h"
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

	if (times_expand(where, NOW, &b, &err) != STATUS_OK)
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

#define MIDNIGHT	"'2026-11-25T00:00:00.000Z'"
#define BEFORE		"'2026-11-24T00:00:00.000Z'"

/* A text beside a column of times is a time, on either side of any operator. */
static void
test_compared(void **state)
{
	(void)state;
	expands("decided_at > 'today' AND b = 'today'",
	    "decided_at > " MIDNIGHT " AND b = 'today'");
	expands("'Today'<=\"ts\" or x", MIDNIGHT "<=\"ts\" or x");
	expands("DUE_AT >= ('2026-11-25')", "DUE_AT >= (" MIDNIGHT ")");
	expands("created_at > '2026-11-25T02:00:00+02:00'",
	    "created_at > " MIDNIGHT);
	expands("created_at <> '2026-11-25T00:00:00Z'",
	    "created_at <> " MIDNIGHT);
	expands("ingested_at not between 'yesterday' and '24h' AND c",
	    "ingested_at not between " BEFORE " and '2026-11-24T07:00:00.000Z' AND c");
	expands("due_at BETWEEN ago('24h') AND 'today'",
	    "due_at BETWEEN '2026-11-24T07:00:00.000Z' AND " MIDNIGHT);
	expands("a AND ts > '2026-11' AND 'x'", "a AND ts > '2026-11' AND 'x'");
	expands("substr(ts, 1, 10) = '2026-11-25'",
	    "substr(ts, 1, 10) = '2026-11-25'");
	expands("ts IN ('2026-11-25T00:00:00Z', '2026-11-24T00:00:00Z') or f(b, 'x')",
	    "ts IN (" MIDNIGHT ", " BEFORE ") or f(b, 'x')");
	expands("'a' IN (b, 'today')", "'a' IN (b, 'today')");
	expands("due_at IS NOT NULL", "due_at IS NOT NULL");
	expands("json_extract(metadata, '$.ts') > 'b'",
	    "json_extract(metadata, '$.ts') > 'b'");
	expands("decided_at > 'tomorrow'", NULL);
	expands("'27.11.' < decided_at", NULL);
	expands("decided_at > '2026-11-24 10:00'", NULL);
	expands("decided_at > 1795590000", NULL);
	expands("due_at BETWEEN 'today' AND 'never'", NULL);
	expands("decided_at = 'yesterday'", NULL);
	expands("decided_at IN ('2026-11-24')", NULL);
	expands("decided_at IN ('2026-11-24T00:00:00Z', 'today')", NULL);
	expands("'today' != ts", NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words), cmocka_unit_test(test_ago),
		cmocka_unit_test(test_compared)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
