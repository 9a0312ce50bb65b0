/* Statements by name: kept, bound, stepped; conditions put into them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <sqlite3.h>

#include "db/query.h"
#include "tests/unit/store_test.h"
#include "tests/unit/values.h"

static struct query *
get(enum query_id id)
{
	struct error err = { 0 };
	struct query *q;

	if (query_get(&q, store, id, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	return q;
}

static void
run(struct query *q)
{
	struct error err = { 0 };

	if (query_run(q, &err) != STATUS_OK)
		fail_msg("%s", err.text);
}

static void
test_values_come_back_as_they_went(void **state)
{
	struct error err = { 0 };
	struct query *q;
	bool row;

	(void)state;
	q = get(QUERY_STORE_META_SET);
	query_bind_text(q, STORE_META_SET_name, SLICE("key"));
	query_bind_blob(q, STORE_META_SET_value, ((struct slice){ "a\0b", 3 }));
	run(q);
	q = get(QUERY_STORE_META_SET);
	query_bind_text(q, STORE_META_SET_name, SLICE("log"));
	query_bind_text(q, STORE_META_SET_value, (struct slice){ "", 0 });
	run(q);

	q = get(QUERY_STORE_META);
	assert_int_equal(query_step(q, &row, &err), STATUS_OK);
	assert_true(row);
	assert_slices(query_blob(q, STORE_META_KEY), ((struct slice){ "a\0b",
	    3 }));
	assert_false(query_null(q, STORE_META_LOG));
	assert_non_null(query_text(q, STORE_META_LOG).p);
	assert_int_equal(query_text(q, STORE_META_LOG).n, 0);
	assert_true(query_null(q, STORE_META_SHARED));
	assert_null(query_text(q, STORE_META_SHARED).p);
	assert_null(query_blob(q, STORE_META_SHARED).p);
	assert_true(isnan(query_double(q, STORE_META_SHARED)));
	assert_int_equal(query_int(q, STORE_META_SHARED), 0);
	assert_int_equal(query_step(q, &row, &err), STATUS_OK);
	assert_false(row);
	query_done(q);
	query_done(NULL);
}

static void
test_a_statement_is_kept_and_handed_out_clean(void **state)
{
	struct error err = { 0 };
	struct query *q, *again;

	(void)state;
	q = get(QUERY_AUDIT_HASHES);
	query_bind_int(q, AUDIT_HASHES_seq, 0);
	assert_int_equal(query_row(q, &err), STATUS_OK);
	/* Not done with, and got again: no row of before, no value of before. */
	again = get(QUERY_AUDIT_HASHES);
	assert_ptr_equal(q, again);
	assert_int_equal(query_row(again, &err), STATUS_NOT_FOUND);
	assert_int_equal(err.code, STATUS_OK);
	query_done(again);
}

static void
test_a_refusal_names_the_store_and_why(void **state)
{
	struct error err = { 0 };
	struct query *q;

	(void)state;
	q = get(QUERY_AUDIT_INSERT);
	query_bind_int(q, AUDIT_INSERT_seq, 99);
	query_bind_text(q, AUDIT_INSERT_leaf, SLICE("{}"));
	query_bind_blob(q, AUDIT_INSERT_hashes, SLICE("x"));
	assert_int_equal(query_run(q, &err), STATUS_CORRUPT);
	assert_non_null(strstr(err.text, path));
	assert_non_null(strstr(err.text, "without a gap"));
}

static void
test_many_rows_by_one_statement(void **state)
{
	struct value row[][5] = {
		{ value_int(7), value_int(-3), value_blob(SLICE("r\0s")),
		    value_blob(SLICE_NONE), value_text(SLICE("native")) },
		{ value_int(9), value_int(INT64_MAX), value_blob(SLICE("")),
		    value_blob(SLICE("in")), value_text(SLICE_NONE) },
		/* A key that is there stops it; what stands before it stays. */
		{ value_int(7), value_int(0), value_blob(SLICE("again")),
		    value_blob(SLICE_NONE), value_text(SLICE_NONE) },
		{ value_int(11), value_int(0), value_blob(SLICE("late")),
		    value_blob(SLICE_NONE), value_text(SLICE_NONE) }
	};
	struct batch b = BATCH_INIT;
	struct error err = { 0 };
	sqlite3_stmt *st;
	sqlite3 *db;
	size_t i, n;

	(void)state;
	assert_int_equal(value_real((double)NAN).type, VALUE_NULL);
	assert_int_equal(value_real(0.25).type, VALUE_REAL);
	assert_int_equal(batch_run(&b, store, QUERY_PAYLOADS_INSERT, NULL, &err),
	    STATUS_OK);
	for (i = 0; i < 4; i++)
		assert_int_equal(batch_add(&b, row[i], &err), STATUS_OK);
	assert_int_equal(batch_run(&b, store, QUERY_PAYLOADS_INSERT, &n, &err),
	    STATUS_CONFLICT);
	assert_int_equal(n, 2);
	error_clear(&err);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT group_concat(row, ';') "
	    "FROM (SELECT printf('%d %d %Q %s %s', item, part, hex(record), "
	    "quote(input), quote(shape)) AS row FROM payloads ORDER BY item)",
	    -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	assert_string_equal(sqlite3_column_text(st, 0),
	    "7 -3 '720073' NULL 'native';"
	    "9 9223372036854775807 '' X'696E' NULL");
	(void)sqlite3_finalize(st);
	(void)sqlite3_close(db);
	batch_release(&b);
}

