/* Redaction: what is covered, by which mark, and what stays as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/hash.h"
#include "core/judge/redact.h"
#include "tests/unit/values.h"

static struct finding
found(const char *kind, uint32_t start, uint32_t end, double score, int redact)
{
	struct finding f;

	memset(&f, 0, sizeof(f));
	f.guard = "pii";
	f.kind = slice_of(kind);
	f.severity = SEVERITY_MEDIUM;
	f.score = score;
	f.start = start;
	f.end = end;
	f.redact = redact;
	return f;
}

static void
becomes(const char *text, const struct finding *f, size_t n, struct slice key,
    const char *want)
{
	struct arena arena = ARENA_INIT;
	struct error err = { 0 };
	struct redact_text of = { .text = slice_of(text), .is_string = true,
	    .key = key };
	struct redacted out;

	assert_int_equal(redact_apply(&of, f, n, &arena, &out, &err),
	    STATUS_OK);
	if (!slice_is(out.text, want))
		fail_msg("%s becomes %.*s, not %s", text,
		    SLICE_ARG(out.text), want);
	arena_release(&arena);
}

static void
a_label_names_the_kind(void **state)
{
	struct finding f[2] = {
		found("B", 6, 9, 1, REDACT_LABEL),
		found("A", 0, 2, 1, REDACT_LABEL)
	};

	(void)state;
	becomes("abcdefghij", f, 2, SLICE_NONE, "<A>cdef<B>j");
}

static void
a_mask_leaves_four_characters(void **state)
{
	struct finding card = found("CARD", 2, 18, 1, REDACT_MASK);
	struct finding few = found("PIN", 0, 4, 1, REDACT_MASK);
	struct finding wide = found("NAME", 0, 12, 1, REDACT_MASK);

	(void)state;
	becomes("x 4111111111111234 y", &card, 1, SLICE_NONE,
	    "x ************1234 y");
	becomes("1234!", &few, 1, SLICE_NONE, "****!");
	becomes("éééééé", &wide, 1, SLICE_NONE, "**éééé");
}

static void
a_hash_is_the_same_for_the_same_value(void **state)
{
	struct finding f = found("IBAN", 0, 3, 1, REDACT_HASH);
	char hex[HASH_HEX], want[64];
	struct error err = { 0 };
	struct hash h;

	(void)state;
	assert_int_equal(hash_hmac(SLICE("key"), SLICE("abc"), &h, &err),
	    STATUS_OK);
	hash_hex(&h, hex);
	(void)snprintf(want, sizeof(want), "<IBAN:%.8s>d", hex);
	becomes("abcd", &f, 1, SLICE("key"), want);
	/* Without a store's key it is a label. */
	becomes("abcd", &f, 1, SLICE_NONE, "<IBAN>d");
}

static void
of_overlapping_ones_the_surer_wins(void **state)
{
	struct finding score[2] = {
		found("LONG", 0, 8, 0.5, REDACT_LABEL),
		found("SURE", 2, 4, 0.9, REDACT_LABEL)
	};
	struct finding length[2] = {
		found("SHORT", 2, 4, 0.5, REDACT_LABEL),
		found("LONG", 0, 8, 0.5, REDACT_LABEL)
	};
	struct finding touching[2] = {
		found("A", 0, 4, 0.5, REDACT_LABEL),
		found("B", 4, 8, 0.9, REDACT_LABEL)
	};
	struct finding chain[3] = {
		found("A", 0, 4, 0.9, REDACT_LABEL),
		found("B", 2, 8, 0.5, REDACT_LABEL),
		found("C", 6, 9, 0.9, REDACT_LABEL)
	};

	(void)state;
	/* Nothing that any of them covers may stay to be read. */
	becomes("abcdefghij", score, 2, SLICE_NONE, "<SURE>ij");
	becomes("abcdefghij", length, 2, SLICE_NONE, "<LONG>ij");
	becomes("abcdefghij", touching, 2, SLICE_NONE, "<A><B>ij");
	becomes("abcdefghij", chain, 3, SLICE_NONE, "<A><C>j");
}

static void
untouched_text_is_the_same_slice(void **state)
{
	struct finding f[3] = {
		found("A", 0, 2, 1, REDACT_OFF),
		found("B", 0, 2, 1, REDACT_LABEL),
		found("C", 3, 3, 1, REDACT_LABEL)
	};
	struct slice text = SLICE("abcdef");
	struct redact_text of = { .text = text, .is_string = true };
	struct redacted out;
	struct arena arena = ARENA_INIT;
	struct error err = { 0 };

	(void)state;
	f[1].on = SLICE("/messages/0/content");
	assert_int_equal(redact_apply(&of, f, 3, &arena, &out, &err),
	    STATUS_OK);
	assert_ptr_equal(out.text.p, text.p);
	assert_int_equal(out.text.n, text.n);
	arena_release(&arena);
}

/* Every byte under a redacted finding goes, whatever their number and order. */
static void
nothing_that_was_found_remains(void **state)
{
	enum { TEXT = 200, MANY = 12, ROUNDS = 5000 };
	static struct finding f[MANY];
	struct arena arena = ARENA_INIT;
	struct error err = { 0 };
	char text[TEXT];
	struct redact_text of = { .text = { text, TEXT }, .is_string = true };
	unsigned seed = 1, round;
	struct redacted out;
	size_t i, k, n;

	(void)state;
	for (round = 0; round < ROUNDS; round++) {
		memset(text, 'x', sizeof(text));
		for (i = 0; i < MANY; i++) {
			seed = seed * 1103515245 + 12345;
			f[i] = found("K", (seed >> 8) % TEXT, 0,
			    (seed >> 20) % 5 / 4.0, REDACT_LABEL);
			f[i].end = f[i].start + (seed >> 16) % 20;
			if (f[i].end > TEXT)
				f[i].end = TEXT;
			for (k = f[i].start; k < f[i].end; k++)
				text[k] = '!';
		}
		for (i = n = 0; i < TEXT; i++)
			n += text[i] == 'x';
		assert_int_equal(redact_apply(&of, f, MANY, &arena, &out,
		    &err), STATUS_OK);
		for (i = k = 0; i < out.text.n; i++) {
			assert_op(out.text.p[i], !=, '!');
			k += out.text.p[i] == 'x';
		}
		assert_int_equal(k, n);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_label_names_the_kind),
		cmocka_unit_test(a_mask_leaves_four_characters),
		cmocka_unit_test(a_hash_is_the_same_for_the_same_value),
		cmocka_unit_test(of_overlapping_ones_the_surer_wins),
		cmocka_unit_test(untouched_text_is_the_same_slice),
		cmocka_unit_test(nothing_that_was_found_remains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
