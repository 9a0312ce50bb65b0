/* Conditions: what they say, and every way out of them that must be shut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <math.h>
#include <sqlite3.h>

#include "core/base/cpu.h"
#include "core/expr/expr.h"
#include "core/expr/func.h"
#include "core/expr/like.h"

static const char *const guard_names[] = { "tone", "it's", "secrets" };
static const struct expr_names names = { guard_names, 3, "x", false };

static bool
says_failed(void *arg, const char *guard)
{
	++*(int *)arg;
	return strcmp(guard, "tone") == 0;
}

static bool
says_errored(void *arg, const char *guard)
{
	++*(int *)arg;
	return strcmp(guard, "secrets") == 0;
}

static double
says_score(void *arg, const char *guard)
{
	(void)arg;
	return strcmp(guard, "tone") == 0 ? 0.75 : NAN;
}

static bool
says_kind(void *arg, const char *guard, const char *kind)
{
	(void)arg;
	return strcmp(guard, "tone") == 0 && strcmp(kind, "rude") == 0;
}

/* Looks at the clock are counted, a millisecond each: how slow the machine is
 * must not matter. */
int64_t
cpu_ns(void)
{
	static int64_t ns;

	return ns += 1000000;
}

static int asked;
static const struct expr_facts facts = {
	says_failed, says_errored, says_score, says_kind, &asked
};

static struct item
sample_item(void)
{
	struct item it;

	memset(&it, 0, sizeof(it));
	it.id = SLICE("1");
	it.queue = SLICE("support");
	it.output = SLICE("You will get 30 EUR back.");
	it.output_is_string = true;
	it.has_confidence = true;
	it.confidence = 0.9;
	it.metadata = SLICE("{\"amount\":\"30\",\"lang\":\"en\",\"n\":7}");
	it.input_tokens = 812;
	it.output_tokens = -1;
	it.cost_usd = -1;
	it.latency_ms = 640;
	return it;
}

static enum expr_value
value_of(const struct item *it, const char *condition)
{
	struct expr_row row = { it, 1, 0, SEVERITY_HIGH, &facts };
	struct error err = { 0 };
	struct expr_set *x;
	enum expr_value v = EXPR_ERROR;
	size_t bad, tried;

	if (expr_set_new(&x, &condition, 1, &names, &bad, &err) != STATUS_OK)
		fail_msg("%s: %s", condition, err.text);
	assert_int_equal(expr_set_run(x, &row, false, &v, &tried, &err),
	    STATUS_OK);
	assert_int_equal(tried, 1);
	expr_set_free(x);
	return v;
}

static const char *const value_names[] = { "false", "true", "NULL", "error" };

