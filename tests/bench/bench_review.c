/*
 * The work of reviewers on a store of many flagged items: any page at any depth,
 * one durable decision beside a raw append and fdatasync, and in turn with a bare SQLite
 * transaction that writes as many pages, reviewers who decide
 * once a second, alone and while an ingest runs, and without a pause, and exports of
 * what they decided.
 * BENCH_FLAGGED items (six tenths of BENCH_RECORDS), BENCH_DECISIONS of them
 * decided (half of BENCH_RECORDS: 100,000), BENCH_REVIEWERS (32) for
 * BENCH_SECONDS (10; 2 for a small run).
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "queue/export/export.h"
#include "queue/ingest/ingest.h"
#include "queue/review/decide.h"
#include "tests/bench/timing.h"

#define PAGE		50
#define SAMPLES_MAX	200000
#define BUDGET_DECISIONS 100000		/* to be exported in */
#define BUDGET_SECONDS	2

static char dir[] = "bench-review-XXXXXX";
static struct error err;

static void
must(enum status st)
{
	if (st == STATUS_OK)
		return;
	(void)fprintf(stderr, "bench_review: %s\n", err.text);
	exit(1);
}

static long
setting(const char *name, long otherwise)
{
	const char *v = getenv(name);

	return v == NULL ? otherwise : strtol(v, NULL, 10);
}

static const char *
in_dir(const char *name, char out[256])
{
	(void)snprintf(out, 256, "%s/%s", dir, name);
	return out;
}

static double
quantile(double *v, size_t n, double q)
{
	qsort(v, n, sizeof(*v), compare_ms);
	return n == 0 ? 0 : v[(size_t)((double)(n - 1) * q)];
}

static void
write_records(const char *path, const char *prefix, long n)
{
	FILE *f = fopen(path, "we");
	long i;

	if (f == NULL)
		exit(1);
	for (i = 0; i < n; i++)
		(void)fprintf(f, "{\"id\":\"%s-%ld\",\"queue\":\"q%ld\",\"model\":"
		    "\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"What of "
		    "order %ld?\"}],\"output\":\"Order %ld is on its way and will "
		    "be with you on Tuesday.\",\"confidence\":0.%02ld}\n", prefix,
		    i, i % 3, i, i, i % 90);
	(void)fclose(f);
}

static struct session *
open_session(void)
{
	char path[256];
	struct identity who;
	struct session_options o = {
		.who = &who, .store_path = in_dir("s.db", path), .via = "cli",
		.create = true, .wait_ms = STORE_WAIT_MS
	};
	struct session *s;

	must(identity_get(&who, &err));
	must(session_open(&s, &o, &err));
	return s;
}

static void
quiet(void *arg, const char *line)
{
	(void)arg;
	(void)line;
}

static void
ingest(struct session *s, const char *path)
{
	struct ingest_options o = { .paths = &path, .npaths = 1,
	    .report = quiet };
	struct ingest_counts c;

	must(ingest_run(s, &o, &c, &err));
}

/* Pages down to ever greater depth, and back up. */
static void
bench_pages(struct session *s, long flagged)
{
	struct list_filter f = { 0 };
	struct list_row rows[PAGE], from = { 0 };
	struct arena arena = ARENA_INIT;
	static double took[SAMPLES_MAX];
	size_t got = PAGE, n = 0;
	double begun;
	bool first = true;

	while (got == PAGE && n < SAMPLES_MAX) {
		arena_reset(&arena);
		begun = now_ms();
		must(list_page(s, &f, first ? NULL : &from, false, PAGE, &arena,
		    rows, &got, &err));
		took[n++] = now_ms() - begun;
		if (got > 0)
			from = rows[got - 1];
		first = false;
	}
	(void)printf("page of %d, any of %zu pages of %ld flagged: p50 %.3f ms, "
	    "p99 %.3f ms, longest %.3f ms (main job 1 ms)\n", PAGE, n, flagged,
	    quantile(took, n, 0.5), quantile(took, n, 0.99),
	    quantile(took, n, 1));
	arena_release(&arena);
}

