/* When an ingest's transaction ends: others are let in where they come and go. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "db/clock.h"
#include "db/sqlite/checkpoint.h"
#include "db/sqlite/lock.h"
#include "db/sqlite/handle.h"
#include "db/sqlite/transaction.h"
#include "queue/ingest/transaction.h"
#include "tests/unit/store_test.h"

/* The disk takes nothing of the file whose number this is. */
static ino_t refused;

/* In place of the system's, for SQLite too. */
int
fdatasync(int fd)
{
	struct stat sb;

	if (refused != 0 && fstat(fd, &sb) == 0 && sb.st_ino == refused) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(SYS_fdatasync, fd);
}

static void *
take_and_drop(void *arg)
{
	struct lock *l = arg;
	struct error err = { 0 };

	if (lock_take(l, 20000, 0, &err) == STATUS_OK)
		lock_drop(l);
	return NULL;
}

static void
pause_settles(struct ingest_transaction *x, bool does)
{
	struct error err = { 0 };
	bool settled;

	assert_int_equal(ingest_transaction_begin(x, &err), STATUS_OK);
	assert_int_equal(ingest_transaction_pause(x, &settled, &err), STATUS_OK);
	assert_int_equal(settled, does);
	assert_int_equal(x->open, !does);
}

static void
test_a_pause_lets_others_in(void **state)
{
	struct ingest_transaction x = { .durability = DURABLE_BULK };
	struct lock lock = LOCK_INIT;
	struct error err = { 0 };
	struct store *s;
	pthread_t t;
	int i;

	(void)state;
	x.store = s = store;
	(void)snprintf(other, sizeof(other), "%s/store.db-lock", dir);
	assert_int_equal(lock_open(&lock, other, 0600, &err), STATUS_OK);
	pause_settles(&x, false);	/* nobody came: it goes on */
	assert_int_equal(pthread_create(&t, NULL, take_and_drop, &lock), 0);
	for (i = 0; !store_yields(s) && i < 20000; i++)
		(void)poll(NULL, 0, 1);
	pause_settles(&x, true);
	pthread_join(t, NULL);
	x.among_until_ms += 20000;	/* however slow the machine is */
	pause_settles(&x, true);	/* another may come at any moment */
	x.among_until_ms = 0;
	pause_settles(&x, false);
	ingest_transaction_release(&x);
	lock_close(&lock);
}

/* A -wal that may be emptied ends a transaction, but nobody waits for it. */
static void
test_a_large_wal_is_nobody(void **state)
{
	struct ingest_transaction x = { .durability = DURABLE_BULK };
	struct error err = { 0 };
	bool settled;

	(void)state;
	x.store = store;
	assert_int_equal(ingest_transaction_begin(&x, &err), STATUS_OK);
	lite(store)->beside = checkpointer_new(store_path(store));
	assert_non_null(lite(store)->beside);
	lite(store)->passing = true;
	lite(store)->wal_pages = 5000;
	assert_true(store_yields(store));
	pause_settles(&x, false);
	x.begun_ms -= 10;
	assert_int_equal(ingest_transaction_yield(&x, false, &settled, &err),
	    STATUS_OK);
	assert_true(settled);
	assert_int_equal(x.among_until_ms, 0);
	ingest_transaction_release(&x);
}

/* Writes so many pages and more, in the open transaction. */
static void
fill(int pages)
{
	struct error err = { 0 };
	char sql[256];

	(void)snprintf(sql, sizeof(sql), "CREATE TABLE IF NOT EXISTS filled(b);"
	    "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
	    "INSERT INTO filled SELECT zeroblob(16000) FROM n", pages);
	assert_int_equal(store_exec(store, sql, "filling", &err), STATUS_OK);
}

static void
next(int pages)
{
	struct error err = { 0 };

	fill(pages);
	assert_int_equal(store_next(store, &err), STATUS_OK);
	while (!checkpointer_idle(lite(store)->beside))
		(void)poll(NULL, 0, 1);
}