static void
conditions_mean_what_sql_means(void **state)
{
	static const struct {
		const char	*text;
		enum expr_value	 value;
	} rows[] = {
		{ "confidence >= 0.9", EXPR_TRUE },
		{ "confidence > 0.9", EXPR_FALSE },
		{ "\"confidence\" > 0.5 AND [queue] = 'support'", EXPR_TRUE },
		{ "model = 'x'", EXPR_NULL },
		{ "model IS NULL AND cost_usd IS NULL", EXPR_TRUE },
		{ "output_tokens < 1000", EXPR_NULL },
		{ "input_tokens = 812 AND latency_ms = 640", EXPR_TRUE },
		{ "failures = 1 AND errors = 0 AND severity = 3", EXPR_TRUE },
		{ "num(metadata->>'amount') > 500", EXPR_FALSE },
		/* As text, '30' is more than any number. */
		{ "metadata->>'amount' > 500", EXPR_TRUE },
		{ "num(metadata->>'lang') > 0", EXPR_NULL },
		{ "num('30') = 30 AND num('1e2') = 100", EXPR_TRUE },
		{ "num('30 EUR') IS NULL AND num(NULL) IS NULL", EXPR_TRUE },
		{ "num('') IS NULL AND num(x'3330') IS NULL", EXPR_TRUE },
		{ "metadata->>'nothing' = 1", EXPR_NULL },
		{ "failed('tone')", EXPR_TRUE },
		{ "failed('it''s')", EXPR_FALSE },
		{ "errored('secrets') AND NOT errored('tone')", EXPR_TRUE },
		{ "score('tone') > 0.7", EXPR_TRUE },
		{ "score('secrets') > 0.7", EXPR_NULL },
		{ "kind('tone', 'rude') AND NOT kind('tone', 'x')", EXPR_TRUE },
		{ "output LIKE '%30 eur%'", EXPR_TRUE },
		{ "output GLOB '*[0-9] EUR*'", EXPR_TRUE },
		{ "instr(output, 'EUR') = 17", EXPR_TRUE },
		{ "length(replace(output, '30', '3')) = 24", EXPR_TRUE },
		{ "trim('..x.', '.') = 'x' AND ltrim('aab','a') = 'b'",
		    EXPR_TRUE },
		{ "max(confidence, 0.95) = 0.95", EXPR_TRUE },
		{ "words(output) = 6 AND words(' ') = 0", EXPR_TRUE },
		{ "levenshtein('kitten', 'sitting') = 3", EXPR_TRUE },
		{ "levenshtein('äö', 'aö') = 1 AND levenshtein('', 'ab') = 2",
		    EXPR_TRUE },
		{ "rouge1('the cat', 'the dog') = 0.5", EXPR_TRUE },
		{ "words(NULL) IS NULL AND rouge1(model, 'x') IS NULL",
		    EXPR_TRUE },
		{ "1 -- why", EXPR_TRUE },
		{ "1 /* why */", EXPR_TRUE },
		{ "'yes'", EXPR_FALSE },
		{ "0.5", EXPR_TRUE },
		{ "NULL", EXPR_NULL },
		{ "abs(-9223372036854775807 - 1)", EXPR_ERROR },
		{ "queue IN ('support', 'sales')", EXPR_TRUE },
		{ "confidence BETWEEN 0 AND 1", EXPR_TRUE },
		{ "CASE WHEN failures THEN 0 ELSE 1 END", EXPR_FALSE },
	};
	struct item it = sample_item();
	enum expr_value v;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		v = value_of(&it, rows[i].text);
		if (v != rows[i].value)
			fail_msg("%s is %s", rows[i].text, value_names[v]);
	}
}

static void
absent_values_are_null(void **state)
{
	struct item it = sample_item();

	(void)state;
	it.metadata = SLICE_NONE;
	it.has_confidence = false;
	assert_int_equal(value_of(&it, "metadata IS NULL"), EXPR_TRUE);
	assert_int_equal(value_of(&it, "metadata->>'a' = 1"), EXPR_NULL);
	assert_int_equal(value_of(&it, "confidence >= 0"), EXPR_NULL);
	assert_int_equal(value_of(&it, "NOT confidence < 0.5"), EXPR_NULL);
}

static void
refused(const char *text, const char *reason)
{
	const char *conditions[2];
	struct error err = { 0 };
	struct expr_set *x;
	size_t bad = 9;

	conditions[0] = "1";
	conditions[1] = text;
	if (expr_set_new(&x, conditions, 2, &names, &bad, &err) !=
	    STATUS_INVALID)
		fail_msg("taken: %s (%s)", text, err.text);
	assert_null(x);
	assert_int_equal(bad, 1);
	if (strstr(err.text, reason) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", text, err.text,
		    reason);
}

