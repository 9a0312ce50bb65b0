/* What is found by the index is what is found by reading all of the log. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "db/audit/index.h"
#include "db/query.h"
#include "db/sqlite/handle.h"
#include "tests/unit/store_test.h"

#define NOW	((int64_t)1767225600000)
#define HOUR	((int64_t)3600000)
#define LEAVES	6000

static const struct actor rare = { "zoe", "member", "cli", 1003 };

static void
fill(void)
{
	static const char *const queue[] = { "support", "deploys", "mail" };
	struct leaf_field f[] = {
		{ .key = "queue", .type = LEAF_TEXT },
		{ .key = "rule", .type = LEAF_TEXT }
	};
	struct error err = { 0 };
	char item[24];
	int64_t ts;
	int i;

	assert_int_equal(store_begin(store, DURABLE_NOW, &err), STATUS_OK);
	for (i = 0; i < LEAVES; i++) {
		(void)snprintf(item, sizeof(item), "i-%d", i % 500);
		f[0].text = slice_of(queue[i % 3]);
		f[1].text = slice_of(i % 1000 == 7 ? "seldom" : "often");
		/* A clock that is set back for a while. */
		ts = NOW + i * (HOUR / 600) - (i / 1000 == 3 ? 5 * HOUR : 0);
		assert_int_equal(audit_append(store, i % 701 == 5 ? &rare : &ana,
		    ts, i % 50 == 0 ? "decision" : "route", slice_of(item), f, 2,
		    NULL, &err), STATUS_OK);
	}
	assert_int_equal(store_commit(store, &err), STATUS_OK);
}

struct found {
	int64_t	n, sum, last;
};

static enum status
note(void *arg, const struct audit_found *f, struct error *err)
{
	struct found *x = arg;

	(void)err;
	assert_true(f->seq > x->last);		/* oldest first, each once */
	x->n++;
	x->sum += f->seq * f->seq;
	x->last = f->seq;
	return STATUS_OK;
}

static struct found
ask(const struct audit_filter *f)
{
	struct found x = { 0, 0, -1 };
	struct error err = { 0 };

	if (audit_query(store, f, note, &x, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	return x;
}

#define ALL	.since_ms = -1, .until_ms = -1, .limit = -1
static const struct audit_filter questions[] = {
	{ ALL, .by = "zoe" }, { ALL, .rule = "seldom" }, { ALL, .queue = "mail" },
	{ ALL, .event = "decision" }, { ALL, .item = "i-35" },
	{ ALL, .item = "i-35", .event = "decision" }, { ALL, .by = "nobody" },
	{ ALL, .by = "zoe", .queue = "deploys", .rule = "often" },
	{ ALL, .by = "ana", .event = "route", .where = "seq % 7 = 3" },
	{ .since_ms = NOW + 4 * HOUR, .until_ms = -1, .limit = -1 },
	{ .since_ms = NOW + 2 * HOUR, .until_ms = NOW + 3 * HOUR, .limit = -1 },
	{ .since_ms = -1, .until_ms = NOW + HOUR / 2, .limit = -1 },
	{ .since_ms = NOW + 1000 * HOUR, .until_ms = -1, .limit = -1 },
	{ .since_ms = -1, .until_ms = NOW - 100 * HOUR, .limit = -1 },
	{ .since_ms = -1, .until_ms = -1, .limit = 30, .queue = "mail", .from = 1201 },
	{ .since_ms = -1, .until_ms = -1, .limit = 1, .rule = "seldom", .from = 5900 },
	{ .since_ms = -1, .until_ms = -1, .limit = 0, .by = "ana" }
};
#define N	(sizeof(questions) / sizeof(questions[0]))

static void
exec(const char *sql)
{
	assert_int_equal(sqlite3_exec(lite(store)->db, sql, NULL, NULL, NULL),
	    SQLITE_OK);
}

static void
test_the_index_changes_no_answer(void **state)
{
	struct found read[N], led;
	struct error err = { 0 };
	size_t i;

	(void)state;
	fill();
	for (i = 0; i < N; i++)
		read[i] = ask(&questions[i]);
	assert_int_equal(read[0].n, 9);
	assert_int_equal(read[4].n, 12);
	assert_int_equal(index_follow(store, NULL, NULL, &err), STATUS_OK);
	/* Behind its end some leaves are still read. */
	assert_int_equal(store_begin(store, DURABLE_NOW, &err), STATUS_OK);
	exec("SAVEPOINT with_index");
	for (i = 0; i < N; i++) {
		led = ask(&questions[i]);
		if (memcmp(&led, &read[i], sizeof(led)) != 0)
			fail_msg("question %zu: %lld answers, of %lld", i,
			    (long long)led.n, (long long)read[i].n);
	}
	/* It was asked: with its rows gone, so are the answers. */
	exec("DELETE FROM leaf_index WHERE key = 'by' AND value = 'zoe'");
	assert_int_equal(ask(&questions[0]).n, 0);
	store_rollback(store);
}

/* The leaf by which an item was routed is found through the item; once another has
 * taken its place, by itself. */
static void
test_an_item_routed_anew_keeps_its_history(void **state)
{
	struct audit_filter f = { ALL, .item = "i-35" };
	struct query *q;
	struct error err = { 0 };

	(void)state;
	fill();
	exec("INSERT INTO items (item, queue, id, state, review, route, rule, policy, "
	    "priority, due_ms, failures, created_ms, ingested_ms, salt, "
	    "content_sha256, snippet, seq, rules, guards) VALUES (1, 'mail', 'i-35', "
	    "'flagged', 0, 'flag', 'r', 'p', 0, 0, 0, 0, 0, x'00', x'00', '', 36, "
	    "'[]', '[]')");
	assert_int_equal(index_follow(store, NULL, NULL, &err), STATUS_OK);
	assert_int_equal(ask(&f).n, 12);
	assert_int_equal(store_begin(store, DURABLE_NOW, &err), STATUS_OK);
	exec("SAVEPOINT before; UPDATE items SET seq = 5900");
	assert_int_equal(ask(&f).n, 11);
	exec("ROLLBACK TO before");
	assert_int_equal(query_get(&q, store, QUERY_INDEX_ROUTE, &err), STATUS_OK);
	query_bind_int(q, INDEX_ROUTE_item, 1);
	assert_int_equal(query_run(q, &err), STATUS_OK);
	exec("UPDATE items SET seq = 5900");
	assert_int_equal(ask(&f).n, 12);
	store_rollback(store);
}

int
main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_the_index_changes_no_answer),
		TEST(test_an_item_routed_anew_keeps_its_history),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