/* Nobody reads an older state: all of -wal can go into the file, and be emptied. */
static void
wal_can_be_emptied(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
	    1, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_wal_checkpoint_v2(db, NULL,
	    SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void
begin_among_others(void)
{
	struct error err = { 0 };

	assert_int_equal(store_begin(store, DURABLE_BULK, &err), STATUS_OK);
	lite(store)->others_until_ms = INT64_MAX;
}

/* No checkpoint runs outside the lock, which goes with a transaction that cannot begin. */
static void
test_a_pass_ends_before_the_lock_goes(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(store_begin(store, DURABLE_BULK, &err), STATUS_OK);
	fill(3000);
	assert_int_equal(store_next(store, &err), STATUS_OK);
	assert_true(lite(store)->passing);
	assert_int_equal(rename(path, copy), 0);
	fill(1);
	assert_int_equal(store_next(store, &err), STATUS_IO);
	assert_non_null(strstr(err.text, "moved away"));
	error_clear(&err);
	assert_false(lite(store)->lock.held);
	assert_false(checkpointer_busy(lite(store)->beside));
	assert_int_equal(rename(copy, path), 0);
}

/* What reads an older state is we ourselves: nobody is waited for, nor blamed. */
static void
test_a_wal_that_must_begin_anew_waits_for_no_pin(void **state)
{
	struct error err = { 0 };

	(void)state;
	store_set_wait(store, 100);
	begin_among_others();
	next(200);
	assert_true(checkpointer_pinned(lite(store)->beside));
	lite(store)->wal_pages = WAL_MOST;
	lite(store)->wal_done = WAL_MOST;
	assert_int_equal(store_next(store, &err), STATUS_OK);
	assert_int_equal(store_commit(store, &err), STATUS_OK);
	wal_can_be_emptied();
}

/* Once others are gone no pin stays, though there is no pass to begin. */
static void
test_no_pin_stays_where_others_are_gone(void **state)
{
	struct error err = { 0 };

	(void)state;
	begin_among_others();
	next(200);
	assert_true(checkpointer_pinned(lite(store)->beside));
	lite(store)->others_until_ms = 0;
	fill(1);
	lite(store)->wal_done = lite(store)->wal_pages + 1000;
	assert_int_equal(store_next(store, &err), STATUS_OK);
	assert_false(lite(store)->passing);
	assert_false(checkpointer_pinned(lite(store)->beside));
	assert_int_equal(store_commit(store, &err), STATUS_OK);
	wal_can_be_emptied();
}

/* Others wait for no more than what the transaction before the last wrote. */
static void
test_among_others_a_checkpoint_is_done_in_parts(void **state)
{
	struct error err = { 0 };
	int first;

	(void)state;
	begin_among_others();
	next(200);
	first = lite(store)->wal_pages;
	assert_op(first, >=, 200);
	assert_op(lite(store)->wal_done, <, 200);
	next(300);
	assert_int_equal(lite(store)->wal_done, first);
	assert_op(lite(store)->wal_pages, >=, first + 300);
	fill(1);
	assert_int_equal(store_commit(store, &err), STATUS_OK);
	wal_can_be_emptied();
	begin_among_others();
	next(200);
	store_rollback(store);
	wal_can_be_emptied();
}

/* The pages of -wal at its longest, of so many transactions of 600 pages each. */
static int
longest_wal(int transactions)
{
	struct error err = { 0 };
	int most = 0, i;

	begin_among_others();
	for (i = 0; i < transactions; i++) {
		next(600);
		if (lite(store)->wal_pages > most)
			most = lite(store)->wal_pages;
	}
	assert_int_equal(store_commit(store, &err), STATUS_OK);
	return most;
}

static void
test_among_others_wal_begins_anew(void **state)
{
	(void)state;
	assert_in_range(longest_wal(12), 4000, 6000);
}

/* There is always one who waits, as where many come at once. */
static void
test_wal_begins_anew_though_others_wait(void **state)
{
	struct flock waiting = { .l_type = F_RDLCK, .l_whence = SEEK_SET,
	    .l_start = 3, .l_len = 1 };
	int fd;

	(void)state;
	(void)snprintf(other, sizeof(other), "%s/store.db-lock", dir);
	assert_op(fd = open(other, O_RDWR), !=, -1);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &waiting), 0);
	assert_true(store_waited_for(store));
	assert_in_range(longest_wal(20), 7000, 9500);
	close(fd);
}

