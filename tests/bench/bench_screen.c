/*
 * What the screen sends: bytes and time a step on a terminal of 80x24, against
 * the budgets of the design.  `bench_screen PROGRAM [ITEMS [busy]]` makes a store
 * of its own, into which with `busy` another process ingests all the while; the
 * exit code is 1 where a budget is not met.  Times are the median and the worst.
 */
#include <errno.h>
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

#define QUIET_MS	25	/* nothing for so long: the step is over */
#define TURNS		100	/* of a step that can be done again */

struct step {
	const char	*name, *keys;
	int		 turns;
	double		 bytes, ms;	/* budgets; 0: none */
};

static const struct step steps[] = {
	{ "first paint", "", 1, 2300, 0 },
	{ "move one line", "j", 18, 80, 5 },
	{ "scroll one line", "j", TURNS, 200, 5 },
	{ "scroll back", "k", 1, 80, 5 },
	{ "page", " ", TURNS, 1200, 5 },
	{ "page back", "b", TURNS, 1200, 5 },
	{ "to the end", "G", 1, 1300, 0 },
	{ "to the beginning", "g", 1, 1300, 0 },
	{ "open 1 MB", "\r", 1, 2500, 50 },
	{ "move in it", "j", 15, 80, 5 },
	{ "scroll in it", "j", TURNS, 200, 5 },
	/* Its text alone is some 1,250 bytes. */
	{ "page in it", " ", TURNS, 1500, 5 },
	{ "end of it", "G", 1, 2000, 0 },
	{ "back to the list", "q", 1, 2500, 0 },
	{ "help", "?", 1, 2500, 0 },
	{ "and back", "q", 1, 2500, 0 },
	{ "idle, 10 s", NULL, 1, 0.5, 0 },
	{ "leave", "Q", 1, 0, 0 }
};
#define NSTEPS	(sizeof(steps) / sizeof(steps[0]))

/* Reads until it is quiet for so long; bytes, and when the last one came. */
static size_t
drain(int fd, int quiet_ms, int first_ms, double *last)
{
	struct pollfd p = { fd, POLLIN, 0 };
	char buf[65536];
	size_t n = 0;
	ssize_t got;

	*last = now_ms();
	while (poll(&p, 1, n == 0 ? first_ms : quiet_ms) > 0) {
		got = read(fd, buf, sizeof(buf));
		if (got <= 0)
			break;
		n += (size_t)got;
		*last = now_ms();
	}
	return n;
}

static int
step_run(int fd, const char *term, const struct step *s)
{
	double bytes = 0, worst = 0, ms[TURNS + 1], last, start;
	int i, over;
	size_t n;

	for (i = 0; i < s->turns; i++) {
		start = now_ms();
		if (s->keys != NULL && s->keys[0] != '\0' &&
		    write(fd, s->keys, strlen(s->keys)) < 0)
			return 1;
		n = s->keys == NULL ? drain(fd, 10000, 10000, &last) :
		    drain(fd, QUIET_MS, s->keys[0] == '\0' ? 10000 : 1000,
		    &last);
		ms[i] = last - start;
		bytes += (double)n;
		if ((double)n > worst)
			worst = (double)n;
	}
	bytes /= s->turns;
	qsort(ms, (size_t)s->turns, sizeof(ms[0]), compare_ms);
	over = (s->bytes > 0 && bytes > s->bytes) ||
	    (s->ms > 0 && ms[s->turns / 2] > s->ms);
	(void)printf("%-15s %-16s %6.0f %6.0f %6.0f %7.2f %7.2f %5.0f%s\n",
	    term, s->name, bytes, worst, s->bytes, s->keys == NULL ? 0 :
	    ms[s->turns / 2], s->keys == NULL ? 0 : ms[s->turns - 1], s->ms,
	    over ? "  OVER" : "");
	(void)fflush(stdout);
	return over;
}

/* One message of 1 MB. */
static void
big_write(FILE *f)
{
	int i;

	(void)fprintf(f, "{\"id\":\"big\",\"queue\":\"bench\",\"model\":\"m\","
	    "\"confidence\":0.5,\"output\":\"");
	for (i = 0; i < 16000; i++)
		(void)fprintf(f, "Line %d of a long answer with words in it, "
		    "some and some more.%s", i, i % 5 == 4 ? "\\n" : " ");
	(void)fprintf(f, "\"}\n");
}