static void
mistakes_are_found(void **state)
{
	(void)state;
	refused("confidnce > 0.5", "no such column: confidnce");
	/* With SQLite's usual settings this is a string, and true. */
	refused("\"confidnce\" > 0.5", "no such column: confidnce");
	refused("confidnce > 0.5", "confidnce; did you mean confidence?");
	refused("conf > 0.5", "conf; did you mean confidence?");
	refused("model = \"m1\"", "no such column: m1; a text goes in single quotes: "
	    "'m1'");
	refused("queue = \"mode1\"", "mode1; did you mean model? A text goes in "
	    "single quotes: 'mode1'");
	refused("model = gpt", "gpt; a text goes in single quotes: 'gpt'");
	refused("model IN (gpt)", "gpt; a text goes in single quotes: 'gpt'");
	refused("model = 4o", "4o\"; a text goes in single quotes");
	refused("amount > 5", "amount; of a record's metadata: metadata->>'amount'");
	refused("severity = high", "severity is a number from 0 to 4: high is 3");
	refused("lenght(output) > 5", "no such function: lenght; did you mean length?");
	refused("faild('pii')", "no such function: faild; did you mean failed?");
	refused("output REGEXP 'x'", "LIKE '%x%' or GLOB '*x*'");
	refused("failures = 0 && errors = 0", "near \"&\": syntax error; && is AND");
	refused("confidence < 0,9", "0,9 is not a number: write 0.9");
	refused("round(confidence, 1) < 0,9", "0,9 is not a number: write 0.9");
	refused("cost_usd BETWEEN 0,1 AND 0,5", "0,1 is not a number: write 0.1");
	refused("input_tokens > 1,000", "1,000 is not a number: write 1.000 or 1000");
	refused("input_tokens > 1,000,000", "1,000,000 is not a number: write 1000000");
	refused("input_tokens > 1,234.5", "1,234.5 is not a number: write 1234.5");
	refused("input_tokens > 1.234,5", "1.234,5 is not a number: write 1234.5");
	refused("queue IN (1,2) AND (confidence) < (0,9)", "0,9 is not a number: "
	    "write 0.9");
	refused("confidence > 0.5, failures = 0", "a comma stands where one value "
	    "belongs; conditions are joined by AND or OR");
	refused("confidence < ,9", "near \",\": syntax error; conditions are joined");
	refused("date('now') > '2026'", "a filter has ago('1d')");
	refused("confidence >", "it ends too early");
	refused("confidence > 0.5 AND -- more", "it ends too early");
	refused("(confidence > ) AND 1", "near \")\": syntax error");
	refused("metadata->>'$x' = 1", "JSON path");
	refused("failures = 0 OR json_extract(metadata, 'a') = 1", "JSON path");
	refused("nofn(1)", "no such function: nofn");
	refused("num(1, 2)", "wrong number of arguments");
	refused("", "empty");
	refused(" -- nothing", "empty");
	refused("'open", "unfinished");
	refused("1 /* open", "unfinished");
}

static void
ways_out_are_shut(void **state)
{
	(void)state;
	refused("1); SELECT (1", "too many");
	refused("1) OR (1", "too many");
	refused("1) UNION ALL SELECT (1", "too many");
	refused("(1", "missing");
	refused("1; SELECT 2", "nothing may follow");
	refused("1;", "nothing may follow");
	refused("confidence > ?", "parameters");
	refused("confidence > ?1", "parameters");
	refused("confidence > :a", "parameters");
	refused("confidence > @a", "parameters");
	refused("confidence > $a", "parameters");
	refused("(SELECT 1)", "SELECT");
	refused("EXISTS (SELECT 1)", "SELECT");
	refused("0 AND (SELECT 1)", "SELECT");
	refused("(VALUES (1))", "SELECT");
	refused("1 IN sqlite_master", "");
	refused("1 IN (WITH a AS (VALUES (1)) SELECT * FROM a)", "SELECT");
	refused("1 IN json_each('[1]')", "");
	refused("1 IN pragma_database_list", "");
	refused("RAISE(ABORT, 'x')", "RAISE");
	refused("1 ORDER BY 1", "syntax error");
	refused("1, 2", "a comma stands where one value belongs");
	refused("max(confidence)", "misuse of aggregate");
	refused("count(*)", "");
	refused("sum(confidence) > 1", "");
	refused("group_concat(output) = ''", "");
	refused("max(confidence) OVER () > 1", "");
	refused("row_number() OVER () > 1", "");
}

