/* The audit log of a store: asked, verified, and caught being tampered with. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "db/audit/chain.h"
#include "db/audit/known.h"
#include "db/audit/query.h"
#include "db/audit/verify.h"
#include "db/sqlite/handle.h"
#include "tests/unit/store_test.h"
#include "tests/unit/values.h"

static const struct actor bo = { "bo", "senior", "tui", 1002 };
#define POLICY	"9f31c0aa52d1"
#define NOW	((int64_t)1767225600000)

static void
exec(const char *sql)
{
	char *why;

	if (sqlite3_exec(lite(store)->db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
}

static struct slice
salt_of(int item)
{
	static char salt[17];

	(void)snprintf(salt, sizeof(salt), "salt-%011d", item);
	return (struct slice){ salt, 16 };
}

static void
hash_of(int item, const struct slice *parts, size_t n, struct hash *h)
{
	struct error err = { 0 };

	assert_int_equal(audit_content(store, salt_of(item), parts, n, h, &err),
	    STATUS_OK);
}

static int64_t
append(const struct actor *who, const char *event, const char *id,
    const struct leaf_field *f, size_t n)
{
	struct error err = { 0 };
	int64_t seq;

	if (audit_append(store, who, NOW, event, slice_of(id), f, n, &seq,
	    &err) != STATUS_OK)
		fail_msg("%s", err.text);
	return seq;
}

static void
begin(void)
{
	struct error err = { 0 };

	assert_int_equal(store_begin(store, DURABLE_LATER, &err), STATUS_OK);
}

static void
commit(void)
{
	struct error err = { 0 };

	exec("DELETE FROM totals; INSERT INTO totals SELECT queue, state, count(*) "
	    "FROM items GROUP BY queue, state UNION ALL SELECT queue, 'review', "
	    "count(*) FROM items WHERE review = 1 GROUP BY queue;");
	assert_int_equal(store_commit(store, &err), STATUS_OK);
}

/* Routes item number `item` ("i-ITEM" of queue "q"), as ingest does. */
static void
route(int item, const char *way, const char *where)
{
	char id[24], record[64], sql[1024], hex[HASH_HEX];
	struct slice parts[3];
	struct hash content;
	struct leaf_field f[8];
	size_t n = 0;
	int64_t seq;

	(void)snprintf(id, sizeof(id), "i-%d", item);
	(void)snprintf(record, sizeof(record), "{\"output\":\"text %d\"}", item);
	parts[0] = slice_of(record);
	parts[1] = SLICE_NONE;
	parts[2] = SLICE("0");
	hash_of(item, parts, 3, &content);
	hash_hex(&content, hex);
	f[n++] = (struct leaf_field){ .key = "queue", .text = SLICE("q") };
	f[n++] = (struct leaf_field){ .key = "content_sha256",
	    .type = LEAF_HASH, .hash = &content };
	f[n++] = (struct leaf_field){ .key = "route", .text = slice_of(way) };
	f[n++] = (struct leaf_field){ .key = "rule", .text = SLICE("r \"1\"") };
	f[n++] = (struct leaf_field){ .key = "policy", .text = SLICE(POLICY) };
	f[n++] = (struct leaf_field){ .key = "state", .text = slice_of(where) };
	f[n++] = (struct leaf_field){ .key = "confidence_ppm",
	    .type = item % 2 == 0 ? LEAF_NULL : LEAF_INT, .number = 870000 };
	if (item % 10 == 0)
		f[n++] = (struct leaf_field){ .key = "sampled",
		    .type = LEAF_BOOL, .number = 1 };
	seq = append(&ana, "route", id, f, n);
	(void)snprintf(sql, sizeof(sql), "INSERT INTO items (item, queue, id, "
	    "state, seq, route, rule, rules, policy, priority, due_ms, "
	    "confidence, failures, guards, sample_p, review, ingested_ms, "
	    "salt, content_sha256, snippet) VALUES (%d, 'q', '%s', '%s', %lld, '%s', "
	    "'r \"1\"', '1', '%s', 0, 0, %s, 0, '[]', %s, %d, 0, cast('%.*s' AS BLOB),"
	    " x'%s', '') ON CONFLICT (queue, id) DO UPDATE SET seq = %lld, "
	    "state = excluded.state, route = excluded.route;"
	    "INSERT OR REPLACE INTO payloads (item, part, record, input) "
	    "VALUES (%d, 0, cast('%s' AS BLOB), NULL);", item, id, where, (long long)seq, way,
	    POLICY, item % 2 == 0 ? "NULL" : "0.87",
	    item % 10 == 0 ? "0.02" : "NULL", item % 10 == 0, SLICE_ARG(salt_of(item)), hex,
	    (long long)seq, item, record);
	exec(sql);
	if (strcmp(where, "approved") != 0)
		return;
	(void)snprintf(sql, sizeof(sql), "INSERT INTO outbox VALUES ((SELECT "
	    "coalesce(max(n) + 1, 1) FROM outbox), %d, %lld, 'approved', "
	    "'output', NULL, 0)", item, (long long)seq);
	exec(sql);
}