/* Items of some words; false where nobody reads them any more. */
static int
item_write(FILE *f, const char *name, int i)
{
	static const char *const words[] = { "refund", "order", "will",
	    "arrive", "tomorrow", "your", "parcel", "we", "sorry", "thanks" };
	int k;

	(void)fprintf(f, "{\"id\":\"%s-%d\",\"queue\":\"bench\","
	    "\"model\":\"model-%c\",\"confidence\":0.%02d,\"output\":\"",
	    name, i, 'a' + i % 7, i * 37 % 90);
	for (k = 0; k < 12; k++)
		(void)fprintf(f, "%s ", words[(i * 31 + k * 17 + i / 10) % 10]);
	return fprintf(f, "%d\"}\n", i) > 0;
}

/* An ingest that reads what is written to *to. */
static pid_t
ingest_start(const char *program, const char *store, FILE **to)
{
	int fd[2];
	pid_t pid;

	if (pipe(fd) != 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		(void)dup2(fd[0], 0);
		(void)close(fd[1]);
		if (freopen("/dev/null", "w", stderr) == NULL ||
		    freopen("/dev/null", "w", stdout) == NULL)
			_exit(126);
		execl(program, program, "-d", store, "ingest", "-",
		    (char *)NULL);
		_exit(127);
	}
	(void)close(fd[0]);
	*to = fdopen(fd[1], "w");
	return *to == NULL ? -1 : pid;
}

static int
store_make(const char *program, const char *store, int items)
{
	int i, status = 0;
	FILE *f;
	pid_t pid;

	pid = ingest_start(program, store, &f);
	if (pid < 0)
		return 1;
	big_write(f);
	for (i = 1; i < items; i++)
		(void)item_write(f, "item", i);
	(void)fclose(f);
	(void)waitpid(pid, &status, 0);
	return status != 0;
}

/* Ingests until it is ended. */
static pid_t
busy_start(const char *program, const char *store)
{
	pid_t pid = fork(), ingest;
	FILE *f;
	int i = 0;

	if (pid != 0)
		return pid;
	(void)signal(SIGPIPE, SIG_DFL);
	ingest = ingest_start(program, store, &f);
	while (ingest > 0 && item_write(f, "more", i))
		i++;
	_exit(0);
}

static int
term_run(const char *program, const char *store, const char *term, int busy)
{
	struct winsize size = { 24, 80, 0, 0 };
	int fd, over = 0, status;
	size_t i;
	pid_t pid;

	pid = forkpty(&fd, NULL, NULL, &size);
	if (pid == 0) {
		(void)setenv("TERM", term, 1);
		(void)setenv("LC_ALL", "C.UTF-8", 1);
		execl(program, program, "-d", store, "review", (char *)NULL);
		_exit(127);
	}
	if (pid < 0)
		return 1;
	for (i = 0; i < NSTEPS; i++)
		/* While others ingest, the header has news now and then. */
		if (!busy || steps[i].keys != NULL)
			over |= step_run(fd, term, &steps[i]);
	(void)close(fd);
	(void)waitpid(pid, &status, 0);
	return over;
}

int
main(int argc, char *argv[])
{
	static const char *const terms[] = {
		"xterm-256color", "tmux-256color", "vt100"
	};
	char dir[] = "/tmp/handrail-bench.XXXXXX", store[64], extra[80];
	static const char *const ends[] = { "", "-wal", "-shm", "-lock", "-key" };
	int over = 0;
	pid_t busy = -1;
	size_t i;

	if (argc < 2) {
		(void)fprintf(stderr, "usage: bench_screen PROGRAM "
		    "[ITEMS [busy]]\n");
		return 2;
	}
	if (mkdtemp(dir) == NULL)
		return 2;
	(void)snprintf(store, sizeof(store), "%s/s.db", dir);
	if (store_make(argv[1], store, argc > 2 ?
	    (int)strtol(argv[2], NULL, 10) : 2000) != 0) {
		(void)fprintf(stderr, "bench_screen: ingest failed\n");
		return 2;
	}
	(void)printf("%-15s %-16s %6s %6s %6s %7s %7s %5s\n", "terminal",
	    "step", "bytes", "worst", "limit", "ms", "worst", "limit");
	if (argc > 3)
		busy = busy_start(argv[1], store);
	for (i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
		over |= term_run(argv[1], store, terms[i], argc > 3);
	if (busy > 0) {
		(void)kill(busy, SIGTERM);
		(void)waitpid(busy, NULL, 0);
		(void)usleep(500000);	/* its ingest ends with its input */
	}
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		(void)snprintf(extra, sizeof(extra), "%s%s", store, ends[i]);
		(void)unlink(extra);
	}
	if (rmdir(dir) != 0)
		(void)fprintf(stderr, "bench_screen: %s: %s\n", dir,
		    strerror(errno));
	return over;
}