/* What the disk gives: an append and fdatasync of as many bytes as a decision's
 * commit writes (four pages of the log). */
static double
raw_append(long n)
{
	static char bytes[4 * 16408];
	static double took[SAMPLES_MAX];
	char path[256];
	int fd = open(in_dir("raw", path), O_CREAT | O_WRONLY | O_TRUNC, 0600);
	double begun;
	long i;

	for (i = 0; i < n && i < SAMPLES_MAX; i++) {
		begun = now_ms();
		if (pwrite(fd, bytes, sizeof(bytes), (off_t)(i % 256) *
		    (off_t)sizeof(bytes)) == -1 || fdatasync(fd) == -1)
			exit(1);
		took[i] = now_ms() - begun;
	}
	(void)close(fd);
	return quantile(took, (size_t)i, 0.5);
}

/* Bytes that this process wrote so far, to whatever. */
static double
written(void)
{
	FILE *f = fopen("/proc/self/io", "r");
	double n = 0;
	char line[80];

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "wchar: ", 7) == 0)
			n = strtod(line + 7, NULL);
	if (f != NULL)
		(void)fclose(f);
	return n;
}

static void
bare_do(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return;
	(void)fprintf(stderr, "bench_review: %s: %s\n", sql, sqlite3_errmsg(db));
	exit(1);
}

/* Of pages as a store has them: a row fills one. */
static sqlite3 *
bare_open(sqlite3_stmt **update)
{
	char path[256];
	sqlite3 *db;

	if (sqlite3_open(in_dir("bare.db", path), &db) != SQLITE_OK)
		exit(1);
	bare_do(db, "PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; "
	    "PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, "
	    "v BLOB); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 "
	    "FROM n WHERE i < 64) INSERT INTO t SELECT i, zeroblob(12000) FROM n");
	if (sqlite3_prepare_v2(db, "UPDATE t SET v = zeroblob(12000 + ?1 % 2) "
	    "WHERE id <= ?2", -1, update, NULL) != SQLITE_OK)
		exit(1);
	return db;
}

static double
bare_transaction(sqlite3 *db, sqlite3_stmt *update, long i, long pages)
{
	double begun = now_ms();

	bare_do(db, "BEGIN IMMEDIATE");
	(void)sqlite3_bind_int64(update, 1, i);
	(void)sqlite3_bind_int64(update, 2, pages);
	if (sqlite3_step(update) != SQLITE_DONE)
		exit(1);
	(void)sqlite3_reset(update);
	bare_do(db, "COMMIT");
	return now_ms() - begun;
}

static void
bench_decisions(struct session *s, long n)
{
	static const enum decision what[] = {
		DECISION_ACCEPT, DECISION_EDIT, DECISION_REJECT
	};
	static double took[SAMPLES_MAX], bare[SAMPLES_MAX];
	struct decide d = { .token = -1, .output = SLICE("An edited answer.") };
	struct decided done;
	sqlite3_stmt *update;
	sqlite3 *db = bare_open(&update);
	double begun, p50, raw, from, bytes = 0;
	long i, pages = 0, nbare = 0;

	for (i = 0; i < n && i < SAMPLES_MAX; i++) {
		d.decision = what[i % 3];
		d.item = i + 1;
		from = written();
		begun = now_ms();
		must(review_decide(s, &d, &done, &err));
		took[i] = now_ms() - begun;
		bytes += written() - from;
		/* A first tenth tells how many pages; from then on in turn. */
		pages = (long)(bytes / (double)(i + 1) / (16384 + 24) + 0.5);
		if (i >= n / 10 && pages > 0)
			bare[nbare++] = bare_transaction(db, update, i, pages);
	}
	(void)sqlite3_finalize(update);
	(void)sqlite3_close(db);
	p50 = quantile(took, (size_t)i, 0.5);
	raw = quantile(bare, (size_t)nbare, 0.5);
	(void)printf("durable decision: p50 %.3f ms, of about %ld pages; a bare "
	    "transaction of as many, in turn: p50 %.3f ms; %.2fx (aimed at 1.3x)\n",
	    p50, pages, raw, p50 / raw);
	raw = raw_append(n < 1000 ? n : 1000);
	(void)printf("durable decision: p50 %.3f ms, p99 %.3f ms; raw append and "
	    "fdatasync p50 %.3f ms; %.2fx (main job 2x)\n", p50,
	    quantile(took, (size_t)i, 0.99), raw, p50 / raw);
}