static void
functions_are_listed(void **state)
{
	static const char *const names_denied[] = {
		"random()", "randomblob(4)", "zeroblob(4)", "date('now')",
		"time('now')", "datetime('now')", "julianday('now')",
		"strftime('%s', 'now')", "unixepoch()", "CURRENT_TIMESTAMP",
		"CURRENT_DATE", "current_time", "load_extension('x')",
		"sqlite_version()", "sqlite_source_id()",
		"sqlite_compileoption_used('x')", "sqlite_offset(output)",
		"changes()", "total_changes()", "last_insert_rowid()",
		"rule(1)", "large(output)", "soundex('x')",
		"json_patch(output, metadata)", "output MATCH 'x'",
		"output REGEXP 'x'", "\"random\"()"
	};
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names_denied) / sizeof(names_denied[0]); i++) {
		refused(names_denied[i], "");
		(void)snprintf(text, sizeof(text), "failures > 5 AND %s > 1",
		    names_denied[i]);
		refused(text, "");
	}
	refused("random() > 1", "not authorized to use function: random");
}

/* Only a suite's conditions see what a case expects. */
static void
cases_have_what_they_expect(void **state)
{
	static const struct expr_names suite = { NULL, 0, NULL, true };
	const char *condition = "instr(output, expect->>'amount') > 0";
	struct item it = sample_item();
	struct expr_row row = { &it, 0, 0, SEVERITY_NONE, &facts };
	struct error err = { 0 };
	enum expr_value v = EXPR_ERROR;
	struct expr_set *x;
	size_t bad, tried;

	(void)state;
	refused(condition, "no such column: expect");
	it.expect = SLICE("{\"amount\":\"30 EUR\"}");
	assert_int_equal(expr_set_new(&x, &condition, 1, &suite, &bad, &err),
	    STATUS_OK);
	assert_int_equal(expr_set_run(x, &row, true, &v, &tried, &err),
	    STATUS_OK);
	assert_int_equal(v, EXPR_TRUE);
	it.expect = SLICE_NONE;
	assert_int_equal(expr_set_run(x, &row, true, &v, &tried, &err),
	    STATUS_OK);
	assert_int_equal(v, EXPR_NULL);
	expr_set_free(x);
}

static void
guards_must_exist(void **state)
{
	(void)state;
	refused("failed('ton')",
	    "failed('ton'): no guard or expected result of that name "
	    "in queue \"x\"");
	refused("0 AND failed('ton')", "failed('ton')");
	refused("CASE WHEN 1 THEN 1 ELSE score ( 'x' ) END > 1", "score('x')");
	refused("errored('x')", "errored('x')");
	refused("FAILED(/* a */ 'ton')", "failed('ton')");
	refused("\"failed\"('ton')", "failed('ton')");
	refused("[failed]('ton')", "failed('ton')");
	refused("kind('ton', 'rude')", "kind('ton')");
	refused("failed(model)", "single quotes");
	refused("failed('to' || 'ne')", "single quotes");
	refused("failed(\"tone\")", "single quotes");
	refused("failed()", "single quotes");
}

struct lazy {
	const char	*conditions[4];
	enum expr_value	 out[4];
	size_t		 tried;
};

static void
lazy_run(struct lazy *l, bool all)
{
	struct item it = sample_item();
	struct expr_row row = { &it, 0, 0, SEVERITY_NONE, &facts };
	struct error err = { 0 };
	struct expr_set *x;
	size_t bad;

	asked = 0;
	assert_int_equal(expr_set_new(&x, l->conditions, 4, &names, &bad,
	    &err), STATUS_OK);
	assert_int_equal(expr_set_run(x, &row, all, l->out, &l->tried, &err),
	    STATUS_OK);
	expr_set_free(x);
}

static void
the_first_true_one_ends_it(void **state)
{
	struct lazy l = { .conditions = { "confidence < 0.5", "model = 'x'",
	    "severity IS NULL", "failed('tone')" } };

	(void)state;
	lazy_run(&l, false);
	assert_int_equal(l.tried, 3);
	assert_int_equal(l.out[0], EXPR_FALSE);
	assert_int_equal(l.out[1], EXPR_NULL);
	assert_int_equal(l.out[2], EXPR_TRUE);
	assert_int_equal(asked, 0);
	lazy_run(&l, true);
	assert_int_equal(l.tried, 4);
	assert_int_equal(l.out[3], EXPR_TRUE);
	assert_int_equal(asked, 1);
}

