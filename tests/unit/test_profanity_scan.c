/*
 * What the scan of guard kind "profanity" leaves out changes no finding: every
 * form of it is held against one that looks at every token.
 */
#include "tests/unit/guard_test.h"

#include "core/guard/profanity/profanity.h"
#include "tests/unit/values.h"

static const enum scan_form forms[] = {
	SCAN_BEST, SCAN_AVX2, SCAN_SSE2, SCAN_PLAIN
};
#define FORMS	(sizeof(forms) / sizeof(forms[0]))

static void
tokens_are(const char *text, const char *want)
{
	struct buf got = BUF_INIT;
	struct scan scan;
	struct word_token t;

	scan_begin(&scan, NULL, SCAN_ALL, slice_of(text));
	while (scan_next(&scan, &t))
		buf_printf(&got, "[%.*s]%s%s", (int)(t.end - t.start),
		    text + t.start, t.odd ? "o" : "", t.doubled ? "d" : "");
	assert_string_equal(buf_str(&got), want);
	buf_release(&got);
}

static void
cuts_into_tokens(void **state)
{
	(void)state;
	tokens_are("", "");
	tokens_are(" .-", "");
	tokens_are("a", "[a]");
	tokens_are("It is, well; all-right.", "[It][is][well]d[all]d[right]");
	tokens_are("sh1t $5 f*ck!", "[sh1t]o[$5]o[f*ck!]o");
	tokens_are("Aab aBbc", "[Aab]d[aBbc]d");
	tokens_are("\xc3\xa9t\xc3\xa9\xe2\x80\x94ok\xe2\x80\x94",
	    "[\xc3\xa9t\xc3\xa9]o[ok]");
}

static void
leaves_common_words_out(void **state)
{
	static const char text[] = "The weather was mild and the trains of the "
	    "northern line came 5 minutes late in 2024, as they often do.";
	struct begins b = { { 0 } };
	struct scan scan;
	struct word_token t;
	size_t i, n;

	(void)state;
	begins_add(&b, "badger", 6);
	begins_add(&b, "ferret", 6);
	for (i = 0; i < FORMS; i++) {
		scan_begin(&scan, &b, forms[i], SLICE(text));
		for (n = 0; scan_next(&scan, &t);)
			n++;
		/* One or two may stand where blocks meet. */
		assert_op(n, <=, 2);
	}
}

