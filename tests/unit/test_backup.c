/* Copies of a store in use, the way back, what the doctor says, and readers that
 * stay. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "db/audit/verify.h"
#include "db/backup.h"
#include "db/doctor.h"
#include "db/sqlite/handle.h"
#include "db/sqlite/transaction.h"
#include "tests/unit/store_test.h"
#include "tests/unit/values.h"

static bool
append(struct store *s, int n)
{
	struct error err = { 0 };
	int i;

	if (store_begin(s, DURABLE_LATER, &err) != STATUS_OK)
		return false;
	for (i = 0; i < n; i++)
		if (audit_append(s, &ana, clock_now_ms(NULL), "export", SLICE_NONE,
		    NULL, 0, NULL, &err) != STATUS_OK)
			return false;
	return store_commit(s, &err) == STATUS_OK;
}

static uint64_t
verified(const char *p)
{
	struct store *s = open_at(p, &making, NULL);
	struct error err = { 0 };
	struct audit_report r;

	assert_int_equal(audit_verify(s, NULL, NULL, &r, &err), STATUS_OK);
	assert_int_equal(r.problems, 0);
	store_close(s);
	return r.leaves;
}

static void
test_copies_while_another_writes(void **state)
{
	struct error err = { 0 };
	struct stat sb;
	struct store *s;
	uint64_t leaves, before = 0;
	pid_t writer;
	int i;

	(void)state;
	s = open_at(path, &making, NULL);
	assert_true(append(s, 10));
	if ((writer = fork()) == 0) {
		s = open_at(path, &making, NULL);
		while (append(s, 50))
			;
		_exit(1);
	}
	for (i = 0; i < 10; i++) {
		if (store_backup(s, copy, NULL, NULL, &err) != STATUS_OK)
			fail_msg("%s", err.text);
		assert_int_equal(stat(copy, &sb), 0);
		assert_int_equal(sb.st_mode & 0777, 0600);
		leaves = verified(copy);
		assert_op(leaves, >=, 11);
		assert_op(leaves, >=, before);
		before = leaves;
		remove_store(copy);
	}
	kill(writer, SIGKILL);
	waitpid(writer, NULL, 0);
	store_close(s);
	assert_op(verified(path), >=, before);
}

static void
test_nothing_is_overwritten(void **state)
{
	struct error err = { 0 };
	struct store *s;
	char text[8] = "";
	int fd;

	(void)state;
	s = open_at(path, &making, NULL);
	fd = open(copy, O_CREAT | O_RDWR, 0600);
	assert_int_equal(write(fd, "mine", 4), 4);
	assert_int_equal(store_backup(s, copy, NULL, NULL, &err), STATUS_CONFLICT);
	assert_int_equal(pread(fd, text, 7, 0), 4);
	assert_string_equal(text, "mine");
	close(fd);
	error_clear(&err);
	assert_int_equal(store_backup(s, "/no/such/folder/x", NULL, NULL, &err), STATUS_IO);
	error_clear(&err);
	store_close(s);
	remove_store(path);
	assert_int_equal(store_restore(copy, path, NULL, NULL, &err), STATUS_CORRUPT);
	assert_int_equal(access(path, F_OK), -1);
}

static void
test_a_backup_becomes_a_store_again(void **state)
{
	struct error err = { 0 };
	struct hash roots[2];
	uint64_t size[2];
	struct store *s;
	char wal[160];
	uint8_t key[HASH_LEN];

	(void)state;
	s = open_at(path, &making, NULL);
	assert_true(append(s, 25));
	memcpy(key, store_key(s).p, sizeof(key));
	assert_int_equal(audit_root(s, &size[0], &roots[0], &err), STATUS_OK);
	assert_int_equal(store_backup(s, copy, NULL, NULL, &err), STATUS_OK);
	assert_true(append(s, 5));
	store_close(s);
	/* Not over a store, and not beside what is left of one. */
	assert_int_equal(store_restore(copy, path, NULL, NULL, &err), STATUS_CONFLICT);
	error_clear(&err);
	assert_int_equal(unlink(path), 0);
	(void)snprintf(wal, sizeof(wal), "%s-wal", path);
	assert_int_equal(access(wal, F_OK), 0);
	assert_int_equal(store_restore(copy, path, NULL, NULL, &err), STATUS_CONFLICT);
	assert_non_null(strstr(err.text, "-wal"));
	error_clear(&err);
	remove_store(path);
	if (store_restore(copy, path, NULL, NULL, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	s = open_at(path, &making, NULL);
	assert_memory_equal(key, store_key(s).p, sizeof(key));
	assert_int_equal(audit_root(s, &size[1], &roots[1], &err), STATUS_OK);
	assert_int_equal(size[0], size[1]);
	assert_true(hash_eq(&roots[0], &roots[1]));
	assert_true(append(s, 5));
	store_close(s);
	assert_int_equal(verified(path), 31);
}

static char lines[8192];
static enum doctor_level level_of_totals;

static void
collect(void *arg, enum doctor_level level, const char *line)
{
	size_t n = strlen(lines);

	(void)arg;
	if (strstr(line, "count of") != NULL)
		level_of_totals = level;
	(void)snprintf(lines + n, sizeof(lines) - n, "%d %s\n", (int)level,
	    line);
}

static enum doctor_level
doctor(void)
{
	enum doctor_level worst;
	struct error err = { 0 };

	lines[0] = '\0';
	if (store_doctor(path, collect, NULL, &worst, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	return worst;
}

static void
test_the_doctor_finds_what_is_wrong(void **state)
{
	enum doctor_level worst;
	struct error err = { 0 };
	struct store *s;
	int fd;

	(void)state;
	assert_int_equal(store_doctor(path, collect, NULL, &worst, &err),
	    STATUS_NOT_FOUND);
	s = open_at(path, &making, NULL);
	assert_op(doctor(), <, DOCTOR_BAD);
	assert_non_null(strstr(lines, "integrity check: ok"));
	assert_non_null(strstr(lines, "SQLite "));
	assert_null(strstr(lines, "last closed"));
	assert_int_equal(sqlite3_exec(lite(s)->db, "INSERT INTO totals VALUES "
	    "('q', 'flagged', 3)", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(doctor(), DOCTOR_BAD);
	assert_int_equal(level_of_totals, DOCTOR_BAD);
	assert_int_equal(sqlite3_exec(lite(s)->db, "DELETE FROM totals", NULL, NULL,
	    NULL), SQLITE_OK);
	store_close(s);
	assert_op(doctor(), <, DOCTOR_BAD);
	assert_non_null(strstr(lines, "last closed in order"));
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(doctor(), DOCTOR_BAD);
	assert_non_null(strstr(lines, "chmod 600"));
	assert_int_equal(chmod(path, 0600), 0);
	assert_op(doctor(), <, DOCTOR_BAD);
	fd = open(path, O_WRONLY);
	assert_int_equal(pwrite(fd, "no store at all!", 16, 0), 16);
	close(fd);
	assert_int_equal(doctor(), DOCTOR_BAD);
}

/* A reader that stays keeps -wal from beginning anew: a large ingest waits for it,
 * and does not make it grow without end. */
static void
test_an_ingest_waits_for_a_reader(void **state)
{
	struct error err = { 0 };
	struct store *s = open_at(path, &making, NULL);
	struct store *reader = open_at(path, &making, NULL);

	(void)state;
	store_set_wait(s, 100);
	assert_int_equal(store_begin(s, DURABLE_NOW, &err), STATUS_OK);
	assert_int_equal(store_unsettle(s, &err), STATUS_OK);
	assert_int_equal(store_commit(s, &err), STATUS_OK);
	assert_int_equal(store_begin_read(reader, &err), STATUS_OK);
	assert_op(store_version(reader), >=, 0);
	assert_int_equal(sqlite3_exec(lite(reader)->db, "SELECT * FROM meta", NULL,
	    NULL, NULL), SQLITE_OK);
	assert_int_equal(store_begin(s, DURABLE_LATER, &err), STATUS_OK);
	assert_int_equal(store_unsettle(s, &err), STATUS_OK);
	lite(s)->wal_pages = WAL_MOST;
	store_rollback(s);
	assert_int_equal(store_begin(s, DURABLE_BULK, &err), STATUS_BUSY);
	assert_non_null(strstr(err.text, "while somebody reads"));
	error_clear(&err);
	/* A decision does not wait. */
	assert_int_equal(store_begin(s, DURABLE_NOW, &err), STATUS_OK);
	store_rollback(s);
	store_end_read(reader);
	assert_int_equal(store_begin(s, DURABLE_BULK, &err), STATUS_OK);
	store_rollback(s);
	store_close(reader);
	store_close(s);
}

int
main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, dir_setup, store_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_copies_while_another_writes),
		TEST(test_nothing_is_overwritten),
		TEST(test_a_backup_becomes_a_store_again),
		TEST(test_the_doctor_finds_what_is_wrong),
		TEST(test_an_ingest_waits_for_a_reader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