static long
peak_mb(void)
{
	struct rusage use;

	(void)getrusage(RUSAGE_SELF, &use);
	return use.ru_maxrss / 1024;
}

static void
export_once(struct session *s, const struct export_format *f, bool redact,
    long decided)
{
	char path[256];
	struct export_options o = { .format = f, .since_ms = -1,
	    .until_ms = -1, .path = in_dir("out", path), .redact = redact };
	struct export_counts c;
	double begun = now_ms(), took;
	long before = peak_mb();
	const char *verdict = "";

	must(export_run(s, &o, &c, &err));
	took = (now_ms() - begun) / 1e3;
	if (decided == BUDGET_DECISIONS)
		verdict = took <= BUDGET_SECONDS ? ": within" : ": OVER";
	(void)printf("export %s%s: %ld decisions, %lld rows in %.2f s (main job "
	    "%d in %d s%s), peak grown by %ld MB\n", f->name,
	    redact ? " --redact" : "", decided, (long long)c.rows, took,
	    BUDGET_DECISIONS, BUDGET_SECONDS, verdict, peak_mb() - before);
}

static void
bench_export(struct session *s, long decided)
{
	const struct export_format *f;

	for (f = export_formats; f->name != NULL; f++)
		export_once(s, f, false, decided);
	export_once(s, export_formats, true, decided);
}

#define FILE_RECORDS	20000
#define STEPS_MOST	8192	/* that one reviewer's time is kept of */

enum step { STEP_CLAIM, STEP_DECIDE, STEPS };

/* What each reviewer's process leaves to be counted. */
struct steps {
	size_t		 n;
	double		 took[STEPS_MOST][STEPS];
};

static void
rest_until(double t)
{
	double left = t - now_ms();
	struct timespec rest = { (time_t)(left / 1e3),
	    (long)((long long)(left * 1e6) % 1000000000) };

	if (left > 0)
		(void)nanosleep(&rest, NULL);
}

/* One claims and decides; false: there is nothing to claim. */
static bool
step_both(struct session *s, double took[STEPS])
{
	struct list_filter f = { 0 };
	struct decide d = { .decision = DECISION_ACCEPT };
	struct decided done;
	struct lease lease;
	double begun = now_ms();
	enum status st = review_claim_next(s, &f, &lease, &err);

	if (st == STATUS_NOT_FOUND)
		return false;
	must(st);
	took[STEP_CLAIM] = now_ms() - begun;
	d.item = lease.item;
	d.token = lease.token;
	begun = now_ms();
	must(review_decide(s, &d, &done, &err));
	took[STEP_DECIDE] = now_ms() - begun;
	return true;
}

/* One reviewer, once each pause_ms; 0: without one. */
static void
reviewer(struct steps *m, double pause_ms, double until)
{
	struct session *s = open_session();
	double took[STEPS], next;

	/* People do not press their keys together: anywhere in the second. */
	next = now_ms() + pause_ms * ((double)((uint32_t)getpid() * 2654435761u >> 8) /
	    (1 << 24));
	while (next < until && now_ms() < until) {
		rest_until(next);
		next += pause_ms;
		if (!step_both(s, took)) {
			rest_until(now_ms() + 10);
			continue;
		}
		memcpy(m->took[m->n++ % STEPS_MOST], took, sizeof(took));
		if (pause_ms > 0)
			store_rest(s->store);
	}
	session_close(s);
}

