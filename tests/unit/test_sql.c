/* Every statement: on a new store and on one that began as the first; by constants
 * of its own alone; the hot ones by the index that they are meant to take. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "db/query.h"
#include "core/expr/func.h"
#include "db/sql.h"
#include "db/sqlite/functions.h"
#include "db/sqlite/migrate.h"
#include "tests/unit/store_test.h"
#include "tests/unit/values.h"

static struct query *
prepared(struct store *s, enum query_id id)
{
	struct error err = { 0 };
	struct query *q;
	bool where = strstr(sql_queries[id].text, "WHERE_CONDITION") != NULL;

	if ((where ? query_new_where(&q, s, id, "1 = 1", &err) :
	    query_get(&q, s, id, &err)) != STATUS_OK)
		fail_msg("%s: %s", sql_queries[id].name, err.text);
	if (where) {
		query_free(q);
		q = NULL;
	}
	return q;
}

static void
prepare_all(struct store *s)
{
	int i;

	for (i = 0; i < QUERY_COUNT; i++)
		(void)prepared(s, (enum query_id)i);
}

static void
test_every_statement_prepares(void **state)
{
	(void)state;
	prepare_all(store);
}

static void
must_exec(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
}

/* The tables of the first version, with what this store's own begins with. */
static void
test_every_statement_prepares_on_a_migrated_store(void **state)
{
	char sql[256];
	struct store *s;
	sqlite3 *db;

	(void)state;
	store_close(store);
	store = NULL;
	assert_int_equal(sqlite3_open(copy, &db), SQLITE_OK);
	must_exec(db, "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL;");
	must_exec(db, sql_migrations[0].text);
	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version = 1;"
	    "PRAGMA application_id = %d; ATTACH '%s' AS new",
	    STORE_APPLICATION_ID, path);
	must_exec(db, sql);
	must_exec(db, "INSERT INTO meta SELECT * FROM new.meta;"
	    "INSERT INTO leaves SELECT * FROM new.leaves; DETACH new;");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	s = open_at(copy, &(const struct store_options){ .wait_ms = 5000 },
	    NULL);
	prepare_all(s);
	store_close(s);
}

/* The first rows of EXPLAIN QUERY PLAN, up to the n-th ';'. */
static void
plan(sqlite3 *db, enum query_id id, char *out, size_t size)
{
	const char *text = sql_queries[id].text;
	const char *mark = strstr(text, "WHERE_CONDITION");
	char sql[8192];
	sqlite3_stmt *st;
	size_t n = 0;

	if (mark == NULL)
		(void)snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", text);
	else
		(void)snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %.*s1%s",
		    (int)(mark - text), text, mark + strlen("WHERE_CONDITION"));
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql_queries[id].name, sqlite3_errmsg(db));
	out[0] = '\0';
	while (sqlite3_step(st) == SQLITE_ROW && n < size)
		n += (size_t)snprintf(out + n, size - n, "%s%s", n == 0 ? "" :
		    "; ", sqlite3_column_text(st, 3));
	(void)sqlite3_finalize(st);
}