static void
an_error_stays_with_its_condition(void **state)
{
	struct lazy l = { .conditions = {
	    "abs(-9223372036854775807 - 1) AND confidence",
	    "output LIKE '%x' ESCAPE 'ab'", "confidence > 0.5",
	    "abs(-9223372036854775807 - 1)" } };

	(void)state;
	lazy_run(&l, false);
	assert_int_equal(l.tried, 3);
	assert_int_equal(l.out[0], EXPR_ERROR);
	assert_int_equal(l.out[1], EXPR_ERROR);
	assert_int_equal(l.out[2], EXPR_TRUE);
	lazy_run(&l, true);
	assert_int_equal(l.tried, 4);
	assert_int_equal(l.out[2], EXPR_TRUE);
	assert_int_equal(l.out[3], EXPR_ERROR);
}

/* Much work in one condition, without a place where SQLite looks at the clock. */
#define FOUR(s)	s s s s
#define LONG(s)	FOUR(FOUR(FOUR(s))) "'x'"

/* SQLite's own functions would need hours or gigabytes for most of these.  They
 * end with the answer, or, where that takes too long, with none. */
static void
runaways_are_stopped(void **state)
{
	static const struct {
		const char	*text;
		enum expr_value	 value;		/* EXPR_ERROR: no answer */
	} bombs[] = {
		{ "output LIKE '%a%a%a%a%a%a%a%a%a%a%a%a%ab'", EXPR_FALSE },
		{ "output LIKE '%a_a_a%a_a%a__________________________b'",
		    EXPR_ERROR },
		{ "output GLOB '*a*a*a*a*a*a*a*a*a*b'", EXPR_FALSE },
		{ "length(printf('%1000000000s', 1)) > 1", EXPR_ERROR },
		{ "length(printf('%.*d', 1000000000, 1)) > 1", EXPR_ERROR },
		{ "printf('%.*c', 2000000000, 'x') = ''", EXPR_ERROR },
		{ "format('%.2000000000c', 'x') = ''", EXPR_ERROR },
		{ "printf('%d%-.*c', 7, -2000000000, 'x') = ''", EXPR_ERROR },
		{ "format(replace(substr(output, 1, 9000), 'a', '%99999c')) = ''",
		    EXPR_ERROR },
		{ "length(replace(output, 'a', output)) > 1", EXPR_ERROR },
		{ "length(replace(output, substr(output, 1, 100000) || 'b', ''))",
		    EXPR_TRUE },
		{ "instr(output, substr(output, 1, 100000) || 'b') > 0",
		    EXPR_FALSE },
		{ "length(trim(output, substr(output, 1, 100000) || 'b')) > 1",
		    EXPR_ERROR },
		{ "length(hex(hex(hex(hex(hex(output)))))) > 1", EXPR_ERROR },
		{ "json_extract(output, '$.a') > 1", EXPR_ERROR },
		{ LONG("(output LIKE '%a%b%') || "), EXPR_FALSE },
		{ LONG("instr(lower(upper(output)), 'b') || "), EXPR_FALSE },
		{ LONG("json_extract(json_array(output), '$[1]') || "),
		    EXPR_ERROR }
	};
	struct item it = sample_item();
	size_t i, n = 1000000;
	char *text = malloc(n);
	enum expr_value v;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', n);
	it.output = (struct slice){ text, n };
	for (i = 0; i < sizeof(bombs) / sizeof(bombs[0]); i++) {
		v = value_of(&it, bombs[i].text);
		if (v == EXPR_NULL)	/* SQLite's way to say too long */
			v = EXPR_ERROR;
		if (v != EXPR_ERROR && v != bombs[i].value)
			fail_msg("%s is %s", bombs[i].text, value_names[v]);
	}
	free(text);
}

static void
depth_and_length_have_limits(void **state)
{
	char *text = calloc(1, 20001);

	(void)state;
	assert_non_null(text);
	memset(text, '1', 20000);
	refused(text, "at most 16384 bytes");
	memset(text, '(', 2000);
	text[2000] = '1';
	memset(text + 2001, ')', 2000);
	text[4001] = '\0';
	refused(text, "");
	free(text);
}