/* Files of so many more, one after the other; counts them. */
static void
ingest_until(double until, size_t *n)
{
	struct session *s = open_session();
	char path[256];
	long i;

	for (i = 0; now_ms() < until; i++) {
		(void)snprintf(path, sizeof(path), "%s/more-%d-%ld", dir,
		    (int)getpid(), i);
		write_records(path, path, FILE_RECORDS);
		ingest(s, path);
		*n += FILE_RECORDS;
		(void)unlink(path);
	}
	session_close(s);
}

static void
step_print(const char *name, const struct steps *m, long reviewers, enum step step)
{
	static double all[SAMPLES_MAX];
	size_t n = 0, k;
	long i;

	for (i = 0; i < reviewers; i++)
		for (k = 0; k < m[i].n && k < STEPS_MOST && n < SAMPLES_MAX; k++)
			all[n++] = m[i].took[k][step];
	(void)printf("  %-8s p50 %.1f ms, p99 %.1f ms, longest %.1f ms\n", name,
	    quantile(all, n, 0.5), quantile(all, n, 0.99), quantile(all, n, 1));
}

/* One process each, and after them the ingest's, where there is one. */
static int
run_all(struct steps *m, long reviewers, bool ingests, double pause_ms, double until)
{
	int status, failed = 0;
	long i;

	for (i = 0; i < reviewers + ingests; i++)
		if (fork() == 0) {
			if (i < reviewers)
				reviewer(&m[i], pause_ms, until);
			else
				ingest_until(until, &m[i].n);
			_exit(0);
		}
	while (wait(&status) != -1)
		failed += !WIFEXITED(status) || WEXITSTATUS(status) != 0;
	return failed;
}

static void
bench_reviewers(long reviewers, long seconds, bool ingests, double pause_ms)
{
	size_t size = (size_t)(reviewers + 1) * sizeof(struct steps);
	struct steps *m = mmap(NULL, size,
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double begun = now_ms(), took;
	size_t n = 0, least = SIZE_MAX, most = 0;
	int failed;
	long i;

	if (m == MAP_FAILED)
		exit(1);
	failed = run_all(m, reviewers, ingests, pause_ms, begun +
	    (double)seconds * 1e3);
	took = (now_ms() - begun) / 1e3;
	for (i = 0; i < reviewers; i++) {
		n += m[i].n;
		least = m[i].n < least ? m[i].n : least;
		most = m[i].n > most ? m[i].n : most;
	}
	(void)printf("%ld reviewers %s, %s: %zu decisions, %.0f a second, %zu to %zu "
	    "each, %d FAILED; %.0f records a second\n", reviewers, pause_ms > 0 ?
	    "each once a second (aimed at: p99 30 ms, longest 100 ms)" :
	    "without a pause", ingests ? "one ingest running" : "no ingest", n,
	    (double)n / took, least, most, failed, (double)m[reviewers].n / took);
	step_print("claim", m, reviewers, STEP_CLAIM);
	step_print("decide", m, reviewers, STEP_DECIDE);
	(void)munmap(m, size);
}

static int
remove_one(const char *path, const struct stat *sb, int type, struct FTW *ftw)
{
	(void)sb;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
remove_all(void)
{
	(void)nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int
main(void)
{
	long records = setting("BENCH_RECORDS", 200000);
	long flagged = setting("BENCH_FLAGGED", records / 10 * 6);
	long decided = setting("BENCH_DECISIONS", records / 2);
	long reviewers = setting("BENCH_REVIEWERS", 32);
	long seconds = setting("BENCH_SECONDS", records < 10000 ? 2 : 10);
	struct session *s;
	char path[256];

	if (mkdtemp(dir) == NULL)
		return 1;
	(void)atexit(remove_all);
	write_records(in_dir("in.jsonl", path), "a", flagged);
	s = open_session();
	ingest(s, path);
	bench_pages(s, flagged);
	bench_decisions(s, decided);
	bench_export(s, decided);
	session_close(s);
	bench_reviewers(reviewers, seconds, false, 1e3);
	bench_reviewers(reviewers, seconds, true, 1e3);
	bench_reviewers(reviewers, seconds, true, 0);
	return 0;
}
