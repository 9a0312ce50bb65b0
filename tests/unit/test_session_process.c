/* Whether the process that a session lives with is gone. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "queue/session_process.h"

static bool
gone(const uint8_t id[SESSION_ID])
{
	return session_process_gone((struct slice){ (const char *)id, SESSION_ID });
}

/* A process that waits to be killed; its id. */
static pid_t
child(uint8_t id[SESSION_ID])
{
	int fd[2];
	pid_t pid;

	assert_int_equal(pipe(fd), 0);
	if ((pid = fork()) == 0) {
		session_process_mark(id);
		(void)!write(fd[1], id, SESSION_ID);
		for (;;)
			(void)pause();
	}
	assert_int_equal(read(fd[0], id, SESSION_ID), SESSION_ID);
	(void)close(fd[0]);
	(void)close(fd[1]);
	return pid;
}

static void
test_killed(void **state)
{
	uint8_t id[SESSION_ID] = "0123456789abcde";
	siginfo_t info;
	pid_t pid = child(id);

	(void)state;
	assert_memory_equal(id, "0123", 4);	/* chance stays */
	assert_false(gone(id));
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_true(gone(id));		/* though nobody asked yet how it ended */
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(gone(id));
}

static void
test_other(void **state)
{
	uint8_t id[SESSION_ID], other[SESSION_ID];

	(void)state;
	memset(id, 0xa5, sizeof(id));
	assert_false(gone(id));		/* chance alone tells of no process */
	session_process_mark(id);
	assert_false(gone(id));
	memcpy(other, id, sizeof(id));
	other[12] ^= 1;			/* another one that has its number by now */
	assert_true(gone(other));
	memcpy(other, id, sizeof(id));
	other[4] ^= 1;			/* of another namespace: not known */
	other[12] ^= 1;
	assert_false(gone(other));
	assert_false(session_process_gone(SLICE("short")));
	assert_false(session_process_gone(SLICE_NONE));
}

static void
test_not_seen(void **state)
{
	uint8_t id[SESSION_ID] = "0123456789abcde";
	pid_t pid = child(id);
	struct rlimit before, none;
	bool is_gone;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	is_gone = gone(id);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_false(is_gone);		/* it could not be looked at, and lived */
	assert_true(gone(id));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed), cmocka_unit_test(test_other),
		cmocka_unit_test(test_not_seen)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
