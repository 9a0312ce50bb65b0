/* The turnstile: exclusive, fair between processes, never waiting too long. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "db/sqlite/lock.h"
#include "tests/unit/values.h"

static char path[64];

static int
setup(void **state)
{
	int fd;

	(void)state;
	(void)snprintf(path, sizeof(path), "/tmp/handrail-lock-XXXXXX");
	if ((fd = mkstemp(path)) == -1)
		return -1;
	close(fd);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return unlink(path);
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
open_lock(struct lock *l)
{
	struct error err = { 0 };

	if (lock_open(l, path, 0600, &err) != STATUS_OK)
		fail_msg("%s", err.text);
}

static void
test_one_holds_it_the_other_waits(void **state)
{
	struct lock a = LOCK_INIT, b = LOCK_INIT;
	struct error err = { 0 };
	int64_t begun;

	(void)state;
	open_lock(&a);
	open_lock(&b);
	assert_int_equal(lock_take(&a, 0, 0, &err), STATUS_OK);
	assert_int_equal(lock_take(&b, 0, 0, &err), STATUS_BUSY);
	begun = now_ms();
	assert_int_equal(lock_take(&b, 50, 0, &err), STATUS_BUSY);
	assert_op(now_ms() - begun, >=, 50);
	assert_int_equal(err.code, STATUS_OK);
	lock_drop(&a);
	assert_int_equal(lock_take(&b, 0, 0, &err), STATUS_OK);
	/* Closing without dropping gives it back, as dying does. */
	lock_close(&b);
	assert_int_equal(lock_take(&a, 0, 0, &err), STATUS_OK);
	lock_close(&a);
	lock_close(&a);
}

/* Another descriptor of the file, closed: POSIX locks would be gone. */
static void
test_a_close_elsewhere_drops_nothing(void **state)
{
	struct lock a = LOCK_INIT, b = LOCK_INIT;
	struct error err = { 0 };

	(void)state;
	open_lock(&a);
	open_lock(&b);
	assert_int_equal(lock_take(&a, 0, 0, &err), STATUS_OK);
	close(open(path, O_RDWR));
	assert_int_equal(lock_take(&b, 0, 0, &err), STATUS_BUSY);
	lock_close(&b);
	lock_close(&a);
}

static void *
wait_for_it(void *arg)
{
	struct lock *l = arg;
	struct error err = { 0 };

	if (lock_take(l, 10000, 0, &err) == STATUS_OK)
		lock_drop(l);
	return NULL;
}

static void
test_a_waiter_is_seen(void **state)
{
	struct lock a = LOCK_INIT, b = LOCK_INIT;
	struct error err = { 0 };
	pthread_t t;
	int64_t until = now_ms() + 10000;

	(void)state;
	open_lock(&a);
	open_lock(&b);
	assert_int_equal(lock_take(&a, 0, 0, &err), STATUS_OK);
	assert_false(lock_contended(&a));
	assert_int_equal(pthread_create(&t, NULL, wait_for_it, &b), 0);
	while (!lock_contended(&a) && now_ms() < until)
		(void)poll(NULL, 0, 1);
	assert_true(lock_contended(&a));
	lock_drop(&a);
	pthread_join(t, NULL);
	assert_false(lock_contended(&a));
	lock_close(&a);
	lock_close(&b);
}

static void
test_who_writes_much_is_seen(void **state)
{
	struct lock a = LOCK_INIT, b = LOCK_INIT, c = LOCK_INIT;

	(void)state;
	open_lock(&a);
	open_lock(&b);
	open_lock(&c);
	lock_bulk(&a, true);
	lock_bulk(&a, true);
	assert_false(lock_bulky(&a));		/* by another */
	assert_true(lock_bulky(&b));
	lock_bulk(&b, true);
	lock_bulk(&a, false);
	assert_true(lock_bulky(&c));
	lock_close(&b);
	assert_false(lock_bulky(&c));
	lock_close(&a);
	lock_close(&c);
}

static void
test_users_and_their_mark(void **state)
{
	struct lock a = LOCK_INIT, b = LOCK_INIT;
	struct error err = { 0 };
	char mark[64];
	bool first;

	(void)state;
	open_lock(&a);
	open_lock(&b);
	assert_int_equal(lock_enter(&a, 0, &first, &err), STATUS_OK);
	assert_true(first);
	lock_read_mark(&a, mark, sizeof(mark));
	assert_string_equal(mark, "");
	lock_write_mark(&a, "open somewhere else");
	/* While the first looks through the store the others stay outside. */
	assert_int_equal(lock_enter(&b, 10, &first, &err), STATUS_BUSY);
	lock_share(&a);
	assert_int_equal(lock_enter(&b, 0, &first, &err), STATUS_OK);
	assert_false(first);
	assert_false(lock_last(&a));
	lock_close(&a);
	assert_true(lock_last(&b));
	lock_write_mark(&b, "clean");
	lock_read_mark(&b, mark, sizeof(mark));
	assert_string_equal(mark, "clean");
	lock_close(&b);
}

