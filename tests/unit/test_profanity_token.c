/* The tokens of a text do not depend on where in memory's blocks it stands. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>

#include "core/guard/profanity_token.h"

#define SHIFTS	130	/* two blocks and more */

static void
cut_is(const char *text, const char *want)
{
	struct tokens cut = { .text = slice_of(text) };
	struct buf got = BUF_INIT;
	struct token t;

	while (tokens_next(&cut, &t))
		buf_printf(&got, "[%.*s]%s%s", (int)(t.end - t.start),
		    text + t.start, t.odd ? "o" : "", t.doubled ? "d" : "");
	assert_string_equal(buf_str(&got), want);
	buf_release(&got);
}

static void
cuts_into_words(void **state)
{
	(void)state;
	cut_is("", "");
	cut_is(" .-", "");
	cut_is("a", "[a]");
	cut_is("It is, well; all-right.", "[It][is][well]d[all]d[right]");
	cut_is("sh1t $5 f*ck!", "[sh1t]o[$5]o[f*ck!]o");
	cut_is("Aab aBbc", "[Aab]d[aBbc]d");
	cut_is("\xc3\xa9t\xc3\xa9\xe2\x80\x94ok", "[\xc3\xa9t\xc3\xa9]o[ok]");
}

/* Every shift puts it elsewhere in the blocks that are looked at together. */
static void
one_cut(const char *text, size_t n)
{
	char shifted[SHIFTS + 400 + 1];
	struct tokens first = { .text = { text, n } }, cut;
	struct token a, b;
	size_t k;

	for (k = 0; k < SHIFTS; k++) {
		memset(shifted, ' ', k);
		memcpy(shifted + k, text, n);
		cut = (struct tokens){ .text = { shifted, k + n } };
		first = (struct tokens){ .text = { text, n } };
		while (tokens_next(&first, &a)) {
			assert_true(tokens_next(&cut, &b));
			assert_int_equal(b.start, a.start + k);
			assert_int_equal(b.end, a.end + k);
			assert_int_equal(b.odd, a.odd);
			assert_int_equal(b.letters, a.letters);
			assert_int_equal(b.digits, a.digits);
			if (!a.odd)
				assert_int_equal(b.doubled, a.doubled);
		}
		assert_false(tokens_next(&cut, &b));
	}
}

static void
the_place_does_not_matter(void **state)
{
	static const char *const piece[] = {
		"a", "B", "ss", "word", "LONGERWORD", "1", "42", "@", "$", "!",
		"*", "|", "#", " ", " ", ".", "\n", "_", "`", "{", "[", "/",
		":", "\xc3\xa9", "\xe2\x80\x94", "\xe2\x80\x8b", "\xf0\x9f\x98\x80"
	};
	uint32_t seed = 7, round, i, n;
	struct buf text = BUF_INIT;

	(void)state;
	for (round = 0; round < 300; round++) {
		buf_clear(&text);
		seed = seed * 1664525u + 1013904223u;
		n = seed >> 8 & 63;
		for (i = 0; i < n; i++) {
			seed = seed * 1664525u + 1013904223u;
			buf_puts(&text, piece[(seed >> 8) %
			    (sizeof(piece) / sizeof(piece[0]))]);
		}
		assert_true(text.n <= 400);
		one_cut(buf_str(&text), text.n);
	}
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_into_words),
		cmocka_unit_test(the_place_does_not_matter)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