static enum status
where(const char *condition, struct query **q, struct error *err)
{
	memset(err, 0, sizeof(*err));
	return query_new_where(q, store, QUERY_AUDIT_QUERY, condition, err);
}

static void
test_conditions(void **state)
{
	static const char *const good[] = {
		"event = 'log.create'", "seq = 0 -- and so on",
		"seq + 0 IN (0, 1) AND (by IS NOT NULL OR uid > 5)",
		"\"from\" IS NULL", "num(uid) >= 0 AND event LIKE 'LOG%'"
	};
	static const char *const bad[] = {
		"evnt = 'x'", "", "1; DELETE FROM leaves", "1) OR (1",
		"(SELECT 1)", "EXISTS (SELECT 1 FROM meta)", "seq = ?1",
		"leaf = 1", "hashes = 1", "load_extension('x')", "random() > 0",
		"'a", "/* 1", "seq IN leaves", "seq IN batch", "1 UNION SELECT 1", "count(*) > 0"
	};
	struct error err;
	struct query *q;
	size_t i;
	bool row;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (where(good[i], &q, &err) != STATUS_OK)
			fail_msg("%s: %s", good[i], err.text);
		query_bind_int(q, AUDIT_QUERY_limit, -1);
		query_bind_int(q, AUDIT_QUERY_from, 0);
		query_bind_int(q, AUDIT_QUERY_last, 1000);
		assert_int_equal(query_step(q, &row, &err), STATUS_OK);
		assert_true(row);
		query_free(q);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (where(bad[i], &q, &err) != STATUS_INVALID)
			fail_msg("%s: taken", bad[i]);
		assert_op(err.text[0], !=, '\0');
		assert_null(q);
	}
	/* All that it forbids is forbidden for that one statement only. */
	assert_int_equal(where(NULL, &q, &err), STATUS_OK);
	query_free(q);
	query_free(NULL);
	q = get(QUERY_STORE_META_SET);
	query_bind_text(q, STORE_META_SET_name, SLICE("group"));
	query_bind_text(q, STORE_META_SET_value, SLICE("g"));
	run(q);
}

/* What a condition asks for without an end is refused, and the statement's name
 * is nobody's business. */
static void
test_conditions_end(void **state)
{
	static const char *const bombs[] = {
		"printf('%.*c', 2000000000, 'x') = ''",
		"length(format('%1000000000s', event)) > 1",
		"length(hex(hex(hex(hex(hex(printf('%1000000s', 1))))))) > 1",
		"json_extract(event, '$.a') > 1"
	};
	struct error err;
	struct query *q;
	size_t i;
	bool row;

	(void)state;
	for (i = 0; i < sizeof(bombs) / sizeof(bombs[0]); i++) {
		assert_int_equal(where(bombs[i], &q, &err), STATUS_OK);
		query_bind_int(q, AUDIT_QUERY_limit, -1);
		query_bind_int(q, AUDIT_QUERY_from, 0);
		query_bind_int(q, AUDIT_QUERY_last, 1000);
		if (query_step(q, &row, &err) != STATUS_INVALID ||
		    strncmp(err.text, "condition: ", 11) != 0)
			fail_msg("%s: %s", bombs[i], err.text);
		query_free(q);
	}
}

int
main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_values_come_back_as_they_went),
		TEST(test_a_statement_is_kept_and_handed_out_clean),
		TEST(test_a_refusal_names_the_store_and_why),
		TEST(test_many_rows_by_one_statement),
		TEST(test_conditions),
		TEST(test_conditions_end)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
