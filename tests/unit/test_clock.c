/* The time: the system's, but in a test store, which its first leaf makes one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sqlite3.h>

#include "core/base/hash.h"
#include "db/audit/query.h"
#include "db/clock.h"
#include "tests/unit/store_test.h"
#include "tests/unit/values.h"

#define LONG_AGO	1000000000000	/* 2001 */
#define OF_LATE		1700000000000	/* 2023 */

static int
setup(void **state)
{
	return dir_setup(state) == 0 ? setenv("HANDRAIL_CLOCK",
	    "1000000000000,77", 1) : -1;
}

static int
teardown(void **state)
{
	(void)unsetenv("HANDRAIL_CLOCK");
	return store_teardown(state);
}

static void
append(struct store *s)
{
	struct error err = { 0 };

	assert_int_equal(store_begin(s, DURABLE_NOW, &err), STATUS_OK);
	if (audit_append(s, &ana, store_now_ms(s), "export", SLICE_NONE, NULL,
	    0, NULL, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	assert_int_equal(store_commit(s, &err), STATUS_OK);
}

static void
put(const char *text)
{
	FILE *f = fopen(other, "w");

	assert_non_null(f);
	(void)fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void
test_what_a_clock_from_outside_may_be(void **state)
{
	char at[160];
	struct clock c = { "5,77" };
	int64_t boot = clock_boot_ms(NULL);

	(void)state;
	assert_op(boot, >, 0);
	assert_op(clock_boot_ms(NULL), >=, boot);
	assert_op(clock_now_ms(NULL), >, OF_LATE);
	assert_op(clock_boot_id()[0], !=, '\0');
	assert_int_equal(clock_now_ms(&c), 5);
	assert_int_equal(clock_boot_ms(&c), 77);
	c.outside = "1767225600123";
	assert_int_equal(clock_now_ms(&c), 1767225600123);
	assert_op(clock_boot_ms(&c), >=, boot);
	c.outside = "soon";
	assert_op(clock_now_ms(&c), >, OF_LATE);
	c.outside = "5 o'clock";
	assert_op(clock_now_ms(&c), >, OF_LATE);
	(void)snprintf(at, sizeof(at), "@%s", other);
	c.outside = at;
	assert_op(clock_now_ms(&c), >, OF_LATE);	/* no such file */
	put("");
	assert_op(clock_now_ms(&c), >, OF_LATE);
	put("1,2\n");
	assert_int_equal(clock_now_ms(&c), 1);
	put("3,4");
	assert_int_equal(clock_now_ms(&c), 3);
	assert_int_equal(clock_boot_ms(&c), 4);
}

static void
test_a_real_store_ignores_it(void **state)
{
	struct store *s = open_at(path, &making, NULL);

	(void)state;
	assert_false(store_is_test(s));
	assert_op(store_now_ms(s), >, OF_LATE);
	assert_int_not_equal(store_lease_ms(s), 77);
	store_close(s);
	s = open_at(path, &making_test, NULL);		/* too late */
	assert_false(store_is_test(s));
	assert_op(store_now_ms(s), >, OF_LATE);
	store_close(s);
}

static void
test_a_test_store_obeys_it_for_ever(void **state)
{
	struct store *s = open_at(path, &making_test, NULL);

	(void)state;
	assert_true(store_is_test(s));
	append(s);
	append(s);
	store_close(s);
	s = open_at(path, &making, NULL);
	assert_true(store_is_test(s));
	assert_int_equal(store_now_ms(s), LONG_AGO);
	assert_int_equal(store_lease_ms(s), 77);
	store_close(s);
	assert_int_equal(unsetenv("HANDRAIL_CLOCK"), 0);
	s = open_at(path, &making, NULL);
	assert_true(store_is_test(s));
	assert_op(store_now_ms(s), >, OF_LATE);
	store_close(s);
}

static enum status
see_leaf(void *arg, const struct audit_found *f, struct error *err)
{
	(void)err;
	if (f->seq == 0)
		buf_add_slice(arg, f->leaf);
	return STATUS_OK;
}

/* Puts another first leaf into the other, with the hash that belongs to it. */
static void
alter_first(struct slice leaf, bool hash_too)
{
	static const char before[] = "DROP TRIGGER leaves_update;"
	    "INSERT OR REPLACE INTO meta VALUES ('test', 1)";
	static const char sql[] = "UPDATE leaves SET leaf = ?1, "
	    "hashes = coalesce(?2, hashes) WHERE seq = 0";
	struct error err = { 0 };
	struct hasher *hasher;
	sqlite3_stmt *st;
	char *trigger;
	struct hash h;
	sqlite3 *db;

	assert_int_equal(hasher_new(&hasher, &err), STATUS_OK);
	hash_leaf(hasher, leaf, &h);
	hasher_free(hasher);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT sql FROM sqlite_schema "
	    "WHERE name = 'leaves_update'", -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	trigger = strdup((const char *)sqlite3_column_text(st, 0));
	assert_non_null(trigger);
	(void)sqlite3_finalize(st);
	assert_int_equal(sqlite3_exec(db, before, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	(void)sqlite3_bind_text(st, 1, leaf.p, (int)leaf.n, SQLITE_STATIC);
	if (hash_too)
		(void)sqlite3_bind_blob(st, 2, h.b, HASH_LEN, SQLITE_STATIC);
	assert_int_equal(sqlite3_step(st), SQLITE_DONE);
	(void)sqlite3_finalize(st);
	assert_int_equal(sqlite3_exec(db, trigger, NULL, NULL, NULL), SQLITE_OK);
	free(trigger);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* A real store whose first leaf was altered to say "test", with another leaf
 * behind it or none, is as real as before. */
static void
stays_real(bool another, bool hash_too)
{
	struct audit_filter all = { .since_ms = -1, .until_ms = -1, .limit = -1 };
	struct buf leaf = BUF_INIT, made = BUF_INIT;
	struct error err = { 0 };
	struct store *s = open_at(path, &making, NULL);
	size_t at;

	if (another)
		append(s);
	assert_int_equal(audit_query(s, &all, see_leaf, &leaf, &err), STATUS_OK);
	store_close(s);
	/* Where a test store's leaf has it: behind "seq":0. */
	at = (size_t)(strstr(buf_str(&leaf), ",\"ts\"") - leaf.p);
	buf_add(&made, leaf.p, at);
	buf_puts(&made, ",\"test\":true");
	buf_puts(&made, leaf.p + at);
	alter_first(buf_slice(&made), hash_too);
	s = open_at(path, &making, NULL);
	assert_false(store_is_test(s));
	assert_op(store_now_ms(s), >, OF_LATE);
	store_close(s);
	buf_release(&made);
	buf_release(&leaf);
}

static void
test_a_leaf_that_says_so_must_have_its_hash(void **state)
{
	(void)state;
	stays_real(false, false);
}

static void
test_and_be_the_one_that_the_next_names(void **state)
{
	(void)state;
	stays_real(true, true);
}

/* Nor is one whose first leaf says it in another way, or is no first leaf. */
static void
says_it_otherwise(const char *from, const char *to)
{
	struct audit_filter all = { .since_ms = -1, .until_ms = -1, .limit = -1 };
	struct buf leaf = BUF_INIT, made = BUF_INIT;
	struct error err = { 0 };
	struct store *s = open_at(path, &making_test, NULL);
	const char *at;

	assert_true(store_is_test(s));
	assert_int_equal(audit_query(s, &all, see_leaf, &leaf, &err), STATUS_OK);
	store_close(s);
	at = strstr(buf_str(&leaf), from);
	assert_non_null(at);
	buf_add(&made, leaf.p, (size_t)(at - leaf.p));
	buf_puts(&made, to);
	buf_puts(&made, at + strlen(from));
	alter_first(buf_slice(&made), true);
	s = open_at(path, &making, NULL);
	assert_false(store_is_test(s));
	assert_op(store_now_ms(s), >, OF_LATE);
	store_close(s);
	buf_release(&made);
	buf_release(&leaf);
	assert_int_equal(store_teardown(NULL), 0);
	assert_int_equal(dir_setup(NULL), 0);
}

static void
test_it_is_said_in_one_way(void **state)
{
	(void)state;
	says_it_otherwise("\"test\":true", "\"test\":false");
	says_it_otherwise("\"log.create\"", "\"log.bind\"");
	says_it_otherwise("{\"actor\"", "{ \"actor\"");
	says_it_otherwise("\"seq\":0", "\"seq\":1");
	says_it_otherwise("\"log\":\"", "\"log\":\"x");
}

int
main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_what_a_clock_from_outside_may_be),
		TEST(test_a_real_store_ignores_it),
		TEST(test_a_test_store_obeys_it_for_ever),
		TEST(test_a_leaf_that_says_so_must_have_its_hash),
		TEST(test_and_be_the_one_that_the_next_names),
		TEST(test_it_is_said_in_one_way)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
