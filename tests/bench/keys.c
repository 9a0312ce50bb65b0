/*
 * How long a program of the screen takes to begin and to answer a key, and how much
 * it sends, on a terminal of 80x24: `keys NAME TURNS PREPARED KEYS PROGRAM [ARG...]`.
 * PREPARED is typed first (\r, \e and \w, which waits half a second, are known), then
 * the KEYS in turn, TURNS in all.  A row: name, start in ms and bytes, then p50, p99
 * and the worst in ms from a key to the last byte of its answer, bytes a key, and p99
 * of what the thread that has the keys works for each, in ms, whoever else wants the
 * processors (-1: this system does not say).
 */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/timing.h"

#define QUIET_MS	3	/* nothing for so long: it has answered */
#define PACE_NS		8000000	/* between an answer and the next key */
#define TURNS_MAX	2000

/* Reads an answer; bytes, and when its last one came. */
static size_t
answer(int fd, int first_ms, int quiet_ms, double *last)
{
	struct pollfd p = { fd, POLLIN, 0 };
	static char buf[65536];
	size_t n = 0;
	ssize_t got;

	*last = now_ms();
	while (poll(&p, 1, n == 0 ? first_ms : quiet_ms) > 0 &&
	    (got = read(fd, buf, sizeof(buf))) > 0) {
		n += (size_t)got;
		*last = now_ms();
	}
	return n;
}

/* How long the program's first thread has run, in ms; -1: not known. */
static double
worked_ms(pid_t pid)
{
	long long ns = -1;
	char path[64];
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", (int)pid,
	    (int)pid);
	if ((f = fopen(path, "r")) == NULL)
		return -1;
	if (fscanf(f, "%lld", &ns) != 1)
		ns = -1;
	(void)fclose(f);
	return ns < 0 ? -1 : (double)ns / 1e6;
}

static void
prepare(int fd, const char *keys)
{
	double begun, last;
	char c;

	for (; *keys != '\0'; keys++) {
		c = *keys;
		if (c == '\\' && keys[1] != '\0') {
			keys++;
			/* What goes on by itself is never quiet so long. */
			if (*keys == 'w') {
				for (begun = now_ms(); now_ms() - begun < 500;)
					(void)answer(fd, 50, 0, &last);
				continue;
			}
			c = *keys == 'r' ? '\r' : *keys == 'e' ? '\033' : *keys;
		}
		if (write(fd, &c, 1) != 1)
			return;
	}
}

static int
measure(int fd, pid_t pid, const char *name, int turns, const char *prepared,
    const char *keys)
{
	static double ms[TURNS_MAX], work[TURNS_MAX];
	const struct timespec pace = { 0, PACE_NS };
	double begun = now_ms(), last, start;
	size_t first, bytes = 0;
	int i;

	first = answer(fd, 10000, 100, &last);
	start = last - begun;
	prepare(fd, prepared);
	(void)answer(fd, 100, QUIET_MS, &last);
	for (i = 0; i < turns; i++) {
		work[i] = worked_ms(pid);
		begun = now_ms();
		if (write(fd, keys + (size_t)i % strlen(keys), 1) != 1)
			return 1;
		bytes += answer(fd, 1000, QUIET_MS, &last);
		ms[i] = last - begun;
		work[i] = work[i] < 0 ? -1 : worked_ms(pid) - work[i];
		(void)nanosleep(&pace, NULL);
	}
	qsort(ms, (size_t)turns, sizeof(ms[0]), compare_ms);
	qsort(work, (size_t)turns, sizeof(work[0]), compare_ms);
	(void)printf("%s\t%.1f\t%zu\t%.2f\t%.2f\t%.2f\t%zu\t%.2f\n", name, start, first,
	    ms[turns / 2], ms[turns * 99 / 100], ms[turns - 1],
	    bytes / (size_t)turns, work[turns * 99 / 100]);
	return 0;
}

int
main(int argc, char *argv[])
{
	struct winsize size = { 24, 80, 0, 0 };
	int fd, failed, turns = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0;
	pid_t pid;

	if (argc < 6 || turns < 1 || turns > TURNS_MAX || argv[4][0] == '\0') {
		(void)fprintf(stderr, "usage: keys NAME TURNS PREPARED KEYS "
		    "PROGRAM [ARG...]\n");
		return 2;
	}
	pid = forkpty(&fd, NULL, NULL, &size);
	if (pid == 0) {
		(void)setenv("TERM", "xterm-256color", 1);
		(void)setenv("LC_ALL", "C.UTF-8", 1);
		execvp(argv[5], argv + 5);
		_exit(127);
	}
	if (pid < 0)
		return 2;
	failed = measure(fd, pid, argv[1], turns, argv[3], argv[4]);
	(void)kill(pid, SIGTERM);
	(void)close(fd);
	(void)waitpid(pid, NULL, 0);
	return failed;
}
