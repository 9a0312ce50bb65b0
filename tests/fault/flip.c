/*
 * Damage to the files of a store: after each, the commands run as the program runs them,
 * in a process of their own, so that a sanitizer's end of one is seen.
 *
 *	flip bits FOLDER N SEED		one bit of -wal, -key, -lock or the file itself
 *	flip cuts FOLDER STEP HEADS	-wal cut at each STEP bytes of each page, and at
 *					each HEADS of each frame's head
 *
 * FOLDER has s.db and what lies beside it, of a test store, which nobody witnesses.  A
 * command ends with 0, 1 or 2, never by a signal or a sanitizer, and says why it did not
 * do its work.  Where a bit changed what the store answers, verify does not say that all
 * is well, or the store is as it was at an earlier change; a cut -wal leaves one as
 * that, which holds and goes on.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/wait.h>

int	handrail_main(int, char **);
#define main handrail_main
#include "tui/main.c"
#undef main

#define FILES		4
#define ARGS		12
#define PATIENCE_S	120
#define WAL_HEAD	32
#define FRAME_HEAD	24
#define PAGE		16384

struct file {
	const char	*name;
	unsigned	 share;		/* of a hundred flips */
	uint8_t		*was;
	size_t		 n;
};
static struct file files[FILES] = {
	{ "s.db", 60, NULL, 0 }, { "s.db-wal", 30, NULL, 0 },
	{ "s.db-key", 6, NULL, 0 }, { "s.db-lock", 4, NULL, 0 }
};
/* The log first: export adds a leaf. */
static const char what_answers[][ARGS][16] = {
	{ "audit", "export" },
	{ "list", "--state", "all", "--json" },
	{ "show", "--json", "a1" },
	{ "show", "--json", "a2" },
	{ "releases" },
	{ "export", "--format", "jsonl" }
};
#define ANSWERS	(sizeof(what_answers) / sizeof(what_answers[0]))

struct ended {
	int		 code;		/* -1: by a signal, or a sanitizer */
	struct buf	 out, err;
};
static struct ended asked[ANSWERS];
static unsigned tried, bad, named, harmless;

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

/* A few bytes more than it has, so that it is never none. */
static void
file_get(int fd, struct buf *b)
{
	char part[65536];
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET) != 0)
		die("lseek");
	while ((n = read(fd, part, sizeof(part))) > 0)
		buf_add(b, part, (size_t)n);
}

static void
file_put(const char *name, const uint8_t *p, size_t n)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd == -1 || write(fd, p, n) != (ssize_t)n || close(fd) != 0)
		die(name);
}

/* The folder has these files and no other, each as it was. */
static void
fresh(void)
{
	DIR *dir = opendir(".");
	struct dirent *e;
	size_t i;

	while (dir != NULL && (e = readdir(dir)) != NULL)
		if (e->d_name[0] != '.' && unlink(e->d_name) != 0)
			die(e->d_name);
	(void)closedir(dir);
	for (i = 0; i < FILES; i++)
		if (files[i].n > 0)
			file_put(files[i].name, files[i].was, files[i].n);
}

static void
child(const char (*args)[16], int out, int err)
{
	char *argv[ARGS + 4] = { (char *)"handrail", (char *)"-d", (char *)"s.db" };
	int n = 3;

	for (; n < ARGS + 3 && args[n - 3][0] != '\0'; n++)
		argv[n] = (char *)args[n - 3];
	(void)alarm(PATIENCE_S);
	if (dup2(open("/dev/null", O_RDONLY), 0) == -1 || dup2(out, 1) == -1 ||
	    dup2(err, 2) == -1)
		_exit(99);
	exit(handrail_main(n, argv));
}

static void
ask(const char (*args)[16], struct ended *e)
{
	int out = memfd_create("out", 0), err = memfd_create("err", 0), status;
	pid_t pid = fork();

	if (pid == 0)
		child(args, out, err);
	if (out == -1 || err == -1 || pid == -1 || waitpid(pid, &status, 0) != pid)
		die("fork");
	e->code = WIFEXITED(status) && WEXITSTATUS(status) <= 2 ?
	    WEXITSTATUS(status) : -1;
	buf_clear(&e->out);
	buf_clear(&e->err);
	file_get(out, &e->out);
	file_get(err, &e->err);
	(void)close(out);
	(void)close(err);
}

static void
wrong(const char *damage, const char *command, const char *why, const struct ended *e)
{
	bad++;
	printf("# %s: %s: %s (exit %d): %.300s\n", damage, command, why, e->code,
	    e->err.n == 0 ? "" : buf_str((struct buf *)&e->err));
}

/* Ends with 0, 1 or 2; who does not do its work says why. */
static bool
ends(const char *damage, const char (*args)[16], struct ended *e)
{
	ask(args, e);
	if (e->code == -1)
		wrong(damage, args[0], "ended by a signal or a sanitizer", e);
	else if (e->code != 0 && e->out.n + e->err.n == 0)
		wrong(damage, args[0], "says nothing", e);
	else
		return true;
	return false;
}