struct said {
	int		 item;
	const char	*decision, *from, *to, *release, *note;
	int64_t		 undoes;	/* -1: none */
	const char	*outbox;	/* state of a row there, or NULL */
};

static int64_t
decide(const struct said *d)
{
	char id[24], record[64], sql[1024], undoes[24];
	struct slice parts[3], text;
	struct hash content, release, note;
	struct leaf_field f[10];
	size_t n = 0;
	int64_t seq;

	(void)snprintf(id, sizeof(id), "i-%d", d->item);
	(void)snprintf(record, sizeof(record), "{\"output\":\"text %d\"}",
	    d->item);
	(void)snprintf(undoes, sizeof(undoes), "%lld", (long long)d->undoes);
	parts[0] = slice_of(record);
	parts[1] = SLICE_NONE;
	parts[2] = SLICE("0");
	hash_of(d->item, parts, 3, &content);
	f[n++] = (struct leaf_field){ .key = "queue", .text = SLICE("q") };
	f[n++] = (struct leaf_field){ .key = "decision",
	    .text = slice_of(d->decision) };
	f[n++] = (struct leaf_field){ .key = "from", .text = slice_of(d->from) };
	f[n++] = (struct leaf_field){ .key = "to", .text = slice_of(d->to) };
	f[n++] = (struct leaf_field){ .key = "policy", .text = SLICE(POLICY) };
	f[n++] = (struct leaf_field){ .key = "content_sha256",
	    .type = LEAF_HASH, .hash = &content };
	text = slice_of(d->release);
	hash_of(d->item, &text, 1, &release);
	f[n++] = (struct leaf_field){ .key = "release_sha256",
	    .type = d->release == NULL ? LEAF_NULL : LEAF_HASH,
	    .hash = &release };
	text = slice_of(d->note);
	hash_of(d->item, &text, 1, &note);
	f[n++] = (struct leaf_field){ .key = "note_sha256",
	    .type = d->note == NULL ? LEAF_NULL : LEAF_HASH, .hash = &note };
	f[n++] = (struct leaf_field){ .key = "undoes",
	    .type = d->undoes < 0 ? LEAF_NULL : LEAF_INT, .number = d->undoes };
	seq = append(&bo, "decision", id, f, n);
	(void)snprintf(sql, sizeof(sql), "INSERT INTO decisions (seq, item, "
	    "ts_ms, uid, by, role, via, decision, from_state, to_state, "
	    "from_review, policy, note, output, undoes) VALUES (%lld, %d, %lld, "
	    "1002, 'bo', 'senior', 'tui', '%s', '%s', '%s', 0, '%s', "
	    "nullif('%s', ''), nullif('%s', ''), %s);"
	    "UPDATE items SET state = '%s' WHERE item = %d", (long long)seq,
	    d->item, (long long)NOW, d->decision, d->from, d->to, POLICY,
	    d->note == NULL ? "" : d->note, strcmp(d->decision, "edit") == 0 ?
	    d->release : "", d->undoes < 0 ? "NULL" : undoes, d->to, d->item);
	exec(sql);
	if (d->outbox == NULL)
		return seq;
	(void)snprintf(sql, sizeof(sql), "INSERT INTO outbox VALUES ((SELECT "
	    "coalesce(max(n) + 1, 1) FROM outbox), %d, %lld, '%s', '%s', "
	    "nullif('%s', ''), 0)", d->item, (long long)seq, d->outbox,
	    d->release == NULL ? "none" : "text",
	    d->release == NULL ? "" : d->release);
	exec(sql);
	return seq;
}

