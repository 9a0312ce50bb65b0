/* The store: made, opened again, refused, written by one after the other. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <grp.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "db/audit/verify.h"
#include "db/clock.h"
#include "db/query.h"
#include "db/audit/head.h"
#include "db/sqlite/handle.h"
#include "db/sqlite/query.h"
#include "db/write.h"
#include "tests/unit/store_test.h"
#include "tests/unit/values.h"

static const struct store_options opening = { .wait_ms = 5000 };
static const struct store_options reading = { .read_only = true,
    .wait_ms = 5000 };

/* The store is in a folder that is not there yet. */
static int
setup(void **state)
{
	if (dir_setup(state) != 0)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/new/store.db", dir);
	return 0;
}

static int
teardown(void **state)
{
	char p[256];

	remove_store(path);
	(void)snprintf(p, sizeof(p), "%s/new", dir);
	(void)rmdir(p);
	return store_teardown(state);
}

static struct store *
open_with(const struct store_options *o, bool *created)
{
	return open_at(path, o, created);
}

static enum status
open_fails(const struct store_options *o, struct error *err)
{
	struct store *s;
	enum status st;

	memset(err, 0, sizeof(*err));
	st = store_open(&s, path, o, NULL, err);
	assert_null(s);
	assert_int_not_equal(st, STATUS_OK);
	return st;
}

