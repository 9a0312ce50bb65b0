/* Verdicts as JSON: the form to the letter, and spans in code points. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include <locale.h>

#include "core/judge/judge.h"
#include "core/judge/verdict.h"
#include "tests/unit/values.h"

#define HANG_S	60

static const struct policy policy = { .id =
    "9f31c0aa52d1ffffffffffffffffffffffffffffffffffffffffffffffffffff" };

static struct finding
found(const char *kind, uint32_t start, uint32_t end, double score)
{
	struct finding f;

	memset(&f, 0, sizeof(f));
	f.guard = "pii";
	f.kind = slice_of(kind);
	f.severity = SEVERITY_MEDIUM;
	f.score = score;
	f.start = start;
	f.end = end;
	f.message = SLICE("m");
	return f;
}

static void
a_verdict_has_this_form(void **state)
{
	struct finding f = found("EMAIL_ADDRESS", 5, 9, 1);
	struct verdict v = { .route = ROUTE_FLAG, .rule = "large refund",
	    .findings = &f, .nfindings = 1,
	    .release = SLICE("Thanks - a colleague\nwill") };
	struct item it = { .id = SLICE("tkt-4711-2"), .queue = SLICE("support"),
	    .output = SLICE("\xc3\xa9 \xe2\x82\xac a\xc3\xa9") };
	struct buf b = BUF_INIT;

	(void)state;
	verdict_json(&b, &it, &v, slice_of(policy.id));
	assert_string_equal(buf_str(&b), "{\"id\":\"tkt-4711-2\",\"queue\":"
	    "\"support\",\"route\":\"flag\",\"rule\":\"large refund\","
	    "\"policy\":\"9f31c0aa52d1\",\"findings\":[{\"guard\":\"pii\","
	    "\"kind\":\"EMAIL_ADDRESS\",\"severity\":\"medium\",\"score\":1,"
	    "\"start\":3,\"end\":6,\"message\":\"m\"}],\"released\":false,"
	    "\"release\":\"Thanks - a colleague\\nwill\"}\n");
	buf_release(&b);
}

static void
absent_things_are_null(void **state)
{
	struct finding f = found(NULL, 0, 0, 0.5);
	struct verdict v = { .route = ROUTE_APPROVE, .rule = "r",
	    .findings = &f, .nfindings = 1, .released = true };
	struct item it = { .id = SLICE("1"), .queue = SLICE("q"),
	    .output = SLICE("") };
	struct buf b = BUF_INIT;

	(void)state;
	f.message = SLICE_NONE;
	verdict_json(&b, &it, &v, slice_of(policy.id));
	assert_string_equal(buf_str(&b), "{\"id\":\"1\",\"queue\":\"q\","
	    "\"route\":\"approve\",\"rule\":\"r\",\"policy\":\"9f31c0aa52d1\","
	    "\"findings\":[{\"guard\":\"pii\",\"kind\":null,\"severity\":"
	    "\"medium\",\"score\":0.5,\"start\":0,\"end\":0,\"message\":null}],"
	    "\"released\":true,\"release\":null}\n");
	buf_release(&b);
}

static void
hidden_characters_are_escaped(void **state)
{
	struct verdict v = { .route = ROUTE_APPROVE, .rule = "r",
	    .released = true, .release = SLICE("a\xe2\x80\xae" "b\x1b[31m") };
	struct item it = { .id = SLICE("\xe2\x80\xae"), .queue = SLICE("q"),
	    .output = SLICE("x") };
	struct buf b = BUF_INIT;

	(void)state;
	verdict_json(&b, &it, &v, slice_of(policy.id));
	assert_null(strchr(buf_str(&b), '\x1b'));
	assert_null(strstr(buf_str(&b), "\xe2\x80\xae"));
	assert_non_null(strstr(buf_str(&b), "a\\u202eb\\u001b[31m"));
	buf_release(&b);
}

static void
findings_write(struct buf *b, struct slice output, const struct finding *f,
    size_t n)
{
	struct writer w = WRITER(b, WRITE_SHOWN);

	findings_json(&w, NULL, output, f, n);
}

static void
input_findings_say_where(void **state)
{
	struct finding f = found("X", 2, 4, 0.91);
	struct buf b = BUF_INIT;

	(void)state;
	f.on = SLICE("/messages/1/content");
	findings_write(&b, SLICE(""), &f, 1);
	assert_string_equal(buf_str(&b), "[{\"guard\":\"pii\",\"kind\":\"X\","
	    "\"severity\":\"medium\",\"score\":0.91,\"on\":"
	    "\"/messages/1/content\",\"start\":2,\"end\":4,"
	    "\"message\":\"m\"}]");
	buf_release(&b);
}

static void
scores_are_short_in_every_locale(void **state)
{
	static const char *const locales[] = {
		"C", "de_DE.UTF-8", "fr_FR.UTF-8"
	};
	struct finding f[3] = {
		found("A", 0, 0, 0.1), found("B", 0, 0, 0), found("C", 0, 0, 1e-7)
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(locales) / sizeof(locales[0]); i++) {
		if (setlocale(LC_ALL, locales[i]) == NULL)
			continue;
		buf_clear(&b);
		findings_write(&b, SLICE(""), f, 3);
		(void)setlocale(LC_ALL, "C");
		assert_non_null(strstr(buf_str(&b), "\"score\":0.1,"));
		assert_non_null(strstr(buf_str(&b), "\"score\":0,"));
		assert_non_null(strstr(buf_str(&b), "\"score\":1e-7,"));
	}
	buf_release(&b);
}

/* A record may come with findings in any order over a long text.  Counting anew
 * for each would take minutes: the alarm ends a test that hangs. */
static void
many_spans_take_one_pass(void **state)
{
	enum { N = 20000, LEN = 32000000 };
	struct finding *f = calloc(N, sizeof(*f));
	char *text = malloc(LEN), last[64];
	struct buf b = BUF_INIT;
	uint32_t at;
	size_t i;

	(void)state;
	assert_non_null(f);
	assert_non_null(text);
	for (i = 0; i < LEN; i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	for (i = 0; i < N; i++) {
		at = (uint32_t)(i % 2 == 0 ? i * 2 : LEN - 2 - i * 2);
		f[i] = found("K", at, at + 2, 1);
	}
	(void)alarm(HANG_S);
	findings_write(&b, (struct slice){ text, LEN }, f, N);
	(void)alarm(0);
	at = (LEN - 2 - (N - 1) * 2) / 2;
	(void)snprintf(last, sizeof(last), "\"start\":%u,\"end\":%u,"
	    "\"message\":\"m\"}]", at, at + 1);
	assert_false(b.failed);
	assert_op(b.n, >, strlen(last));
	assert_string_equal(buf_str(&b) + b.n - strlen(last), last);
	buf_release(&b);
	free(text);
	free(f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_verdict_has_this_form),
		cmocka_unit_test(absent_things_are_null),
		cmocka_unit_test(hidden_characters_are_escaped),
		cmocka_unit_test(input_findings_say_where),
		cmocka_unit_test(scores_are_short_in_every_locale),
		cmocka_unit_test(many_spans_take_one_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