static void
long_outputs_are_taken(void **state)
{
	struct item it = sample_item();
	size_t n = ITEM_RECORD_MAX;
	char *text = malloc(n);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', n);
	it.output = (struct slice){ text, n };
	assert_int_equal(value_of(&it, "length(output) = 8388608"), EXPR_TRUE);
	assert_int_equal(value_of(&it, "output || model IS NULL"), EXPR_TRUE);
	assert_int_equal(value_of(&it, "length(lower(output) || 'x') > 1"),
	    EXPR_TRUE);
	assert_int_equal(value_of(&it, "output NOT LIKE '%b' AND "
	    "replace(output, 'b', 'cc') GLOB 'a*'"), EXPR_TRUE);
	/* What it does not mention is not in its way. */
	assert_int_equal(value_of(&it, "metadata->>'n' = 7"), EXPR_TRUE);
	assert_int_equal(value_of(&it, "output->>'n' = 7"), EXPR_ERROR);
	it.output.n = EXPR_VALUE_MAX - 2;
	text[0] = text[it.output.n - 1] = '"';
	assert_int_equal(value_of(&it, "output->>'n' IS NULL"), EXPR_TRUE);
	free(text);
}

/* What a condition makes of little stays small. */
static void
values_have_a_limit(void **state)
{
	struct item it = sample_item();

	(void)state;
	assert_int_equal(value_of(&it, "printf('%600000s|%.*d', 1, 400000, 7) "
	    "LIKE '%|0%7'"), EXPR_TRUE);
	assert_int_equal(value_of(&it, "printf('%5.2f %% %s', 1.5, model) "
	    "IS NOT format('x')"), EXPR_TRUE);
	assert_int_equal(value_of(&it, "printf('%d %5.2f%%', 3, 1.25) = "
	    "'3  1.25%'"), EXPR_TRUE);
	assert_int_equal(value_of(&it, "printf(NULL) IS NULL"), EXPR_TRUE);
	assert_int_equal(value_of(&it, "printf('%1048577s', 1)"), EXPR_ERROR);
	assert_int_equal(value_of(&it, "printf('%600000s%600000s', 1, 2)"),
	    EXPR_ERROR);
	assert_int_equal(value_of(&it, "length(hex(printf('%900000s', 1)))"),
	    EXPR_ERROR);
}

/* The time of all conditions of an item is one. */
static void
what_follows_a_runaway_is_an_error(void **state)
{
	struct lazy l = { .conditions = { "confidence < 0.5",
	    LONG("(output LIKE '%a%b%') || ") " = 'x'", "1", "model = 'x'" } };
	struct expr_row row = { NULL, 0, 0, SEVERITY_NONE, &facts };
	struct item it = sample_item();
	struct error err = { 0 };
	struct expr_set *x;
	size_t bad, n = 1000000;
	char *text = malloc(n);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', n);
	it.output = (struct slice){ text, n };
	row.item = &it;
	assert_int_equal(expr_set_new(&x, l.conditions, 4, &names, &bad, &err),
	    STATUS_OK);
	assert_int_equal(expr_set_run(x, &row, false, l.out, &l.tried, &err),
	    STATUS_OK);
	assert_int_equal(l.tried, 4);
	assert_int_equal(l.out[0], EXPR_FALSE);
	assert_int_equal(l.out[1], EXPR_ERROR);
	assert_int_equal(l.out[2], EXPR_ERROR);
	/* The next item has its own. */
	it.output = SLICE("short");
	assert_int_equal(expr_set_run(x, &row, false, l.out, &l.tried, &err),
	    STATUS_OK);
	assert_int_equal(l.out[2], EXPR_TRUE);
	expr_set_free(x);
	free(text);
}