/* Each begins with one seek, by that; none sorts, none reads a table through. */
static void
test_plans_of_what_is_asked_often(void **state)
{
	static const struct {
		enum query_id	 id;
		const char	*seek;
	} hot[] = {
		{ QUERY_LIST_FLAGGED, "i USING INDEX items_flagged (" },
		{ QUERY_LIST_FLAGGED_BACK, "i USING INDEX items_flagged (" },
		{ QUERY_LIST_FLAGGED_QUEUE,
		    "i USING INDEX items_flagged_queue (queue=? AND " },
		{ QUERY_LIST_FLAGGED_QUEUE_BACK,
		    "i USING INDEX items_flagged_queue (queue=? AND " },
		{ QUERY_LIST_REVIEW, "i USING INDEX items_review (" },
		{ QUERY_LIST_REVIEW_BACK, "i USING INDEX items_review (" },
		{ QUERY_LIST_REVIEW_QUEUE,
		    "i USING INDEX items_review_queue (queue=? AND " },
		{ QUERY_LIST_REVIEW_QUEUE_BACK,
		    "i USING INDEX items_review_queue (queue=? AND " },
		{ QUERY_LIST_ESCALATED, "i USING INDEX items_escalated (" },
		{ QUERY_LIST_ESCALATED_BACK, "i USING INDEX items_escalated (" },
		{ QUERY_LIST_ESCALATED_QUEUE,
		    "i USING INDEX items_escalated_queue (queue=? AND " },
		{ QUERY_LIST_ESCALATED_QUEUE_BACK,
		    "i USING INDEX items_escalated_queue (queue=? AND " },
		{ QUERY_LIST_AGE, "i USING INDEX items_flagged_age (" },
		{ QUERY_LIST_AGE_BACK, "i USING INDEX items_flagged_age (" },
		{ QUERY_LIST_CONFIDENCE,
		    "i USING INDEX items_flagged_confidence (" },
		{ QUERY_LIST_CONFIDENCE_BACK,
		    "i USING INDEX items_flagged_confidence (" },
		{ QUERY_LIST_ROW, "items USING INTEGER PRIMARY KEY" },
		{ QUERY_REVIEW_ITEM, "items USING INTEGER PRIMARY KEY" },
		{ QUERY_ITEM_FIND, "items USING COVERING INDEX items_id (id=?" },
		{ QUERY_ITEM_CONTENT,
		    "items USING INDEX items_id (id=? AND queue=?)" },
		{ QUERY_ITEM_DECIDED, "items USING INTEGER PRIMARY KEY" },
		{ QUERY_LEASE_TAKE, "items USING INTEGER PRIMARY KEY" },
		{ QUERY_LEASE_END_SESSION, "items USING INTEGER PRIMARY KEY" },
		{ QUERY_COUNT_MINE, "items USING INDEX items_leased (" },
		{ QUERY_DECISION_LAST, "d USING INDEX decisions_item (item=? AND" },
		{ QUERY_HELD_DUE, "held USING INDEX held_due (" },
		{ QUERY_OUTBOX_AFTER, "o USING INTEGER PRIMARY KEY" },
		{ QUERY_DELIVERIES_DUE,
		    "d USING INDEX deliveries_due (hook=? AND due_ms<?)" },
		{ QUERY_DELIVERIES_HURRY,
		    "deliveries USING INDEX deliveries_due (hook=? AND due_ms>?)" },
		{ QUERY_HOOK_WAITING,
		    "deliveries USING INDEX deliveries_due (hook=?)" },
		{ QUERY_OUTBOX_BEFORE, "outbox USING INDEX outbox_item (item=?" },
		{ QUERY_PURGE_NEXT, "items USING INTEGER PRIMARY KEY" },
		{ QUERY_AUDIT_HASHES, "leaves USING INTEGER PRIMARY KEY" },
		{ QUERY_AUDIT_ITEM,
		    "i USING INDEX items_id (id=? AND queue=?)" },
		{ QUERY_AUDIT_QUERY, "leaves USING INTEGER PRIMARY KEY" },
		{ QUERY_INDEX_BLOCKS,
		    "x USING PRIMARY KEY (key=? AND value=? AND block>? AND block<?)" },
		{ QUERY_INDEX_SINCE, "leaf_index USING PRIMARY KEY (key=? AND value>?)" },
		{ QUERY_INDEX_UNTIL, "leaf_index USING PRIMARY KEY (key=? AND value<?)" }
	};
	char seek[128];
	struct expr_budget budget = { 0 };
	struct error err = { 0 };
	char found[512];
	sqlite3 *db;
	size_t i;

	(void)state;
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL),
	    SQLITE_OK);
	assert_int_equal(expr_install(db, &budget, &err), STATUS_OK);
	assert_int_equal(functions_install(db, &budget, &err), STATUS_OK);
	for (i = 0; i < sizeof(hot) / sizeof(hot[0]); i++) {
		plan(db, hot[i].id, found, sizeof(found));
		(void)snprintf(seek, sizeof(seek), "SEARCH %s", hot[i].seek);
		if (strncmp(found, seek, strlen(seek)) != 0 ||
		    strstr(found, "SCAN") != NULL ||
		    strstr(found, "TEMP B-TREE") != NULL)
			fail_msg("%s: %s", sql_queries[hot[i].id].name, found);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Does it end the program? */
static bool
aborts(void (*use)(struct query *), enum query_id id)
{
	const struct rlimit none = { 0, 0 };
	int rc;

	if (fork() == 0) {
		(void)signal(SIGABRT, SIG_DFL);
		(void)setrlimit(RLIMIT_CORE, &none);
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(1);
		use(prepared(store, id));
		_exit(0);
	}
	assert_true(wait(&rc) > 0);
	return WIFSIGNALED(rc) && WTERMSIG(rc) == SIGABRT;
}

static void
bind_own(struct query *q)
{
	query_bind_int(q, AUDIT_HASHES_seq, 1);
}

static void
bind_other(struct query *q)
{
	query_bind_int(q, AUDIT_LEAF_seq, 1);
}

static void
bind_breached_queue(struct query *q)
{
	query_bind_text(q, BREACHED_queue, SLICE("support"));
}

static void
read_own(struct query *q)
{
	(void)query_blob(q, AUDIT_HASHES_HASHES);
}

static void
read_other(struct query *q)
{
	(void)query_text(q, AUDIT_LEAF_LEAF);
}

static void
test_another_statement_s_constant_is_caught(void **state)
{
	(void)state;
	assert_false(aborts(bind_own, QUERY_AUDIT_HASHES));
	assert_true(aborts(bind_other, QUERY_AUDIT_HASHES));
	assert_false(aborts(read_own, QUERY_AUDIT_HASHES));
	assert_true(aborts(read_other, QUERY_AUDIT_HASHES));
	/* The group has that parameter, and this one of it lacks it. */
	assert_false(aborts(bind_breached_queue, QUERY_COUNT_BREACHED_QUEUE));
	assert_true(aborts(bind_breached_queue, QUERY_COUNT_BREACHED));
}

int
main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_every_statement_prepares),
		TEST(test_every_statement_prepares_on_a_migrated_store),
		TEST(test_plans_of_what_is_asked_often),
		TEST(test_another_statement_s_constant_is_caught)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