/* One whose numbers are the same on every run. */
static uint32_t
draw(uint32_t n)
{
	static uint32_t seed = 7;

	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static const char *const listed[] = {
	"shit", "fuck", "ass", "asses", "cum", "dick", "pussy", "cock", "bitch",
	"nigger", "faggots", "scheisse", ("schei\xc3\x9f" "e"), "cabr\xc3\xb3n",
	"zz", "ox", "aardvark", "boob", "\xd1\x82\xd0\xb5\xd1\x81\xd1\x82",
	"o\xc3\xb1o", "eel", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop"
};
static const char *const piece[] = {
	"a", "B", "s", "x", "sh", "fu", "ass", "asset", "cum laude", "word",
	"LONGERWORD", "moby ", "1", "42", "@", "$", "!", "*", "|", "#", " ",
	" ", " ", "  ", ".", ". ", "\n", "_", "`", "{", "[", "/", ":", "-", "'",
	"\xc3\xa9", "\xc3\xb1", "\xe2\x80\x94", "\xe2\x80\x8b", "\xcc\x81",
	"\xf0\x9f\x98\x80", "\xd1\x81", "\xce\xb1", "\xe4\xbd\xa0", "\xc2\xad",
	"\xef\xbd\x86"
};
#define LISTED	(sizeof(listed) / sizeof(listed[0]))
#define PIECES	(sizeof(piece) / sizeof(piece[0]))

/* A listed word in one of the ways that people hide it. */
static void
put_disguised(struct buf *b)
{
	static const char *const between[] = { "", "", " ", ".", "-", "*",
	    "\xe2\x80\x8b", "\xcc\x88" };
	const char *p = listed[draw(LISTED)], *gap = between[draw(8)];
	uint32_t way = draw(8), k;
	char c;

	for (; *p != '\0'; p++) {
		c = *p;
		if (c >= 'a' && c <= 'z' && draw(way == 1 ? 2 : 8) == 0)
			c = (char)(c - 32);
		if ((c & 0x80) == 0 && way == 2 && draw(3) == 0)
			c = "013457@$!*|#"[draw(12)];
		buf_putc(b, c);
		for (k = way == 3 ? draw(4) : 0; k > 0 && (c & 0x80) == 0; k--)
			buf_putc(b, c);
		if (way == 4 && p[1] != '\0' && (p[1] & 0xc0) != 0x80)
			buf_puts(b, gap);
		if (way == 5 && draw(4) == 0 && (p[1] & 0xc0) != 0x80)
			break;
	}
}

static void
text_make(struct buf *b)
{
	uint32_t n = draw(40);

	buf_clear(b);
	buf_puts(b, "");
	for (; n > 0; n--) {
		if (draw(4) > 0)
			buf_puts(b, piece[draw(PIECES)]);
		else
			put_disguised(b);
		if (draw(3) == 0)
			buf_putc(b, ' ');
	}
}

static void
guard_make(struct guard_test *t)
{
	static const char *const languages[] = { "en", "de", "es", "fr", "it" };
	const struct policy_file file = { "words.txt", SLICE("zz low\n"
	    "ox\naardvark\nthe_end\no\xc3\xb1o\neel\n"
	    "\xd1\x82\xd0\xb5\xd1\x81\xd1\x82\n"
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop\n") };
	struct option_value *v;

	guard_test_init(t, "profanity");
	guard_test_list(t, "languages", languages, 5);
	v = guard_test_option(t, "words");
	v->files = &file;
	v->nfiles = 1;
	assert_int_equal(guard_test_compile(t), STATUS_OK);
}

/* Every form finds in the text what a look at every token finds. */
static void
forms_agree(struct guard_test *t, struct slice text)
{
	struct finding want[FINDINGS_MAX];
	const struct finding *f;
	size_t n, i, k;

	profanity_form(t->compiled, SCAN_ALL);
	assert_int_equal(guard_test_try(t, text), STATUS_OK);
	n = t->found.n;
	if (n > 0)
		memcpy(want, t->found.v, n * sizeof(*want));
	for (i = 0; i < FORMS; i++) {
		profanity_form(t->compiled, forms[i]);
		assert_int_equal(guard_test_try(t, text), STATUS_OK);
		f = t->found.v;
		for (k = 0; k < n && k < t->found.n && f[k].start ==
		    want[k].start && f[k].end == want[k].end &&
		    f[k].severity == want[k].severity; k++)
			;
		if (k < n || t->found.n != n)
			fail_msg("form %u: finding %zu of %zu differs in: %.*s",
			    (unsigned)forms[i], k, n, SLICE_ARG(text));
	}
}

static void
forms_find_the_same(void **state)
{
	struct buf text = BUF_INIT, shifted = BUF_INIT;
	uint32_t round, pad, found = 0;
	struct guard_test t;

	(void)state;
	guard_make(&t);
	for (round = 0; round < 20000; round++) {
		text_make(&text);
		/* Elsewhere in the blocks that are looked at together. */
		buf_clear(&shifted);
		for (pad = draw(130); pad > 0; pad--)
			buf_putc(&shifted, pad % 7 == 0 ? ' ' : 'x');
		buf_add_slice(&shifted, buf_slice(&text));
		forms_agree(&t, buf_slice(&text));
		found += (uint32_t)t.found.n;
		forms_agree(&t, buf_slice(&shifted));
	}
	assert_op(found, >, 10000);
	buf_release(&text);
	buf_release(&shifted);
	guard_test_release(&t);
}

/* Bytes of no language; a text ends at each of them. */
static void
forms_agree_on_noise(void **state)
{
	static const char few[] = "shitSHIT  .1$\xc3\xa9";
	char text[200];
	struct guard_test t;
	uint32_t round, i, n;

	(void)state;
	guard_make(&t);
	for (round = 0; round < 20000; round++) {
		n = draw(sizeof(text));
		for (i = 0; i < n; i++)
			text[i] = round % 2 == 0 ? (char)draw(256) :
			    few[draw(sizeof(few) - 1)];
		forms_agree(&t, (struct slice){ text, n });
	}
	guard_test_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts_into_tokens),
		cmocka_unit_test(leaves_common_words_out),
		cmocka_unit_test(forms_find_the_same),
		cmocka_unit_test(forms_agree_on_noise)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