static void
like_and_glob_agree_with_sqlite(void **state)
{
	static const char *const patterns[] = {
		"", "%", "a", "A%", "%b", "a_c", "_", "%%", "a%c%e", "%é%",
		"a\\%", "\\%%", "%\\", "*", "a*", "?", "[a-c]*", "[^a]*",
		"[]]", "[^]]", "[a-]", "*[0-9]", "[z-a]", "[", "a[b", "*\\*"
	};
	static const char *const texts[] = {
		"", "a", "abc", "ABC", "abcde", "é", "aé", "%", "a%", "]",
		"-", "a9", "[", "\\", "a*", "xyz"
	};
	struct slice p, t;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		for (k = 0; k < sizeof(texts) / sizeof(texts[0]); k++) {
			p = slice_of(patterns[i]);
			t = slice_of(texts[k]);
			if ((like_match(p, t, 0, NULL) == LIKE_YES) !=
			    (sqlite3_strlike(p.p, t.p, 0) == 0) ||
			    (like_match(p, t, '\\', NULL) == LIKE_YES) !=
			    (sqlite3_strlike(p.p, t.p, '\\') == 0) ||
			    (glob_match(p, t, NULL) == LIKE_YES) !=
			    (sqlite3_strglob(p.p, t.p) == 0))
				fail_msg("%s over %s", p.p, t.p);
		}
}

static void
where_conditions_are_checked(void **state)
{
	static const char *const columns[] = { "queue", "state", "created" };
	static const char *const wrong[] = {
		"1) OR (1", "state = (SELECT 1)", "confidence > 1", "?",
		"state = 'a'; DROP TABLE items", "failed('tone')", "random()",
		"max(created)", "1 -- \n) OR (1"
	};
	struct error err;
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	error_clear(&err);
	assert_int_equal(expr_check("state = 'flagged' AND queue LIKE 's%' -- x",
	    columns, 3, &err), STATUS_OK);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		error_clear(&err);
		if (expr_check(wrong[i], columns, 3, &err) != STATUS_INVALID)
			fail_msg("taken: %s", wrong[i]);
		assert_int_not_equal(strlen(err.text), 0);
	}
	expr_wrap(&b, "1 -- why");
	assert_string_equal(buf_str(&b), "(1 -- why\n)");
	buf_release(&b);
}

static void
functions_can_be_installed(void **state)
{
	struct error err = { 0 };
	sqlite3_stmt *s;
	sqlite3 *db;

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(expr_install(db, NULL, &err), STATUS_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT num('12') + 1", -1, &s,
	    NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(s, 0), 13);
	(void)sqlite3_finalize(s);
	(void)sqlite3_close(db);
}

static void
many_rules_fit(void **state)
{
	enum { RULES = 1000 };
	static const char *conditions[RULES];
	static enum expr_value out[RULES];
	struct item it = sample_item();
	struct expr_row row = { &it, 0, 0, SEVERITY_NONE, &facts };
	struct error err = { 0 };
	struct expr_set *x;
	size_t bad, tried, i;

	(void)state;
	for (i = 0; i < RULES; i++)
		conditions[i] = i == RULES - 1 ? "1" :
		    "confidence < 0.5 OR metadata->>'n' = 8";
	assert_int_equal(expr_set_new(&x, conditions, RULES, &names, &bad,
	    &err), STATUS_OK);
	assert_int_equal(expr_set_run(x, &row, false, out, &tried, &err),
	    STATUS_OK);
	assert_int_equal(tried, RULES);
	assert_int_equal(out[RULES - 1], EXPR_TRUE);
	expr_set_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_mean_what_sql_means),
		cmocka_unit_test(absent_values_are_null),
		cmocka_unit_test(mistakes_are_found),
		cmocka_unit_test(ways_out_are_shut),
		cmocka_unit_test(functions_are_listed),
		cmocka_unit_test(cases_have_what_they_expect),
		cmocka_unit_test(guards_must_exist),
		cmocka_unit_test(the_first_true_one_ends_it),
		cmocka_unit_test(an_error_stays_with_its_condition),
		cmocka_unit_test(runaways_are_stopped),
		cmocka_unit_test(depth_and_length_have_limits),
		cmocka_unit_test(long_outputs_are_taken),
		cmocka_unit_test(values_have_a_limit),
		cmocka_unit_test(what_follows_a_runaway_is_an_error),
		cmocka_unit_test(like_and_glob_agree_with_sqlite),
		cmocka_unit_test(where_conditions_are_checked),
		cmocka_unit_test(functions_can_be_installed),
		cmocka_unit_test(many_rules_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