static bool
same(const struct buf *a, const struct buf *b)
{
	return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

static const char verifies[ARGS][16] = { "audit", "verify" };
static const char decides[ARGS][16] = { "decide", "a3", "accept" };
static const char doctors[ARGS][16] = { "doctor" };

/* The log that is there is the beginning of what it was. */
static bool
is_earlier(const struct ended *log)
{
	return log->code == 0 && log->out.n <= asked[0].out.n &&
	    memcmp(log->out.p, asked[0].out.p, log->out.n) == 0;
}

/* An answer that it gives is what it gave before the damage. */
static bool
answers(const char *damage, size_t i, bool sound)
{
	static struct ended e;

	if (!ends(damage, what_answers[i], &e) || e.code != 0)
		return false;
	if (e.code == asked[i].code && same(&e.out, &asked[i].out))
		return true;
	if (sound)
		wrong(damage, what_answers[i][0], "another answer, and verify says "
		    "that all is well", &e);
	return false;
}

/* All that is asked of a store with a flipped bit; of the costly ones one in turn. */
static void
flipped(const char *damage, unsigned turn)
{
	static struct ended v, log, e;
	bool sound, whole = true;

	tried++;
	if (!ends(damage, verifies, &v) || !ends(damage, what_answers[0], &log))
		return;
	sound = v.code == 0;
	if (sound && !is_earlier(&log))
		wrong(damage, "audit", "another log, and verify says that all is "
		    "well", &log);
	if (!sound || same(&log.out, &asked[0].out)) {
		whole = answers(damage, 1, sound);
		whole = answers(damage, 2 + turn % (ANSWERS - 2), sound) && whole;
	}
	if (turn % 2 == 0)
		(void)ends(damage, doctors, &e);
	else if (ends(damage, decides, &e) && e.code == 0 && sound &&
	    ends(damage, verifies, &v) && v.code != 0)
		wrong(damage, "decide", "made it worse", &v);
	if (sound && whole)
		harmless++;
	else
		named++;
}

static void
bits(unsigned n, unsigned seed)
{
	char damage[100];
	unsigned draw, tries, i;

	srandom(seed);
	for (i = 0; i < n; i++) {
		struct file *f = files;
		size_t at;
		unsigned bit = (unsigned)random() % 8;

		for (draw = (unsigned)random() % 100; draw >= f->share; f++)
			draw -= f->share;
		if (f->n == 0)
			f = files;
		/* Most of a page is nothing: rather a byte that says something. */
		at = (size_t)random() % f->n;
		for (tries = 0; tries < 8 && f->was[at] == 0; tries++)
			at = (size_t)random() % f->n;
		(void)snprintf(damage, sizeof(damage), "%s: bit %u of byte %zu",
		    f->name, bit, at);
		f->was[at] ^= (uint8_t)(1u << bit);
		fresh();
		f->was[at] ^= (uint8_t)(1u << bit);
		flipped(damage, i);
	}
}

/* The log is the beginning of what it was, and goes on. */
static void
cut(size_t n)
{
	static struct ended e, v;
	char damage[100];

	tried++;
	(void)snprintf(damage, sizeof(damage), "s.db-wal cut at %zu", n);
	fresh();
	if (truncate("s.db-wal", (off_t)n) != 0)
		die("s.db-wal");
	if (!ends(damage, what_answers[0], &e))
		return;
	if (!is_earlier(&e))
		wrong(damage, "audit", "another log", &e);
	else if (ends(damage, decides, &e) && e.code != 0)
		wrong(damage, "decide", "does not go on", &e);
	else if (ends(damage, verifies, &v) && v.code != 0)
		wrong(damage, "verify", "does not hold", &v);
	else
		harmless++;
}

static void
cuts(size_t step, size_t heads)
{
	const size_t wal = files[1].n;
	size_t frame, at;

	cut(0);
	for (frame = WAL_HEAD; frame <= wal; frame += FRAME_HEAD + PAGE) {
		cut(frame - 1);
		for (at = 0; at < FRAME_HEAD && frame + at <= wal; at += heads)
			cut(frame + at);
		for (at += step; at < FRAME_HEAD + PAGE && frame + at <= wal; at += step)
			cut(frame + at);
	}
}

int
main(int argc, char **argv)
{
	size_t i;

	if (argc < 5 || chdir(argv[2]) != 0)
		die("flip");
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	for (i = 0; i < FILES; i++) {
		int fd = open(files[i].name, O_RDONLY);
		struct buf b = BUF_INIT;

		if (fd == -1)
			continue;
		file_get(fd, &b);
		(void)close(fd);
		files[i].was = (uint8_t *)b.p;
		files[i].n = b.n;
	}
	fresh();
	for (i = 0; i < ANSWERS; i++)
		ask(what_answers[i], &asked[i]);
	if (strcmp(argv[1], "bits") == 0)
		bits((unsigned)strtoul(argv[3], NULL, 10),
		    (unsigned)strtoul(argv[4], NULL, 10));
	else
		cuts((size_t)strtoul(argv[3], NULL, 10),
		    (size_t)strtoul(argv[4], NULL, 10));
	printf("%u tried, %u wrong, %u named, %u harmless\n", tried, bad, named,
	    harmless);
	return bad == 0 ? 0 : 1;
}