/* A log with a bit of everything. */
static void
fill(void)
{
	int64_t seq;
	int i;

	begin();
	for (i = 1; i <= 20; i++)
		route(i, i % 2 == 0 ? "approve" : "flag",
		    i % 2 == 0 ? "approved" : "flagged");
	commit();
	begin();
	decide(&(struct said){ 1, "accept", "flagged", "accepted", "text 1", NULL,
	    -1, "accepted" });
	seq = decide(&(struct said){ 3, "edit", "flagged", "edited", "better",
	    "was rude", -1, "edited" });
	decide(&(struct said){ 5, "reject", "flagged", "rejected", NULL, "no", -1,
	    "rejected" });
	decide(&(struct said){ 7, "escalate", "flagged", "escalated", NULL, NULL,
	    -1, NULL });
	decide(&(struct said){ 3, "undo", "edited", "flagged", NULL, NULL, seq,
	    "recalled" });
	/* Undone while held back: no release, and no trace of one. */
	seq = decide(&(struct said){ 9, "accept", "flagged", "accepted", "text 9",
	    NULL, -1, NULL });
	decide(&(struct said){ 9, "undo", "accepted", "flagged", NULL, NULL, seq,
	    NULL });
	/* Routed anew, and one more behind it. */
	route(11, "approve", "approved");
	route(21, "escalate", "escalated");
	append(&ana, "export", NULL, NULL, 0);
	commit();
}

static char problems[8192];
static uint64_t told;		/* leaves, when last asked how far it was */

static void
collect(void *arg, const char *line)
{
	size_t n = strlen(problems);

	(void)arg;
	(void)snprintf(problems + n, sizeof(problems) - n, "%s\n", line);
}

static bool
progress(void *arg, uint64_t leaves, uint64_t total)
{
	assert_true(leaves <= total);
	told = leaves;
	return arg == NULL;
}

