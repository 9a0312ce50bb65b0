/* Texts changed in known ways: always the same, and whole characters. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/base/utf8.h"
#include "core/suite/probe.h"

static void
whole_characters(void **state)
{
	static const char *const texts[] = { "", "x", "Köln ist schön, 30 €.",
	    "[1, 2]", " {\"a\": \"ü\"} \n", "{\"a\": ü", "日本語のテキスト", "e" };
	struct buf a = BUF_INIT, b = BUF_INIT;
	bool changed;
	size_t i;
	int p, out;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (p = 0; p < PROBES; p++)
			for (out = 0; out < 2; out++) {
				buf_clear(&a);
				buf_clear(&b);
				changed = probe_text((enum probe)p,
				    slice_of(texts[i]), out, &a);
				assert_int_equal(changed, probe_text(
				    (enum probe)p, slice_of(texts[i]), out, &b));
				assert_true(slice_eq(buf_slice(&a),
				    buf_slice(&b)));
				assert_int_equal(utf8_valid(a.p, a.n), a.n);
				if (changed)
					assert_false(slice_is(buf_slice(&a),
					    texts[i]));
			}
	buf_release(&a);
	buf_release(&b);
}

static void
is_made(enum probe p, const char *from, bool out, const char *want)
{
	struct buf b = BUF_INIT;
	bool changed = probe_text(p, slice_of(from), out, &b);

	if (want == NULL)
		assert_false(changed);
	else {
		assert_true(changed);
		assert_string_equal(buf_str(&b), want);
	}
	buf_release(&b);
}

static void
known_ways(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	is_made(PROBE_EMPTY, "x", true, "");
	is_made(PROBE_EMPTY, "", true, NULL);
	is_made(PROBE_NUMBERS, "from 199 to 30", true, "from 211 to 41");
	is_made(PROBE_NUMBERS, "none", true, NULL);
	is_made(PROBE_TRUNCATED, "abécd", true, "ab");
	is_made(PROBE_TRUNCATED, "é", true, NULL);
	is_made(PROBE_BROKEN_JSON, " {\"a\":[1]}\n", true, " {\"a\":[1],");
	is_made(PROBE_BROKEN_JSON, "a text", true, NULL);
	is_made(PROBE_TYPOS, "The refund comes to your customer today", true,
	    "The rfeund comes to your csutomer today");
	assert_true(probe_text(PROBE_LONG, SLICE("abc"), true, &b));
	assert_true(b.n >= PROBE_LONG_MIN && b.n < PROBE_LONG_MIN + 5);
	buf_release(&b);
}

static void
names(void **state)
{
	static const char *const two[] = { "broken-json", "empty" },
	    *const none[] = { "odd" };
	struct error err = { 0 };
	unsigned set;

	(void)state;
	assert_int_equal(probe_set(two, 2, &set, &err), STATUS_OK);
	assert_int_equal(set, 1u << PROBE_BROKEN_JSON | 1u << PROBE_EMPTY);
	assert_int_equal(probe_set(none, 1, &set, &err), STATUS_INVALID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_characters), cmocka_unit_test(known_ways),
		cmocka_unit_test(names)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
