/* The bounds of precision and recall on labelled sentences. */
#include "tests/unit/guard_test.h"

#include "tests/bench/bench_pii.h"

static void
reaches_its_bounds(void **state)
{
	struct error err = { STATUS_OK, "" };
	struct score_run x;
	FILE *items, *truths;
	int k;

	(void)state;
	items = score_file("pii-generated-large.items.jsonl");
	truths = score_file("pii-generated-large.truth.jsonl");
	if (items == NULL || truths == NULL) {
		print_message("skipped: no data under $HANDRAIL_SHARED\n");
		skip();
	}
	assert_true(score_open(&x, &err));
	assert_true(score_files(&x, items, truths, &err));
	assert_int_equal(x.items, 2109);
	for (k = 0; k < SCORE_KINDS; k++) {
		if (share(x.score[k].right, x.score[k].found) <
		    score_rows[k].precision ||
		    share(x.score[k].right, x.score[k].truth) <
		    score_rows[k].recall)
			fail_msg("%s: %zu found, %zu right, of %zu",
			    score_rows[k].kind, x.score[k].found,
			    x.score[k].right, x.score[k].truth);
	}
	score_close(&x);
	(void)fclose(items);
	(void)fclose(truths);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reaches_its_bounds)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
