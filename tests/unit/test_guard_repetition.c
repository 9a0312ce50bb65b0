#include "tests/unit/guard_test.h"

static void
finds_circles(void **state)
{
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "repetition");
	guard_test_one(&t, "We go on and on and on and on and on, said she.",
	    "phrase", "on and on and on and on and on,");
	guard_test_one(&t, "no no no no no no no", "phrase",
	    "no no no no no no no");
	guard_test_one(&t, "The cat sat down. The cat sat down. The cat sat down. "
	    "The cat sat down. End.", "phrase", "The cat sat down. "
	    "The cat sat down. The cat sat down. The cat sat down.");
	guard_test_one(&t, "I like the sea a lot. One. I like the sea a lot. Two."
	    " I like the sea a lot. Three. I like the sea a lot.", "sentence",
	    "I like the sea a lot.");
	guard_test_one(&t, "so aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    "character",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
	guard_test_release(&t);
}

static void
passes_what_people_write(void **state)
{
	static const char *const clean[] = {
		"", "word", "very very good", "bye bye bye",
		"It is what it is, and that is that, is it not?",
		"| a | b |\n| --- | --- |\n| - | - | - | - | - | - |",
		"--------------------------------------------------------------",
		"for (;;) {\n}\n}\n}\n}\n}\n",
		"- [ ] milk\n- [ ] bread\n- [ ] eggs\n- [ ] tea\n- [ ] jam",
		"1. Open it.\n2. Read the file.\n3. Close it.\n4. Delete it."
	};
	struct guard_test t;
	size_t i;

	(void)state;
	guard_test_init(&t, "repetition");
	for (i = 0; i < sizeof(clean) / sizeof(clean[0]); i++)
		guard_test_none(&t, clean[i]);
	guard_test_release(&t);
}

static void
max_moves_the_limit(void **state)
{
	static const char text[] = "Buy it now! Buy it now! Buy it now! Go.";
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "repetition");
	guard_test_none(&t, text);
	guard_test_release(&t);
	guard_test_init(&t, "repetition");
	guard_test_number(&t, "max", 2);
	guard_test_one(&t, text, "phrase",
	    "Buy it now! Buy it now! Buy it now!");
	guard_test_release(&t);
	guard_test_init(&t, "repetition");
	guard_test_number(&t, "max", 0);
	assert_int_equal(guard_test_compile(&t), STATUS_INVALID);
	guard_test_release(&t);
}

/* Wherever they stand: as many of one character as may be, and one more. */
static void
counts_one_character(void **state)
{
	char text[140];
	struct guard_test t;
	size_t before, behind, n;

	(void)state;
	guard_test_init(&t, "repetition");
	for (before = 0; before < 45; before++)
		for (behind = 0; behind < 45; behind++)
			for (n = 40; n <= 41; n++) {
				memset(text, 'b', before + n + behind);
				memset(text + before, 'a', n);
				if (before > 40)
					text[before - 30] = 'c';
				if (behind > 40)
					text[before + n + 10] = 'c';
				text[before + n + behind] = '\0';
				assert_int_equal(guard_test_run(&t, text),
				    n == 41);
				if (n == 41)
					assert_int_equal(t.found.v[0].start,
					    before);
			}
	guard_test_release(&t);
}

/* A phrase of every length that counts, and of one word more. */
static void
counts_words_of_phrases(void **state)
{
	static const size_t befores[] = { 0, 7, 14, 29, 1500 };
	struct buf text = BUF_INIT;
	struct guard_test t;
	size_t b, period, i;

	(void)state;
	guard_test_init(&t, "repetition");
	for (b = 0; b < sizeof(befores) / sizeof(befores[0]); b++)
		for (period = 1; period <= 25; period++) {
			buf_clear(&text);
			for (i = 0; i < befores[b]; i++)
				buf_printf(&text, "before%zu ", i);
			for (i = 0; i < 6 * period; i++)
				buf_printf(&text, "word%zu ", i % period);
			if (period <= 24) {
				guard_test_one(&t, buf_str(&text), "phrase",
				    NULL);
				assert_int_equal(t.found.v[0].end, text.n - 1);
				assert_memory_equal(text.p +
				    t.found.v[0].start, "word0 ", 5);
			} else {
				guard_test_none(&t, buf_str(&text));
			}
		}
	buf_release(&text);
	guard_test_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_circles),
		cmocka_unit_test(passes_what_people_write),
		cmocka_unit_test(max_moves_the_limit),
		cmocka_unit_test(counts_one_character),
		cmocka_unit_test(counts_words_of_phrases)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