static mode_t
mode_of_lock(mode_t wanted)
{
	struct lock l = LOCK_INIT;
	struct error err = { 0 };
	struct stat st;

	if (lock_open(&l, path, wanted, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	lock_close(&l);
	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 0777;
}

/* A shared store's is open to its group, whatever it was; another's file is left. */
static void
test_its_mode(void **state)
{
	(void)state;
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(mode_of_lock(0660), 0660);
	assert_int_equal(mode_of_lock(0660), 0660);
	if (geteuid() == 0 && chown(path, 4711, (gid_t)-1) == 0)
		assert_int_equal(mode_of_lock(0600), 0660);
}

/* What cannot be locked is no busy store: who waits for that waits for nothing. */
static void
test_what_cannot_be_locked(void **state)
{
	struct lock l = LOCK_INIT;
	struct error err = { 0 };
	char beneath[80], mark[8];

	(void)state;
	assert_int_equal(lock_take(&l, 0, 0, &err), STATUS_IO);
	assert_non_null(strstr(err.text, "cannot be locked: "));
	assert_false(lock_contended(&l));
	assert_false(lock_owned(&l, 1));
	lock_drop(&l);			/* it holds nothing */
	(void)snprintf(beneath, sizeof(beneath), "%s/lock", path);
	error_clear(&err);
	assert_int_equal(lock_open(&l, beneath, 0600, &err), STATUS_IO);
	assert_non_null(strstr(err.text, beneath));
	/* One that may only look leaves no mark, and takes none for one. */
	lock_look(&l, path);
	lock_write_mark(&l, "clean");
	lock_read_mark(&l, mark, sizeof(mark));
	assert_string_equal(mark, "");
	lock_close(&l);
}

static void
test_the_byte_of_a_number(void **state)
{
	struct lock a = LOCK_INIT, b = LOCK_INIT;

	(void)state;
	open_lock(&a);
	open_lock(&b);
	assert_true(lock_own(&a, 7));
	assert_false(lock_own(&b, 7));
	assert_true(lock_owned(&b, 7));
	assert_false(lock_owned(&a, 7));	/* by another */
	assert_false(lock_owned(&b, 8));
	lock_close(&a);
	assert_false(lock_owned(&b, 7));
	lock_close(&b);
}

/* Behind one who waits too nobody waits longer than was asked; the longest wait there
 * is does not run over; and who yields does so for a while alone. */
static void
test_those_behind_wait_no_longer(void **state)
{
	struct lock a = LOCK_INIT, b = LOCK_INIT, c = LOCK_INIT;
	struct error err = { 0 };
	int64_t begun, until = now_ms() + 10000;
	pthread_t t;

	(void)state;
	open_lock(&a);
	open_lock(&b);
	open_lock(&c);
	assert_int_equal(lock_take(&a, INT64_MAX, 0, &err), STATUS_OK);
	assert_int_equal(pthread_create(&t, NULL, wait_for_it, &b), 0);
	while (!lock_contended(&a) && now_ms() < until)
		(void)poll(NULL, 0, 1);
	begun = now_ms();
	assert_int_equal(lock_take(&c, 30, 0, &err), STATUS_BUSY);
	assert_op(now_ms() - begun, >=, 30);
	begun = now_ms();
	assert_int_equal(lock_take(&c, 0, 20, &err), STATUS_BUSY);
	assert_op(now_ms() - begun, >=, 20);
	lock_drop(&a);
	pthread_join(t, NULL);
	lock_close(&a);
	lock_close(&b);
	lock_close(&c);
}

#define OTHERS		7
#define TURNS		40	/* that each of these has to have ... */
#define TURNS_ONE	300	/* ... before the one has had so many */

/* Shared between the processes of the next test. */
struct tally {
	volatile int	inside, broken;
	volatile int	done;		/* others that had all their turns */
	int		one;		/* turns of the one until then */
};

static void
turn(struct tally *t, struct lock *l, int hold_ms)
{
	struct error err = { 0 };

	if (lock_take(l, 60000, 0, &err) != STATUS_OK)
		_exit(2);
	if (__sync_fetch_and_add(&t->inside, 1) != 0)
		t->broken++;
	(void)poll(NULL, 0, hold_ms);
	(void)__sync_fetch_and_sub(&t->inside, 1);
	lock_drop(l);
}

static void
work(struct tally *t, bool one)
{
	struct lock l = LOCK_INIT;
	struct error err = { 0 };
	int i;

	if (lock_open(&l, path, 0600, &err) != STATUS_OK)
		_exit(1);
	if (one)
		for (; t->one < TURNS_ONE && t->done < OTHERS; t->one++)
			turn(t, &l, 20);
	else {
		for (i = 0; i < TURNS; i++)
			turn(t, &l, 1);
		(void)__sync_fetch_and_add(&t->done, 1);
	}
	_exit(0);
}

/* One holds it 20 ms and comes back at once, seven need it 1 ms: without the
 * turnstile each of these waits for a dozen turns of the one and more. */
static void
test_nobody_starves(void **state)
{
	struct tally *t;
	int i, rc;

	(void)state;
	t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(t != MAP_FAILED);
	memset(t, 0, sizeof(*t));
	for (i = 0; i <= OTHERS; i++)
		if (fork() == 0)
			work(t, i == 0);
	for (i = 0; i <= OTHERS; i++) {
		assert_op(wait(&rc), >, 0);
		assert_int_equal(rc, 0);
	}
	assert_int_equal(t->broken, 0);
	print_message("turns of the one: %d\n", t->one);
	assert_in_range(t->one, 1, TURNS_ONE - 1);
	munmap(t, sizeof(*t));
}

int
main(void)
{
#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_one_holds_it_the_other_waits),
		TEST(test_a_close_elsewhere_drops_nothing),
		TEST(test_a_waiter_is_seen),
		TEST(test_who_writes_much_is_seen),
		TEST(test_users_and_their_mark),
		TEST(test_its_mode),
		TEST(test_what_cannot_be_locked),
		TEST(test_the_byte_of_a_number),
		TEST(test_those_behind_wait_no_longer),
		TEST(test_nobody_starves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