/* Ranges at once find what one leaf after another does, and say it as that does. */
static void
verify(struct audit_report *r)
{
	struct known_roots known = { 0 };
	const struct audit_asked many = { .known = &known, .report = collect,
	    .progress = progress, .threads = 3, .range = 4 };
	const struct audit_asked silent = { .known = &known, .threads = 3,
	    .range = 4 };
	struct error err = { 0 };
	struct audit_report again;
	char one[sizeof(problems)];

	problems[0] = '\0';
	if (audit_verify(store, collect, NULL, r, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	memcpy(one, problems, sizeof(one));
	problems[0] = '\0';
	told = 0;
	if (audit_verify_asked(store, &many, &again, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	known_release(&known);
	assert_string_equal(problems, one);
	/* Where all is well they have done it themselves: all but the first leaf. */
	assert_int_equal(again.at_once, r->leaves >= 8 && r->problems == 0);
	assert_true(!again.at_once || told == r->leaves - 1);
	again.at_once = false;
	assert_memory_equal(&again, r, sizeof(again));
	/* Nor is there less where nobody is told of it. */
	if (audit_verify_asked(store, &silent, &again, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	again.at_once = false;
	assert_memory_equal(&again, r, sizeof(again));
}

static void
test_it_stops_when_told_to(void **state)
{
	struct known_roots known = { 0 };
	int stop = 1;
	const struct audit_asked many = { .known = &known, .progress = progress,
	    .arg = &stop, .threads = 2, .range = 4 };
	struct error err = { 0 };
	struct audit_report r;

	(void)state;
	fill();
	assert_int_equal(audit_verify_asked(store, &many, &r, &err),
	    STATUS_INTERRUPTED);
	known_release(&known);
	assert_int_equal(store_transaction(store), TRANSACTION_NONE);
}

static void
test_a_sound_log_has_no_problems(void **state)
{
	struct audit_report r;
	struct error err = { 0 };
	struct hash root;
	uint64_t size;

	(void)state;
	verify(&r);
	assert_string_equal(problems, "");
	fill();
	verify(&r);
	assert_string_equal(problems, "");
	assert_int_equal(r.problems, 0);
	assert_int_equal(r.leaves, 1 + 20 + 7 + 2 + 1);
	assert_int_equal(r.decisions, 7);
	assert_int_equal(r.items, 21);
	assert_int_equal(audit_root(store, &size, &root, &err), STATUS_OK);
	assert_int_equal(size, r.leaves);
	assert_true(hash_eq(&root, &r.root));
}

static void
test_erasing_keeps_the_proof(void **state)
{
	struct leaf_field queue = { .key = "queue", .text = SLICE("q") };
	struct audit_report r;

	(void)state;
	fill();
	begin();
	append(&ana, "erase", "i-5", &queue, 1);
	exec("UPDATE items SET salt = NULL, snippet = '' WHERE id = 'i-5';"
	    "DELETE FROM payloads WHERE item = 5;"
	    "UPDATE decisions SET note = NULL WHERE item = 5;"
	    "UPDATE outbox SET text = NULL WHERE item = 5");
	commit();
	verify(&r);
	assert_string_equal(problems, "");
	/* Gone without a leaf; and said to be gone, but there. */
	exec("UPDATE items SET salt = NULL WHERE id = 'i-4';"
	    "DELETE FROM payloads WHERE item = 4");
	verify(&r);
	assert_int_equal(r.problems, 1);
	begin();
	append(&ana, "erase", "i-4", &queue, 1);
	append(&ana, "erase", "i-6", &queue, 1);
	commit();
	verify(&r);
	assert_int_equal(r.problems, 1);
	assert_non_null(strstr(problems, "i-6"));
}

#define REPLACED(from, to, seq)	"UPDATE leaves SET leaf = replace(leaf, '" from "', '" \
	to "') WHERE seq = " #seq
#define ANOTHER(event)	REPLACED("\"export\"", "\"" event "\"", 30)

/* Each a change that somebody with the file could make, and a word of the
 * line that must then be told. */
static const struct {
	const char	*sql, *says;
} tampering[] = {
	{ "UPDATE leaves SET leaf = replace(leaf, '\"bo\"', '\"ha\"') "
	    "WHERE seq = 21", "leaf 22: its prev is not the hash" },
	{ "UPDATE leaves SET leaf = replace(leaf, '\"bo\"', '\"ha\"') "
	    "WHERE seq = 21", "decision 21: name" },
	{ "UPDATE leaves SET leaf = leaf || ' ' WHERE seq = 7", "leaf 7:" },
	{ "UPDATE leaves SET leaf = 'x' WHERE seq = 7", "leaf 7: not JSON" },
	{ "UPDATE leaves SET leaf = '' WHERE seq = 30", "leaf 30:" },
	{ "DELETE FROM leaves WHERE seq = 9", "leaf 9: missing" },
	{ "DELETE FROM leaves WHERE seq BETWEEN 9 AND 12",
	    "leaves 9 to 12: missing" },
	{ "DELETE FROM leaves WHERE seq = 0", "leaf 0: missing" },
	{ "INSERT INTO leaves SELECT 9223372036854775807, leaf, hashes FROM leaves"
	    " WHERE seq = 9", "leaf 9223372036854775807: its seq is not" },
	{ "DELETE FROM leaves", "the log is empty" },
	{ "UPDATE leaves SET hashes = zeroblob(length(hashes)) WHERE seq = 3",
	    "leaf 3: the hashes stored" },
	{ "UPDATE leaves SET hashes = substr(hashes, 1, 32) WHERE seq = 3",
	    "leaf 3: the hashes stored" },
	{ "UPDATE leaves SET hashes = zeroblob(64) WHERE seq = 4",
	    "leaf 4: the hashes stored" },
	{ "UPDATE items SET state = 'accepted' WHERE id = 'i-13'",
	    "item i-13: its state is accepted" },
	{ "UPDATE items SET state = 'rejected' WHERE id = 'i-1'", "item i-1" },
	{ "UPDATE items SET state = 'flagged' WHERE id = 'i-1'", "item i-1" },
	{ "UPDATE items SET rule = 'other' WHERE id = 'i-2'", "i-2: rule" },
	{ "UPDATE items SET route = 'flag' WHERE id = 'i-2'", "i-2: route" },
	{ "UPDATE items SET policy = 'p' WHERE id = 'i-2'", "i-2: policy" },
	{ "UPDATE items SET confidence = 0.99 WHERE id = 'i-13'",
	    "i-13: its confidence" },
	{ "UPDATE items SET confidence = NULL WHERE id = 'i-13'",
	    "i-13: its confidence" },
	{ "UPDATE items SET sample_p = NULL WHERE id = 'i-10'", "i-10: drawn" },
	{ "UPDATE items SET content_sha256 = zeroblob(32) WHERE id = 'i-2'",
	    "i-2: its content hash" },
	{ "UPDATE items SET seq = 2 WHERE id = 'i-13'", "i-13" },
	{ "UPDATE items SET seq = 4000 WHERE id = 'i-13'", "i-13" },
	{ "UPDATE items SET id = 'i-99' WHERE id = 'i-13'",
	    "item i-13 of queue q: leaf 13 routed it, and it is not there" },
	{ "UPDATE items SET id = 'i-99' WHERE id = 'i-13'",
	    "item i-99 of queue q: no leaf routed it" },
	{ "DELETE FROM items WHERE id = 'i-1'", "item i-1 of queue q" },
	{ "INSERT INTO items SELECT 99, queue, 'new', state, review, seq, route, "
	    "rule, rules, policy, priority, due_ms, confidence, severity, "
	    "failures, guards, sample_p, model, prompt, variant, created_ms, "
	    "ingested_ms, input_tokens, output_tokens, cost_usd, latency_ms, "
	    "lease_uid, lease_by, lease_session, lease_token, lease_until, "
	    "lease_boot, lease_from_ms, salt, content_sha256, snippet, stop, sent FROM items "
	    "WHERE id = 'i-1'", "item new of queue q: no leaf routed it" },
	{ "UPDATE payloads SET record = cast('{\"output\":\"no\"}' AS BLOB) "
	    "WHERE item = 8", "i-8: its record is not" },
	{ "UPDATE payloads SET part = 1 WHERE item = 8", "i-8: its record" },
	{ "UPDATE payloads SET input = x'61' WHERE item = 8", "i-8: its record" },
	{ "DELETE FROM payloads WHERE item = 8", "i-8: its record is gone" },
	{ "UPDATE decisions SET decision = 'accept' WHERE decision = 'reject'",
	    "decision 23: decision" },
	{ "UPDATE decisions SET by = 'eve' WHERE seq = 23", "decision 23: name" },
	{ "UPDATE decisions SET uid = 7 WHERE seq = 23", "decision 23: uid" },
	{ "UPDATE decisions SET ts_ms = 7 WHERE seq = 23", "decision 23: ts" },
	{ "UPDATE decisions SET note = 'yes' WHERE seq = 23",
	    "decision 23: note" },
	{ "UPDATE decisions SET note = NULL WHERE seq = 23",
	    "decision 23: note" },
	{ "UPDATE decisions SET reason = 'tone' WHERE seq = 23",
	    "decision 23: reason" },
	{ "UPDATE decisions SET output = 'worse' WHERE decision = 'edit'",
	    "decision 22: output" },
	{ "UPDATE decisions SET undoes = NULL WHERE undoes = 22",
	    "decision 25: undoes" },
	{ "DELETE FROM decisions WHERE seq = 24", "decision 24: missing" },
	{ "INSERT INTO decisions SELECT 99, item, ts_ms, uid, by, role, via, "
	    "decision, from_state, to_state, from_review, policy, reason, labels, "
	    "note, output, undoes, review_ms, ratings, evidence FROM decisions WHERE seq = 24",
	    "decision 99: no leaf says so" },
	{ "DELETE FROM outbox WHERE seq = 2", "release of leaf 2: missing" },
	{ "DELETE FROM outbox WHERE seq = 21", "release of leaf 21: missing" },
	{ "DELETE FROM outbox WHERE seq = 22", "release of leaf 25: not what" },
	{ "DELETE FROM outbox WHERE state = 'recalled'", "leaf 25: missing" },
	{ "UPDATE outbox SET text = 'worse' WHERE state = 'edited'",
	    "release of leaf 22: its text" },
	{ "UPDATE outbox SET state = 'accepted' WHERE state = 'edited'",
	    "release of leaf 22: its state" },
	{ "UPDATE outbox SET kind = 'text', text = 'x' WHERE state = 'rejected'",
	    "release of leaf 23: its text" },
	{ "INSERT INTO outbox VALUES (99, 1, 21, 'accepted', 'text', 'x', 0)",
	    "release of leaf 21: there twice" },
	{ "INSERT INTO outbox VALUES (99, 5, 8, 'accepted', 'text', 'x', 0)",
	    "releases: 1 that no leaf" },
	{ "UPDATE decisions SET undoes = 23 WHERE undoes = 22",
	    "decision 25: undoes" },
	{ "UPDATE decisions SET labels = 'x' WHERE seq = 23",
	    "decision 23: labels" },
	{ "UPDATE outbox SET kind = 'none', text = NULL WHERE seq = 2",
	    "release of leaf 2: missing" },
	{ "UPDATE outbox SET item = 3 WHERE seq = 2", "release of leaf 2: missing" },
	{ "INSERT INTO outbox SELECT 99, item, seq, state, kind, text, ts_ms FROM "
	    "outbox WHERE state = 'recalled'", "release of leaf 25: not what" },
	{ "INSERT INTO outbox SELECT 9223372036854775807, item, seq, state, kind, "
	    "text, ts_ms FROM outbox WHERE seq = 2",
	    "release 9223372036854775807: not in the order" },
	{ REPLACED("\"content_sha256\":\"", "\"content_sha256\":\"0", 23),
	    "decision 23: content_sha256" },
	{ REPLACED("\"undoes\":22", "\"undoes\":null", 25), "decision 25: undoes" },
	{ REPLACED("\"uid\":", "\"uid\":9", 23), "decision 23: uid" },
	{ REPLACED("},\"c", "},\"back_ms\":7,\"c", 12), "leaf 12: its time is before" },
	/* A leaf says what was never done, or says too little. */
	{ ANOTHER("route"), "leaf 30 routed it, and it is not there" },
	{ ANOTHER("decision"), "decision 30: missing" },
	{ ANOTHER("opinion"), "opinion 30: missing" },
	{ ANOTHER("skip"), "skip 30: missing" },
	{ ANOTHER("hook.drop"), "leaf 30: names no delivery" },
	{ ANOTHER("hook.drop\",\"hook\":\"h"), "leaf 30: names no delivery" },
	{ ANOTHER("log.key"), "leaf 30: log.key: not a key" },
	{ ANOTHER("log.bind"), "leaf 30: binds what is older" },
	{ ANOTHER("policy.apply"), "policy of leaf 30: missing" },
	{ ANOTHER("prompt.add"), "version of a prompt of leaf 30: missing" },
	{ ANOTHER("prompt.label"), "move of a label of leaf 30: missing" },
	{ ANOTHER("bundle.make"), "bundle of leaf 30: missing" },
	{ ANOTHER("bundle.use"), "use of a bundle of leaf 30: missing" },
	{ ANOTHER("run"), "run of leaf 30: missing" },
	{ ANOTHER("run.label"), "label of leaf 30: missing" },
	{ ANOTHER("search"), "leaf 30: search is neither on nor off" },
	{ "UPDATE leaves SET leaf = replace(replace(leaf, '\"export\"', "
	    "'\"search\"'), '\"ts\"', '\"state\":\"on\",\"ts\"') WHERE seq = 30",
	    "search is off, but the log says that it is on" },
	{ REPLACED("\"log.create\"", "\"log.bind\"", 0), "leaf 0: not log.create" }
};

static void
test_tampering_is_told(void **state)
{
	struct audit_report r;
	size_t i;

	(void)state;
	fill();
	/* The triggers stop mistakes, not somebody who means it. */
	assert_int_equal(sqlite3_db_config(lite(store)->db,
	    SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL), SQLITE_OK);
	for (i = 0; i < sizeof(tampering) / sizeof(tampering[0]); i++) {
		exec("SAVEPOINT sound");
		exec(tampering[i].sql);
		store->transaction = TRANSACTION_READ;	/* within ours */
		verify(&r);
		store->transaction = TRANSACTION_NONE;
		if (r.problems == 0 || strstr(problems, tampering[i].says) == NULL)
			fail_msg("%s\nwants: %s\nsays:\n%s", tampering[i].sql,
			    tampering[i].says, problems);
		exec("ROLLBACK TO sound; RELEASE sound");
	}
	verify(&r);
	assert_string_equal(problems, "");
}

struct asked {
	int64_t	seq[64];
	size_t	n;
};

static enum status
note_leaf(void *arg, const struct audit_found *f, struct error *err)
{
	struct asked *a = arg;
	struct hasher *h;
	struct hash want;

	assert_int_equal(hasher_new(&h, err), STATUS_OK);
	hash_leaf(h, f->leaf, &want);
	hasher_free(h);
	assert_true(hash_eq(&want, &f->hash));
	a->seq[a->n++] = f->seq;
	return STATUS_OK;
}

static size_t
ask(const struct audit_filter *f, struct asked *a)
{
	struct error err = { 0 };

	a->n = 0;
	if (audit_query(store, f, note_leaf, a, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	return a->n;
}

static void
test_the_log_answers(void **state)
{
	struct audit_filter f = { .since_ms = -1, .until_ms = -1, .limit = -1 };
	struct asked a;
	struct error err = { 0 };

	(void)state;
	fill();
	assert_int_equal(ask(&f, &a), 31);
	assert_int_equal(a.seq[30], 30);
	f.limit = 3;
	assert_int_equal(ask(&f, &a), 3);
	f.limit = -1;
	f.event = "decision";
	assert_int_equal(ask(&f, &a), 7);
	f.item = "i-3";
	assert_int_equal(ask(&f, &a), 2);
	f.by = "ana";
	assert_int_equal(ask(&f, &a), 0);
	f.by = f.item = f.event = NULL;
	f.until_ms = NOW;
	assert_int_equal(ask(&f, &a), 0);
	f.until_ms = NOW + 1;
	f.since_ms = NOW;
	assert_int_equal(ask(&f, &a), 31);
	f.where = "\"from\" = 'flagged' AND decision <> 'edit' AND uid = 1002";
	assert_int_equal(ask(&f, &a), 4);
	f.where = "confidence_ppm > 500000 AND state LIKE 'appr%' -- why";
	assert_int_equal(ask(&f, &a), 1);
	f.where = "confidnce > 5";
	assert_int_equal(audit_query(store, &f, note_leaf, &a, &err),
	    STATUS_INVALID);
	assert_non_null(strstr(err.text, "confidnce"));
	error_clear(&err);
	f.where = "1) OR (SELECT 1 FROM meta) = (1";
	assert_int_equal(audit_query(store, &f, note_leaf, &a, &err),
	    STATUS_INVALID);
	error_clear(&err);
	f.where = "EXISTS (SELECT 1 FROM meta)";
	assert_int_equal(audit_query(store, &f, note_leaf, &a, &err),
	    STATUS_INVALID);
}

/* Handed each leaf: the numbers come in order, and -wal can be emptied. */
static enum status
settle_meanwhile(void *arg, const struct audit_found *f, struct error *err)
{
	int64_t *next = arg;

	assert_op(f->leaf.n, >, 0);
	assert_int_equal(f->seq, *next);
	if ((*next)++ % 100 == 0 && store_settle(store, err) != STATUS_OK)
		fail_msg("%s", err->text);
	return STATUS_OK;
}

static void
test_an_answer_holds_nothing(void **state)
{
	const struct store_options reading = { .read_only = true };
	struct audit_filter f = { .since_ms = -1, .until_ms = -1, .limit = -1 };
	struct error err = { 0 };
	struct store *r;
	int64_t next = 0;
	int i;

	(void)state;
	assert_int_equal(store_begin(store, DURABLE_NOW, &err), STATUS_OK);
	for (i = 0; i < 700; i++)
		assert_int_equal(audit_append(store, &ana, NOW, "export",
		    SLICE_NONE, NULL, 0, NULL, &err), STATUS_OK);
	assert_int_equal(store_commit(store, &err), STATUS_OK);
	assert_int_equal(store_open(&r, path, &reading, NULL, &err), STATUS_OK);
	assert_int_equal(audit_query(r, &f, settle_meanwhile, &next, &err),
	    STATUS_OK);
	assert_int_equal(next, 701);
	next = 5;
	f.where = "seq >= 5";
	f.limit = 600;
	assert_int_equal(audit_query(r, &f, settle_meanwhile, &next, &err),
	    STATUS_OK);
	assert_int_equal(next, 605);
	store_close(r);
}

/* Whichever handle wrote the last: a leaf of an earlier time says how much earlier. */
static void
test_a_clock_that_was_set_back_is_told(void **state)
{
	static const struct {
		unsigned	by;
		int64_t		at, back;
	} rows[] = {
		{ 0, 1000, 0 }, { 0, 400, 600 }, { 1, 300, 100 }, { 1, 5000, 0 },
		{ 0, 4000, 1000 }, { 0, 4000, 0 }, { 1, 3999, 1 }, { 0, 6000, 0 },
		{ 1, 6000, 0 }, { 0, 5000, 1000 }
	};
	struct store *two[] = { store, open_at(path, &making, NULL) };
	struct error err = { 0 };
	int64_t back;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct store *s = two[rows[i].by];

		assert_int_equal(store_begin(s, DURABLE_NOW, &err), STATUS_OK);
		assert_int_equal(audit_append(s, &ana, NOW + rows[i].at, "export",
		    SLICE_NONE, NULL, 0, NULL, &err), STATUS_OK);
		assert_int_equal(store_commit(s, &err), STATUS_OK);
		assert_int_equal(store_number(store, "SELECT coalesce(leaf ->> "
		    "'$.back_ms', 0) FROM leaves ORDER BY seq DESC LIMIT 1", &back,
		    &err), STATUS_OK);
		assert_int_equal(back, rows[i].back);
	}
	store_close(two[1]);
}

/* A log as older versions wrote it: no leaf binds what the rest do not. */
static int
older_setup(void **state)
{
	if (store_setup(state) != 0)
		return -1;
	exec("DROP TRIGGER leaves_delete; DELETE FROM leaves; CREATE TRIGGER "
	    "leaves_delete BEFORE DELETE ON leaves BEGIN SELECT RAISE(ABORT, "
	    "'leaves are append-only'); END");
	begin();
	(void)append(&ana, "log.create", NULL, NULL, 0);
	commit();
	return 0;
}

int
main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, older_setup, store_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_sound_log_has_no_problems),
		TEST(test_it_stops_when_told_to),
		TEST(test_erasing_keeps_the_proof),
		TEST(test_tampering_is_told),
		TEST(test_the_log_answers),
		TEST(test_an_answer_holds_nothing),
		TEST(test_a_clock_that_was_set_back_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