static int64_t
number(const char *file, const char *sql)
{
	sqlite3_stmt *st;
	int64_t v;
	sqlite3 *db;

	assert_int_equal(sqlite3_open_v2(file, &db, SQLITE_OPEN_READONLY, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	v = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return v;
}

static void
append(struct store *s, int n)
{
	struct error err = { 0 };
	int i;

	assert_int_equal(store_begin(s, DURABLE_LATER, &err), STATUS_OK);
	for (i = 0; i < n; i++)
		if (audit_append(s, &ana, clock_now_ms(NULL), "export", SLICE_NONE,
		    NULL, 0, NULL, &err) != STATUS_OK)
			fail_msg("%s", err.text);
	assert_int_equal(store_commit(s, &err), STATUS_OK);
}

static void
size_and_root(struct store *s, uint64_t *size, struct hash *root)
{
	struct error err = { 0 };

	if (audit_root(s, size, root, &err) != STATUS_OK)
		fail_msg("%s", err.text);
}

static void
test_made_once_and_opened_again(void **state)
{
	struct hash root, again;
	struct error err = { 0 };
	struct store *s;
	struct stat sb;
	uint64_t size;
	uint8_t key[HASH_LEN];
	char log[128];
	bool created;

	(void)state;
	assert_int_equal(open_fails(&opening, &err), STATUS_NOT_FOUND);
	assert_non_null(strstr(err.text, "handrail init"));
	s = open_with(&making, &created);
	assert_true(created);
	assert_int_equal(stat(path, &sb), 0);
	assert_int_equal(sb.st_mode & 0777, 0600);
	assert_string_equal(store_path(s), path);
	assert_int_equal(store_owner(s), geteuid());
	assert_null(store_group(s));
	assert_int_equal(store_key(s).n, sizeof(key));
	memcpy(key, store_key(s).p, sizeof(key));
	(void)snprintf(log, sizeof(log), "%s", store_log(s));
	assert_non_null(strchr(log, '/'));
	size_and_root(s, &size, &root);
	assert_int_equal(size, 1);	/* log.create */
	store_close(s);

	s = open_with(&making, &created);
	assert_false(created);
	assert_memory_equal(key, store_key(s).p, sizeof(key));
	assert_string_equal(log, store_log(s));
	size_and_root(s, &size, &again);
	assert_int_equal(size, 1);
	assert_true(hash_eq(&root, &again));
	store_close(s);
	assert_int_equal(number(path, "PRAGMA page_size"), 16384);
	store_close(NULL);
}

static void
test_two_handles_append_in_turn(void **state)
{
	struct hash roots[2];
	struct store *a, *b;
	struct error err = { 0 };
	uint64_t size;
	int64_t before;
	int i;

	(void)state;
	a = open_with(&making, NULL);
	b = open_with(&opening, NULL);
	before = store_version(b);
	for (i = 0; i < 20; i++)
		append(i % 2 == 0 ? a : b, i % 5 + 1);
	assert_int_not_equal(store_version(b), before);
	size_and_root(a, &size, &roots[0]);
	assert_int_equal(size, 1 + 4 * (1 + 2 + 3 + 4 + 5));
	size_and_root(b, &size, &roots[1]);
	assert_true(hash_eq(&roots[0], &roots[1]));

	/* What is rolled back was never there. */
	assert_int_equal(store_begin(a, DURABLE_NOW, &err), STATUS_OK);
	assert_int_equal(audit_append(a, &ana, 0, "export", SLICE_NONE, NULL, 0,
	    NULL, &err), STATUS_OK);
	store_rollback(a);
	size_and_root(a, &size, &roots[1]);
	assert_true(hash_eq(&roots[0], &roots[1]));
	append(a, 1);
	append(b, 1);
	size_and_root(a, &size, &roots[0]);
	size_and_root(b, &size, &roots[1]);
	assert_int_equal(size, 63);
	assert_true(hash_eq(&roots[0], &roots[1]));
	store_close(a);
	store_close(b);
}

static void
test_a_locked_store_is_busy_and_readable(void **state)
{
	struct store_options hasty = { .wait_ms = 30 };
	struct store *a, *b, *r;
	struct error err = { 0 };
	struct hash root;
	uint64_t size;

	(void)state;
	a = open_with(&making, NULL);
	b = open_with(&hasty, NULL);
	assert_int_equal(store_begin(a, DURABLE_NOW, &err), STATUS_OK);
	assert_false(store_yields(a));
	assert_int_equal(store_begin(b, DURABLE_NOW, &err), STATUS_BUSY);
	assert_non_null(strstr(err.text, path));
	error_clear(&err);
	r = open_with(&reading, NULL);
	size_and_root(r, &size, &root);
	assert_int_equal(size, 1);
	assert_int_equal(store_begin(r, DURABLE_NOW, &err), STATUS_INVALID);
	error_clear(&err);
	store_rollback(a);
	assert_int_equal(store_begin(b, DURABLE_NOW, &err), STATUS_OK);
	store_rollback(b);
	store_close(a);
	store_close(b);
	store_close(r);
}

/* Rows of 100 kB; item keys from *item on. */
static void
put_rows(struct store *s, int64_t *item, size_t n)
{
	static char bytes[100000];
	union payloads_insert row = { .part = value_int(0),
	    .mapping = value_int(1) };
	struct error err = { 0 };
	struct batch b = BATCH_INIT;

	assert_int_equal(batch_add(&b, row.row, &err), STATUS_OK);
	while (n-- > 0) {
		row.item = value_int((*item)++);
		memset(bytes, 'a' + (int)(*item % 26), sizeof(bytes));
		row.record = value_blob((struct slice){ bytes, sizeof(bytes) });
		if (batch_run(&b, s, QUERY_PAYLOADS_INSERT, NULL, &err) != STATUS_OK)
			fail_msg("%s", err.text);
	}
	batch_release(&b);
}

static off_t
size_of(const char *suffix)
{
	char p[160];
	struct stat sb;

	(void)snprintf(p, sizeof(p), "%s%s", path, suffix);
	return stat(p, &sb) == 0 ? sb.st_size : -1;
}

/* What is written goes into the file meanwhile, and -wal does not grow on. */
static void
test_many_transactions_alone(void **state)
{
	struct store *s;
	struct error err = { 0 };
	int64_t item = 1;
	size_t i;

	(void)state;
	s = open_with(&making, NULL);
	assert_int_equal(store_begin(s, DURABLE_BULK, &err), STATUS_OK);
	for (i = 0; i < 50; i++) {
		put_rows(s, &item, 100);
		/* Ends early where it is asked to, as an ingest does. */
		do
			put_rows(s, &item, 1);
		while (i % 3 == 0 && !store_yields(s) && item % 50 != 0);
		assert_int_equal(store_next(s, &err), STATUS_OK);
		assert_int_equal(number(path, "SELECT count(*) FROM payloads"),
		    item - 1);
	}
	assert_true(size_of("") > 200 * 1000 * 1000);
	assert_true(size_of("-wal") < 300 * 1000 * 1000);
	store_rollback(s);
	store_close(s);
	assert_int_equal(size_of("-wal"), 0);
	assert_int_equal(number(path, "SELECT count(*) FROM payloads WHERE "
	    "record = CAST(substr(CAST(record AS TEXT), 1, 1) || "
	    "substr(CAST(record AS TEXT), 1, 99999) AS BLOB)"), item - 1);
	assert_int_equal(number(path, "SELECT count(*) FROM "
	    "pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
}

/* Whoever comes has its turn between two of them. */
static void
test_many_transactions_beside_another(void **state)
{
	struct store *s, *b;
	struct error err = { 0 };
	int64_t item = 1;
	int status = -1;
	size_t i;
	pid_t pid;

	(void)state;
	s = open_with(&making, NULL);
	pid = fork();
	if (pid == 0) {
		for (i = 0; i < 20; i++) {
			if (store_open(&b, path, &opening, NULL, &err) !=
			    STATUS_OK)
				_exit(1);
			append(b, 1);
			store_close(b);
		}
		_exit(0);
	}
	assert_int_equal(store_begin(s, DURABLE_BULK, &err), STATUS_OK);
	for (i = 0; i < 5000 && waitpid(pid, &status, WNOHANG) == 0; i++) {
		put_rows(s, &item, 20);
		if (store_next(s, &err) != STATUS_OK)
			fail_msg("%s", err.text);
	}
	store_rollback(s);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	store_close(s);
}

/* A claim and a decision in turn: each finds its statements ready. */
static void
test_statements_stay_ready(void **state)
{
	sqlite3_stmt *st;
	struct error err = { 0 };
	struct store *s;
	int64_t item = 1;
	int i;

	(void)state;
	s = open_with(&making, NULL);
	for (i = 0; i < 6; i++) {
		assert_int_equal(store_begin(s, i % 2 == 0 ? DURABLE_LATER :
		    DURABLE_NOW, &err), STATUS_OK);
		put_rows(s, &item, 1);
		assert_int_equal(store_commit(s, &err), STATUS_OK);
	}
	st = lite_query(s->kept[QUERY_PAYLOADS_INSERT])->st;
	assert_int_equal(sqlite3_stmt_status(st, SQLITE_STMTSTATUS_RUN, 0), 6);
	assert_int_equal(sqlite3_stmt_status(st, SQLITE_STMTSTATUS_REPREPARE, 0),
	    0);
	store_close(s);
}

/* What a service stores of many is on the disk once it is committed, and is put in as
 * it came; whatever else the handle writes is held to the tables' rules again. */
static void
test_a_group_is_durable_and_runs_no_trigger(void **state)
{
	static const char again[] = "UPDATE leaves SET leaf = leaf";
	static const enum durability d[] = { DURABLE_NOW, DURABLE_GROUP,
		DURABLE_LATER, DURABLE_GROUP, DURABLE_NOW, DURABLE_BULK,
		DURABLE_NOW };
	struct error err = { 0 };
	struct store *s;
	int64_t full;
	size_t i;
	int rc;

	(void)state;
	s = open_with(&making, NULL);
	append(s, 3);
	for (i = 0; i < sizeof(d) / sizeof(d[0]); i++) {
		assert_int_equal(store_begin(s, d[i], &err), STATUS_OK);
		assert_int_equal(store_number(s, "PRAGMA synchronous", &full, &err),
		    STATUS_OK);
		assert_int_equal(full, d[i] == DURABLE_NOW ||
		    d[i] == DURABLE_GROUP ? 2 : 1);
		rc = sqlite3_exec(lite(s)->db, again, NULL, NULL, NULL);
		assert_int_equal(rc, d[i] == DURABLE_NOW || d[i] == DURABLE_LATER ?
		    SQLITE_CONSTRAINT_TRIGGER : SQLITE_OK);
		store_rollback(s);
	}
	store_close(s);
}

/* No transaction waits for a checkpoint that can be done after it. */
static void
test_rest(void **state)
{
	struct error err = { 0 };
	struct store *s, *b;
	int64_t item = 1;
	off_t small;
	int i;

	(void)state;
	s = open_with(&making, NULL);
	b = open_with(&opening, NULL);
	small = size_of("");
	for (i = 0; i < 7; i++) {
		assert_int_equal(store_begin(s, DURABLE_NOW, &err), STATUS_OK);
		put_rows(s, &item, 100);
		assert_int_equal(store_commit(s, &err), STATUS_OK);
	}
	assert_int_equal(size_of(""), small);
	assert_int_equal(store_begin(b, DURABLE_NOW, &err), STATUS_OK);
	store_rest(s);			/* somebody writes */
	assert_int_equal(size_of(""), small);
	store_rollback(b);
	store_rest(b);			/* that wrote nothing */
	assert_int_equal(size_of(""), small);
	store_rest(s);
	assert_op(size_of(""), >, 600 * 100000);
	store_close(b);
	store_close(s);
}

/* Two locks on one file would be none. */
static void
test_a_link_leads_to_the_same_lock(void **state)
{
	struct store_options hasty = { .wait_ms = 20 };
	struct store *a, *b;
	struct error err = { 0 };
	char link[96], lock[112];

	(void)state;
	a = open_with(&making, NULL);
	(void)snprintf(link, sizeof(link), "%s/other", dir);
	assert_int_equal(symlink("new/store.db", link), 0);
	assert_int_equal(store_open(&b, link, &hasty, NULL, &err), STATUS_OK);
	assert_int_equal(store_begin(a, DURABLE_NOW, &err), STATUS_OK);
	assert_int_equal(store_begin(b, DURABLE_NOW, &err), STATUS_BUSY);
	(void)snprintf(lock, sizeof(lock), "%s-lock", link);
	assert_int_equal(access(lock, F_OK), -1);
	store_close(b);
	store_close(a);
}

static void
test_a_read_transaction_sees_one_state(void **state)
{
	struct store *a, *r;
	struct error err = { 0 };
	struct hash root;
	uint64_t size;

	(void)state;
	a = open_with(&making, NULL);
	r = open_with(&reading, NULL);
	assert_int_equal(store_begin_read(r, &err), STATUS_OK);
	size_and_root(r, &size, &root);
	append(a, 3);
	size_and_root(r, &size, &root);
	assert_int_equal(size, 1);
	store_end_read(r);
	size_and_root(r, &size, &root);
	assert_int_equal(size, 4);
	store_close(a);
	store_close(r);
}

static void
test_processes_make_it_together(void **state)
{
	struct error err = { 0 };
	struct store *s;
	struct hash root;
	uint64_t size;
	int i, rc;

	(void)state;
	for (i = 0; i < 8; i++)
		if (fork() == 0) {
			if (store_open(&s, path, &making, NULL, &err) !=
			    STATUS_OK) {
				fprintf(stderr, "%s\n", err.text);
				_exit(1);
			}
			append(s, 5);
			store_close(s);
			_exit(0);
		}
	for (i = 0; i < 8; i++) {
		assert_op(wait(&rc), >, 0);
		assert_int_equal(rc, 0);
	}
	s = open_with(&opening, NULL);
	size_and_root(s, &size, &root);
	assert_int_equal(size, 41);
	store_close(s);
}

static void
overwrite(const char *file, off_t at, const void *bytes, size_t n)
{
	int fd = open(file, O_WRONLY);

	assert_int_not_equal(fd, -1);
	assert_int_equal(pwrite(fd, bytes, n, at), (ssize_t)n);
	close(fd);
}

static void
test_what_is_no_store_is_refused(void **state)
{
	struct error err = { 0 };
	sqlite3 *db;
	int fd;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/other", dir);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(write(fd, "this is not a database, not at all", 34), 34);
	close(fd);
	assert_int_equal(open_fails(&making, &err), STATUS_CORRUPT);
	assert_non_null(strstr(err.text, "not a Handrail store"));
	unlink(path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE t (a)", 0, 0, 0), 0);
	sqlite3_close(db);
	assert_int_equal(open_fails(&making, &err), STATUS_CORRUPT);
	assert_non_null(strstr(err.text, "not a Handrail store"));
	(void)snprintf(path, sizeof(path), "%s", dir);
	assert_int_equal(open_fails(&making, &err), STATUS_CORRUPT);
	(void)snprintf(path, sizeof(path), "%s/other-lock", dir);
	unlink(path);
	(void)snprintf(path, sizeof(path), "%s-lock", dir);
	unlink(path);
}

static void
test_a_newer_store_is_refused(void **state)
{
	struct error err = { 0 };
	sqlite3 *db;

	(void)state;
	store_close(open_with(&making, NULL));
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA user_version=77", 0, 0, 0), 0);
	sqlite3_close(db);
	assert_int_equal(open_fails(&making, &err), STATUS_CORRUPT);
	assert_non_null(strstr(err.text, "77"));
}

static void
test_group_needs_its_folder(void **state)
{
	struct store_options o = { .create = true, .wait_ms = 5000,
	    .group = "no-such-group-here" };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(open_fails(&o, &err), STATUS_INVALID);
	assert_non_null(strstr(err.text, "no such group"));
}

static unsigned
mode_of(const char *suffix)
{
	char p[200];
	struct stat sb;

	(void)snprintf(p, sizeof(p), "%s%s", path, suffix);
	assert_int_equal(stat(p, &sb), 0);
	assert_int_equal(sb.st_gid, getegid());
	return sb.st_mode & 07777;
}

static void
test_a_shared_store_is_open_to_its_group_alone(void **state)
{
	struct store_options o = { .create = true, .wait_ms = 5000 };
	struct group *g = getgrgid(getegid());
	struct error err = { 0 };
	char folder[96];
	struct store *s;
	mode_t old;

	(void)state;
	if (g == NULL)
		skip();
	o.group = g->gr_name;
	old = umask(0077);
	s = open_with(&o, NULL);
	umask(old);
	assert_string_equal(store_group(s), g->gr_name);
	append(s, 1);
	assert_int_equal(mode_of(""), 0660);
	assert_int_equal(mode_of("-wal"), 0660);
	assert_int_equal(mode_of("-shm"), 0660);
	assert_int_equal(mode_of("-lock"), 0660);
	(void)snprintf(folder, sizeof(folder), "%s/new", dir);
	store_close(s);
	/* In a folder that the group cannot use it is not made. */
	(void)snprintf(path, sizeof(path), "%s/store.db", dir);
	assert_int_equal(open_fails(&o, &err), STATUS_INVALID);
	assert_non_null(strstr(err.text, "chmod 2770"));
	(void)snprintf(path, sizeof(path), "%s/store.db", folder);
	assert_int_equal(chmod(folder, 0700), 0);
}

/* A change that meets another: refused so often, then taken. */
struct meeting {
	struct store	*s;
	int		 refusals, runs;
};

static enum status
meet(void *arg, struct error *err)
{
	struct meeting *m = arg;
	enum status st;

	m->runs++;
	if ((st = audit_append(m->s, &ana, 1000, "try", SLICE_NONE, NULL, 0,
	    NULL, err)) != STATUS_OK)
		return st;
	if (m->refusals-- > 0)
		return error_set(err, STATUS_AGAIN, "met another");
	return STATUS_OK;
}

static void
test_a_change_that_meets_another_is_made_once(void **state)
{
	struct error err = { 0 };
	struct meeting m;

	(void)state;
	m = (struct meeting){ .s = open_with(&making, NULL), .refusals = 2 };
	assert_int_equal(store_write(m.s, DURABLE_NOW, meet, &m, &err),
	    STATUS_OK);
	assert_int_equal(err.code, STATUS_OK);
	assert_int_equal(m.runs, 3);
	assert_int_equal(number(path, "SELECT count(*) FROM leaves"), 2);
	/* It is not tried for ever, and leaves nothing behind. */
	m.refusals = 1000;
	m.runs = 0;
	assert_int_equal(store_write(m.s, DURABLE_NOW, meet, &m, &err),
	    STATUS_BUSY);
	assert_non_null(strstr(err.text, "try again"));
	assert_int_equal(m.runs, WRITE_TRIES);
	assert_int_equal(number(path, "SELECT count(*) FROM leaves"), 2);
	assert_int_equal(store_transaction(m.s), TRANSACTION_NONE);
	/* What is refused for another reason is not tried again. */
	error_clear(&err);
	assert_int_equal(store_begin(m.s, DURABLE_NOW, &err), STATUS_OK);
	m.runs = 0;
	assert_int_equal(store_write(m.s, DURABLE_NOW, meet, &m, &err),
	    STATUS_INVALID);
	assert_int_equal(m.runs, 0);
	store_rollback(m.s);
	store_close(m.s);
}

static enum status
number_both(void *arg, struct error *err)
{
	struct store *s = arg;
	int64_t item, release;
	enum status st;

	if ((st = head_next(s, HEAD_ITEM, &item, err)) != STATUS_OK ||
	    (st = head_next(s, HEAD_RELEASE, &release, err)) != STATUS_OK)
		return st;
	assert_int_equal(item, 1);
	assert_int_equal(release, 8);
	head_take(s, HEAD_RELEASE, 2);
	if ((st = head_next(s, HEAD_RELEASE, &release, err)) == STATUS_OK)
		assert_int_equal(release, 10);
	return st;
}

/* Numbers follow from the rows: those that were taken and not used are given
 * again, and behind the last possible one there is none. */
static void
test_numbers_follow_the_rows(void **state)
{
	struct error err = { 0 };
	struct store *s;
	sqlite3 *db;
	int i;

	(void)state;
	s = open_with(&making, NULL);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "DROP TRIGGER outbox_insert;"
	    "INSERT INTO outbox VALUES (7, 1, 1, 'approved', 'none', NULL, 1)",
	    0, 0, 0), SQLITE_OK);
	for (i = 0; i < 2; i++)
		if (store_write(s, DURABLE_NOW, number_both, s, &err) !=
		    STATUS_OK)
			fail_msg("%s", err.text);
	assert_int_equal(sqlite3_exec(db, "INSERT INTO outbox VALUES "
	    "(9223372036854775807, 1, 1, 'approved', 'none', NULL, 1)", 0, 0, 0),
	    SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(store_write(s, DURABLE_NOW, number_both, s, &err),
	    STATUS_CORRUPT);
	assert_non_null(strstr(err.text, "audit verify"));
	store_close(s);
}

static void
test_tables_are_append_only(void **state)
{
	static const char *const bad[] = {
		"DELETE FROM leaves", "UPDATE leaves SET leaf = 'x'",
		"INSERT OR REPLACE INTO leaves VALUES (0, 'x', x'')",
		"INSERT INTO leaves VALUES (7, 'x', x'')",
		"INSERT INTO leaves VALUES (-1, 'x', x'')"
	};
	sqlite3 *db;
	size_t i;

	(void)state;
	store_close(open_with(&making, NULL));
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(sqlite3_exec(db, bad[i], 0, 0, 0),
		    SQLITE_CONSTRAINT);
	sqlite3_close(db);
}

/* A copy of the store and its -wal, damaged: opened or refused, no crash. */
static void
test_a_cut_wal_loses_only_its_end(void **state)
{
	char wal[160];
	struct error err = { 0 };
	struct store *s;
	struct stat sb;
	struct hash root;
	uint64_t size, last = 0;
	off_t cut;

	(void)state;
	s = open_with(&making, NULL);
	for (cut = 0; cut < 12; cut++)
		append(s, 1);
	store_close(s);
	(void)snprintf(wal, sizeof(wal), "%s-wal", path);
	assert_int_equal(stat(wal, &sb), 0);
	assert_op(sb.st_size, >, 0);
	for (cut = sb.st_size; cut > 0; cut -= 4096 + 512) {
		assert_int_equal(truncate(wal, cut), 0);
		s = open_with(&opening, NULL);
		size_and_root(s, &size, &root);
		assert_true(size >= 1 && (last == 0 || size <= last));
		last = size;
		store_close(s);
	}
	assert_op(last, <, 13);
	/* A log shorter than what was there is appended to as it now is. */
	s = open_with(&opening, NULL);
	append(s, 2);
	size_and_root(s, &size, &root);
	assert_int_equal(size, last + 2);
	assert_int_equal(number(path, "SELECT count(*) FROM leaves"), last + 2);
	store_close(s);
	error_clear(&err);
}

/* Puts all into the file itself, where damage is done to it. */
static void
settle(struct store *s)
{
	struct error err = { 0 };

	if (store_settle(s, &err) != STATUS_OK)
		fail_msg("%s", err.text);
}

static void
write_mark(const char *mark)
{
	char lock[160];
	int fd;

	(void)snprintf(lock, sizeof(lock), "%s-lock", path);
	assert_int_not_equal(fd = open(lock, O_WRONLY | O_TRUNC), -1);
	assert_int_equal(write(fd, mark, strlen(mark)), (ssize_t)strlen(mark));
	close(fd);
}

static void
test_an_unclean_end_is_followed_by_a_look(void **state)
{
	static const uint8_t zeros[64];
	struct error err = { 0 };
	struct store *s;
	int rc;

	(void)state;
	s = open_with(&making, NULL);
	append(s, 300);
	settle(s);
	store_close(s);
	/* A process that dies with the store open leaves a mark and no harm. */
	if (fork() == 0) {
		s = open_with(&opening, NULL);
		append(s, 3);
		_exit(0);
	}
	assert_op(wait(&rc), >, 0);
	assert_op(rc, ==, 0);
	s = open_with(&opening, NULL);
	append(s, 1);
	settle(s);
	store_close(s);
	assert_int_equal(number(path, "SELECT count(*) FROM leaves"), 305);
	/* The last page holds leaves: nothing that opening alone would read. */
	overwrite(path, (number(path, "PRAGMA page_count") - 1) * 16384, zeros,
	    sizeof(zeros));
	store_close(open_with(&opening, NULL));
	write_mark("open another-boot\n");
	assert_int_equal(open_fails(&opening, &err), STATUS_CORRUPT);
	assert_non_null(strstr(err.text, "restore"));
	/* It stays so until it is mended. */
	assert_int_equal(open_fails(&opening, &err), STATUS_CORRUPT);
}

static void
test_settling_leaves_no_byte_behind(void **state)
{
	char wal[160];
	struct error err = { 0 };
	struct store *s, *r;
	struct hash root;
	struct stat sb;
	uint64_t size;

	(void)state;
	s = open_with(&making, NULL);
	append(s, 30);
	(void)snprintf(wal, sizeof(wal), "%s-wal", path);
	assert_int_equal(stat(wal, &sb), 0);
	assert_op(sb.st_size, >, 0);
	settle(s);
	assert_int_equal(stat(wal, &sb), 0);
	assert_int_equal(sb.st_size, 0);
	r = open_with(&reading, NULL);
	assert_int_equal(store_begin_read(r, &err), STATUS_OK);
	size_and_root(r, &size, &root);
	append(s, 1);
	store_set_wait(s, 20);
	assert_int_equal(store_settle(s, &err), STATUS_BUSY);
	store_end_read(r);
	settle(s);
	store_close(r);
	store_close(s);
}

static void
test_flipped_bits_never_crash(void **state)
{
	struct error err;
	struct store *s;
	struct hash root;
	struct stat sb;
	uint64_t size;
	struct audit_report r;
	const char *more = getenv("HANDRAIL_FLIPS");
	unsigned seed = 7, i, opened = 0;
	unsigned long flips = more == NULL ? 200 : strtoul(more, NULL, 10);
	uint8_t byte;
	off_t at;
	int fd;

	(void)state;
	s = open_with(&making, NULL);
	append(s, 300);
	settle(s);
	store_close(s);
	assert_int_equal(stat(path, &sb), 0);
	for (i = 0; i < flips; i++) {
		at = rand_r(&seed) % sb.st_size;
		fd = open(path, O_RDONLY);
		assert_int_equal(pread(fd, &byte, 1, at), 1);
		close(fd);
		byte ^= (uint8_t)(1u << (i % 8));
		overwrite(path, at, &byte, 1);
		memset(&err, 0, sizeof(err));
		if (store_open(&s, path, &opening, NULL, &err) == STATUS_OK) {
			opened++;
			if (audit_root(s, &size, &root, &err) != STATUS_OK ||
			    audit_verify(s, NULL, NULL, &r, &err) != STATUS_OK)
				assert_op(err.text[0], !=, '\0');
			store_close(s);
		} else
			assert_op(err.text[0], !=, '\0');
		byte ^= (uint8_t)(1u << (i % 8));
		overwrite(path, at, &byte, 1);
	}
	assert_op(opened, >, 0);
}

int
main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_made_once_and_opened_again),
		TEST(test_two_handles_append_in_turn),
		TEST(test_a_locked_store_is_busy_and_readable),
		TEST(test_many_transactions_alone),
		TEST(test_many_transactions_beside_another),
		TEST(test_statements_stay_ready),
		TEST(test_a_group_is_durable_and_runs_no_trigger),
		TEST(test_rest),
		TEST(test_a_link_leads_to_the_same_lock),
		TEST(test_a_read_transaction_sees_one_state),
		TEST(test_processes_make_it_together),
		TEST(test_what_is_no_store_is_refused),
		TEST(test_a_newer_store_is_refused),
		TEST(test_group_needs_its_folder),
		TEST(test_a_shared_store_is_open_to_its_group_alone),
		TEST(test_a_change_that_meets_another_is_made_once),
		TEST(test_numbers_follow_the_rows),
		TEST(test_tables_are_append_only),
		TEST(test_a_cut_wal_loses_only_its_end),
		TEST(test_an_unclean_end_is_followed_by_a_look),
		TEST(test_settling_leaves_no_byte_behind),
		TEST(test_flipped_bits_never_crash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