/* Between two transactions the store is free for a while, but where nobody comes. */
static void
test_among_others_it_rests(void **state)
{
	struct error err = { 0 };
	int64_t begun;

	(void)state;
	assert_int_equal(store_begin(store, DURABLE_BULK, &err), STATUS_OK);
	fill(1);
	assert_int_equal(store_next(store, &err), STATUS_OK);
	assert_int_equal(lite(store)->others_until_ms, 0);
	lite(store)->others_until_ms = INT64_MAX;
	begun = clock_boot_ms(NULL);
	assert_int_equal(store_next(store, &err), STATUS_OK);
	assert_op(clock_boot_ms(NULL) - begun, >=, 25);
	assert_int_equal(store_commit(store, &err), STATUS_OK);
}

/* What the file at `from` holds, into the one at `to`, in its place. */
static void
copy_over(const char *from, const char *to)
{
	int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	char b[65536];
	ssize_t n;

	assert_op(in, !=, -1);
	assert_op(out, !=, -1);
	while ((n = read(in, b, sizeof(b))) > 0)
		assert_int_equal(write(out, b, (size_t)n), n);
	assert_int_equal(n, 0);
	close(in);
	close(out);
}

/*
 * The disk loses what was copied in parts, and says so once, to a descriptor that is
 * used no more: the ingest ends, and all of it is copied again from -wal.
 */
static void
test_what_the_disk_refused_is_copied_again(void **state)
{
	struct error err = { 0 };
	int64_t rows = 0, written = 200;
	enum status st = STATUS_OK;
	struct stat sb;
	int i;

	(void)state;
	copy_over(path, copy);
	assert_int_equal(stat(path, &sb), 0);
	begin_among_others();
	next(200);
	refused = sb.st_ino;
	/* It is told before the next transaction begins, or before the one after. */
	for (i = 0; i < 2 && st == STATUS_OK; i++) {
		fill(200);
		written += 200;
		st = store_next(store, &err);
		while (checkpointer_busy(lite(store)->beside))
			(void)poll(NULL, 0, 1);
		assert_op(lite(store)->wal_done, >=, 200);
		refused = 0;
	}
	assert_int_equal(st, STATUS_IO);
	assert_non_null(strstr(err.text, "the disk did not take"));
	error_clear(&err);
	store_close(store);
	copy_over(copy, path);
	store = open_at(path, &making, NULL);
	wal_can_be_emptied();
	assert_int_equal(store_look_through(store, "PRAGMA integrity_check(1)", &err),
	    STATUS_OK);
	assert_int_equal(store_number(store, "SELECT count(*) FROM filled", &rows,
	    &err), STATUS_OK);
	assert_int_equal(rows, written);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_pause_lets_others_in,
		    store_setup, store_teardown),
		cmocka_unit_test_setup_teardown(test_a_large_wal_is_nobody,
		    store_setup, store_teardown),
		cmocka_unit_test_setup_teardown(
		    test_among_others_a_checkpoint_is_done_in_parts,
		    store_setup, store_teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_pass_ends_before_the_lock_goes,
		    store_setup, store_teardown),
		cmocka_unit_test_setup_teardown(
		    test_a_wal_that_must_begin_anew_waits_for_no_pin,
		    store_setup, store_teardown),
		cmocka_unit_test_setup_teardown(
		    test_no_pin_stays_where_others_are_gone,
		    store_setup, store_teardown),
		cmocka_unit_test_setup_teardown(test_among_others_it_rests,
		    store_setup, store_teardown),
		cmocka_unit_test_setup_teardown(
		    test_among_others_wal_begins_anew,
		    store_setup, store_teardown),
		cmocka_unit_test_setup_teardown(
		    test_wal_begins_anew_though_others_wait,
		    store_setup, store_teardown),
		cmocka_unit_test_setup_teardown(
		    test_what_the_disk_refused_is_copied_again,
		    store_setup, store_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
