/* Ratings and evidence: as they are typed, stored and read back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "queue/review/rating.h"
#include "tests/unit/values.h"

static void
test_typed_ratings(void **state)
{
	static const char *const bad[] = {
		"helpful", "helpful=", "helpful=x", "helpful=4x", "helpful=:", "a=1,b",
		"a=99999999999999999999", "a=9999999999999999999", "a=-1"
	};
	struct rated out[2];
	struct error err = { 0 };
	size_t n, i;

	(void)state;
	assert_int_equal(rated_parse(NULL, out, 2, &n, &err), STATUS_OK);
	assert_int_equal(n, 0);
	assert_int_equal(rated_parse(" ,, ", out, 2, &n, &err), STATUS_OK);
	assert_int_equal(n, 0);
	assert_int_equal(rated_parse("a=b=4 , polite=2 ", out, 2, &n, &err), STATUS_OK);
	assert_int_equal(n, 2);
	assert_slice(out[0].name, "a=b");
	assert_op(out[0].value, ==, 4);
	assert_op(out[1].value, ==, 2);
	assert_int_equal(rated_parse("a=1,b=2,c=3", out, 2, &n, &err), STATUS_INVALID);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		error_clear(&err);
		if (rated_parse(bad[i], out, 2, &n, &err) != STATUS_INVALID)
			fail_msg("%s", bad[i]);
	}
}

static void
test_typed_evidence(void **state)
{
	static const char *const bad[] = { "3", "3-", "-9", "a-9", "3-b", "3-9x", "1-2,3" };
	struct evidence out[2];
	struct error err = { 0 };
	size_t n, i;

	(void)state;
	assert_int_equal(evidence_parse(NULL, out, 2, &n, &err), STATUS_OK);
	assert_int_equal(n, 0);
	assert_int_equal(evidence_parse("3-9, 20-31", out, 2, &n, &err), STATUS_OK);
	assert_int_equal(n, 2);
	assert_op(out[1].start, ==, 20);
	assert_op(out[1].end, ==, 31);
	assert_int_equal(evidence_parse("1-2,3-4,5-6", out, 2, &n, &err), STATUS_INVALID);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		error_clear(&err);
		if (evidence_parse(bad[i], out, 2, &n, &err) != STATUS_INVALID)
			fail_msg("%s", bad[i]);
	}
}

/* What is stored may have been altered by hand: what is none is passed over. */
static void
test_read_back(void **state)
{
	static const struct {
		const char	*stored;
		size_t		 ratings, spans;
	} rows[] = {
		{ NULL, 0, 0 }, { "", 0, 0 }, { "{}", 0, 0 }, { "[]", 0, 0 }, { "7", 0, 0 },
		{ "{\"a\":1,\"b\":\"x\",\"c\":1.5,\"\\u0064\":4}", 2, 0 },
		{ "[{\"start\":3,\"end\":9},7,{},{\"start\":3},{\"end\":3},"
		    "{\"start\":1.5,\"end\":9},{\"start\":3,\"end\":9.5},"
		    "{\"start\":-1,\"end\":9},{\"start\":9,\"end\":9},"
		    "{\"start\":\"3\",\"end\":9}]", 0, 1 }
	};
	struct rated rated[RATINGS_MAX];
	struct evidence spans[EVIDENCE_MAX];
	struct arena arena = ARENA_INIT;
	struct buf many = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct slice stored = slice_of(rows[i].stored);

		assert_int_equal(rated_read(stored, &arena, rated), rows[i].ratings);
		assert_int_equal(evidence_read(stored, spans), rows[i].spans);
	}
	/* More than there may be. */
	buf_puts(&many, "[");
	for (i = 0; i <= EVIDENCE_MAX; i++)
		buf_printf(&many, "%s{\"start\":%zu,\"end\":99}", i == 0 ? "" : ",", i);
	buf_puts(&many, "]");
	assert_int_equal(evidence_read(buf_slice(&many), spans), EVIDENCE_MAX);
	buf_clear(&many);
	buf_puts(&many, "{");
	for (i = 0; i <= RATINGS_MAX; i++)
		buf_printf(&many, "%s\"r%zu\":1", i == 0 ? "" : ",", i);
	buf_puts(&many, "}");
	assert_int_equal(rated_read(buf_slice(&many), &arena, rated), RATINGS_MAX);
	buf_release(&many);
	arena_release(&arena);
}

/* A queue takes what it asks for, within its bounds. */
static void
test_as_they_are_stored(void **state)
{
	static const struct evidence spans[] = { { 0, 3 }, { 3, 3 }, { -1, 2 }, { 2, 9 } };
	struct queue_policy none = { .name = "q" }, asks = { .name = "q", .evidence = true };
	struct arena arena = ARENA_INIT;
	struct error err = { 0 };
	struct slice out;
	size_t i;

	(void)state;
	assert_int_equal(evidence_text(&none, spans, 0, SLICE("Fine"), &arena, &out, &err),
	    STATUS_OK);
	assert_null(out.p);
	assert_int_equal(evidence_text(&none, spans, 1, SLICE("Fine"), &arena, &out, &err),
	    STATUS_INVALID);
	error_clear(&err);
	assert_int_equal(evidence_text(&asks, spans, 1, SLICE("Fine"), &arena, &out, &err),
	    STATUS_OK);
	assert_slice(out, "[{\"start\":0,\"end\":3}]");
	for (i = 1; i < sizeof(spans) / sizeof(spans[0]); i++) {
		error_clear(&err);
		assert_int_equal(evidence_text(&asks, &spans[i], 1, SLICE("Fine"), &arena,
		    &out, &err), STATUS_INVALID);
	}
	error_clear(&err);
	assert_int_equal(rated_text(&none, &(struct rated){ SLICE("helpful"), 1 }, 1, &arena,
	    &out, &err), STATUS_INVALID);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_typed_ratings),
		cmocka_unit_test(test_typed_evidence),
		cmocka_unit_test(test_read_back),
		cmocka_unit_test(test_as_they_are_stored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
