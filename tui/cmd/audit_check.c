#include "tui/cmd/audit_check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/when.h"
#include "core/json/write.h"
#include "db/audit/checkpoint.h"
#include "db/audit/log.h"
#include "db/audit/query.h"
#include "db/audit/verify.h"
#include "queue/file.h"

#define LOG_LEAVES	"leaves.jsonl"
#define LOG_NOTE	"checkpoint.note"
#define LOG_KEY		"log.vkey"
#define KNOWN_MAX	64	/* files of one call */

/* What the lines on standard error need of each other. */
struct verifying {
	struct cmd_run	*run;
	int64_t		 begun_ns;
	bool		 shown;		/* a line of progress */
};

static void
clear_progress(struct verifying *t)
{
	if (t->shown)
		(void)fputs("\r\033[K", stderr);
	t->shown = false;
}

static void
tell_problem(void *arg, const char *line)
{
	struct verifying *t = arg;

	clear_progress(t);
	cmd_complain(t->run, line);
}

static bool
tell_progress(void *arg, uint64_t leaves, uint64_t total)
{
	struct verifying *t = arg;
	double seconds = (double)(cmd_clock_ns() - t->begun_ns) / 1e9;

	(void)fprintf(stderr, "\r\033[K%" PRIu64 " of %" PRIu64 " leaves", leaves,
	    total);
	if (seconds > 0)
		(void)fprintf(stderr, ", %.0f/s", (double)leaves / seconds);
	if (total > leaves)
		(void)fprintf(stderr, ", %.0fs left", seconds *
		    (double)(total - leaves) / (double)leaves);
	t->shown = true;
	return true;
}

static void
tell_unsigned(struct cmd_run *run, uint64_t from)
{
	char line[64];

	(void)snprintf(line, sizeof(line), "unsigned from %" PRIu64, from);
	cmd_complain(run, line);
}

static void
report_json(struct buf *b, const struct audit_report *r, const char *root)
{
	struct writer w = WRITER(b, WRITE_SHOWN);

	write_object(&w, NULL);
	write_uint(&w, "leaves", r->leaves);
	write_uint(&w, "decisions", r->decisions);
	write_uint(&w, "items", r->items);
	write_uint(&w, "unsigned", r->unsigned_leaves);
	write_uint(&w, "problems", r->problems);
	write_word(&w, "root", root);
	write_bool(&w, "test", r->test);
	write_end(&w);
	write_line(&w);
}

static enum status
print_report(const struct audit_report *r, bool log_alone, bool as_json,
    struct error *err)
{
	struct buf b = BUF_INIT;
	char hex[HASH_HEX], rows[64] = "";
	enum status st;

	hash_hex(&r->root, hex);
	if (!log_alone)
		(void)snprintf(rows, sizeof(rows), ", %" PRIu64 " decisions, %"
		    PRIu64 " items", r->decisions, r->items);
	if (as_json)
		report_json(&b, r, hex);
	else
		buf_printf(&b, "%s: %" PRIu64 " leaves%s; %" PRIu64
		    " leaves unsigned; root %s\n%s",
		    r->problems == 0 ? "verified" : "NOT verified", r->leaves,
		    rows, r->unsigned_leaves, hex,
		    r->test ? STORE_TEST_SAYS "\n" : "");
	st = cmd_print(&b, err);
	buf_release(&b);
	return st;
}

/* Files that --known names, and of a log's folder its note and its key. */
static enum status
known_file(struct cmd_run *run, struct known_roots *k, const char *path, bool key,
    bool must_sign)
{
	struct buf b = BUF_INIT;
	enum status st = file_read(path, &b, &run->err);

	if (st == STATUS_OK)
		st = key ? known_key(k, path, buf_slice(&b), &run->err) :
		    known_add(k, path, buf_slice(&b), must_sign, &run->err);
	buf_release(&b);
	return st;
}

static enum status
known_given(struct cmd_run *run, struct known_roots *k)
{
	const char *path[KNOWN_MAX];
	size_t i, n = cmd_values(run, "known", path, KNOWN_MAX);
	enum status st = STATUS_OK;

	for (i = 0; i < n && st == STATUS_OK; i++)
		st = known_file(run, k, path[i], false, false);
	return st;
}

/* What this person has seen of the log is known of it too. */
static enum status
known_seen(const struct session *s, struct known_roots *k, struct error *err)
{
	struct buf b = BUF_INIT;
	enum status st;

	if (s->witness == NULL || s->witness->seen.size == 0)
		return STATUS_OK;
	if ((st = witness_note(s->witness, &b, err)) == STATUS_OK)
		st = known_add(k, s->witness->path, buf_slice(&b), false, err);
	buf_release(&b);
	return st;
}

static enum status
verify_store(struct cmd_run *run, struct known_roots *k, struct audit_report *r,
    bool *told)
{
	struct verifying t = { run, cmd_clock_ns(), false };
	const struct audit_asked asked = { .known = k, .report = tell_problem,
	    .progress = isatty(STDERR_FILENO) ? tell_progress : NULL, .arg = &t };
	struct session *s;
	enum status st;

	if ((st = known_given(run, k)) != STATUS_OK)
		return st;
	if ((s = cmd_session(run, CMD_ANY_POLICY)) == NULL) {
		*told = true;
		return STATUS_INTERRUPTED;
	}
	st = session_require(s, MAY_AUDIT, "verify the audit log", &run->err);
	if (st == STATUS_OK)
		st = known_seen(s, k, &run->err);
	if (st == STATUS_OK)
		st = audit_verify_asked(s->store, &asked, r, &run->err);
	clear_progress(&t);
	if (st == STATUS_OK && cmd_value(run, "require-signed") != NULL &&
	    r->problems == 0 && r->unsigned_leaves > 0) {
		tell_unsigned(run, k->signed_to);
		r->problems++;
	}
	session_close(s);
	return st;
}

/* DIR/NAME into a buffer that keeps it. */
static const char *
in_dir(struct buf *b, const char *dir, const char *name)
{
	buf_clear(b);
	buf_printf(b, "%s/%s", dir, name);
	return buf_str(b);
}

static enum status
verify_log(struct cmd_run *run, const char *dir, struct known_roots *k,
    struct audit_report *r)
{
	struct verifying t = { run, cmd_clock_ns(), false };
	struct buf path = BUF_INIT;
	enum status st;
	FILE *f;

	st = known_file(run, k, in_dir(&path, dir, LOG_KEY), true, false);
	if (st == STATUS_OK)
		st = known_given(run, k);
	if (st == STATUS_OK && access(in_dir(&path, dir, LOG_NOTE), F_OK) == 0)
		st = known_file(run, k, path.p, false, true);
	if (st != STATUS_OK)
		goto out;
	if ((f = fopen(in_dir(&path, dir, LOG_LEAVES), "re")) == NULL)
		st = error_set(&run->err, STATUS_IO, "%s: %s", path.p,
		    strerror(errno));
	else {
		st = audit_log_check(f, path.p, k, tell_problem, &t, r,
		    &run->err);
		(void)fclose(f);
	}
out:
	buf_release(&path);
	return st;
}

int
audit_verify_cmd(struct cmd_run *run)
{
	const char *dir = cmd_value(run, "log");
	struct known_roots known = { 0 };
	struct audit_report r;
	bool told = false;		/* why there is none to verify */
	enum status st;

	st = dir != NULL ? verify_log(run, dir, &known, &r) :
	    verify_store(run, &known, &r, &told);
	known_release(&known);
	if (told)
		return EXIT_UNABLE;
	if (st != STATUS_OK)
		return dir != NULL ? cmd_unable(run) : cmd_fail(run);
	if (print_report(&r, dir != NULL, cmd_value(run, "json") != NULL,
	    &run->err) != STATUS_OK)
		return cmd_fail(run);
	return r.problems == 0 ? EXIT_WELL : EXIT_SHORT;
}

/* --every: is the last one young enough, and near enough to the end, to do? */
static enum status
not_yet(struct cmd_run *run, struct session *s, bool *yet)
{
	const char *every = cmd_value(run, "every");
	int64_t age = 0, leaves = 0;
	enum status st;
	bool due;

	*yet = false;
	if (every == NULL)
		return STATUS_OK;
	if (!when_age(every, &age) && cmd_number(run, "every", 1, INT64_MAX,
	    &leaves) != STATUS_OK) {
		error_clear(&run->err);
		return error_set(&run->err, STATUS_INVALID, "--every %s: a time "
		    "such as 1h, or a number of leaves, is wanted", every);
	}
	st = checkpoint_due(s->store, age, (uint64_t)leaves, &due, &run->err);
	*yet = st == STATUS_OK && !due;
	return st;
}

int
audit_checkpoint_cmd(struct cmd_run *run)
{
	struct buf note = BUF_INIT;
	struct session *s;
	struct actor who;
	enum status st;
	bool yet;

	if ((s = cmd_session(run, CMD_WRITES | CMD_ANY_POLICY)) == NULL)
		return EXIT_UNABLE;
	if ((st = not_yet(run, s, &yet)) == STATUS_OK && !yet) {
		who = session_actor(s);
		st = checkpoint_sign(s->store, &who, &note, &run->err);
		if (st == STATUS_OK)
			st = cmd_print(&note, &run->err);
	}
	buf_release(&note);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static enum status
leaf_to_file(void *arg, const struct audit_found *found, struct error *err)
{
	struct slice leaf = found->leaf;
	FILE *f = arg;

	if (fwrite(leaf.p, 1, leaf.n, f) != leaf.n || putc('\n', f) == EOF)
		return error_set(err, STATUS_IO, "%s: %s", LOG_LEAVES,
		    strerror(errno));
	return STATUS_OK;
}

/* One file of the folder: text, or where it is absent the store's leaves. */
static enum status
file_make(struct session *s, const char *path, struct slice text,
    struct error *err)
{
	const struct audit_filter all = { .since_ms = -1, .until_ms = -1,
	    .limit = -1 };
	enum status st = STATUS_OK;
	FILE *f = fopen(path, "we");

	if (f == NULL)
		return error_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
	if (text.p == NULL)
		st = audit_query(s->store, &all, leaf_to_file, f, err);
	else
		(void)fwrite(text.p, 1, text.n, f);
	if ((ferror(f) || fflush(f) != 0 || fsync(fileno(f)) != 0) &&
	    st == STATUS_OK)
		st = error_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
	if (fclose(f) != 0 && st == STATUS_OK)
		st = error_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
	return st;
}

static void
dir_drop(const char *dir, struct buf *path)
{
	(void)unlink(in_dir(path, dir, LOG_NOTE));
	(void)unlink(in_dir(path, dir, LOG_KEY));
	(void)unlink(in_dir(path, dir, LOG_LEAVES));
	(void)rmdir(dir);
}

/* The note before the leaves: what is added meanwhile is unsigned, never missing. */
static enum status
dir_make(struct session *s, const char *part, const char *dir,
    struct error *err)
{
	struct checkpoint_last last = { 0 };
	struct buf path = BUF_INIT;
	enum status st = checkpoint_last(s->store, &last, err);

	if (st == STATUS_NOT_FOUND)
		return error_set(err, STATUS_NOT_FOUND, "%s has no checkpoint "
		    "yet: handrail audit checkpoint signs its log",
		    store_path(s->store));
	dir_drop(part, &path);		/* of one who was killed here */
	buf_putc(&last.key, '\n');
	if (st == STATUS_OK && mkdir(part, 0777) != 0)
		st = error_set(err, STATUS_IO, "%s: %s", part, strerror(errno));
	if (st == STATUS_OK &&
	    (st = file_make(s, in_dir(&path, part, LOG_NOTE),
	    buf_slice(&last.note), err)) == STATUS_OK &&
	    (st = file_make(s, in_dir(&path, part, LOG_KEY),
	    buf_slice(&last.key), err)) == STATUS_OK)
		st = file_make(s, in_dir(&path, part, LOG_LEAVES), SLICE_NONE,
		    err);
	if (st == STATUS_OK && rename(part, dir) != 0)
		st = error_set(err, STATUS_IO, "%s: %s", dir, strerror(errno));
	if (st != STATUS_OK)
		dir_drop(part, &path);
	checkpoint_last_release(&last);
	buf_release(&path);
	return st;
}

int
audit_export_dir(struct cmd_run *run, const char *dir)
{
	struct buf part = BUF_INIT;
	struct session *s;
	enum status st;

	if ((s = cmd_session(run, CMD_ANY_POLICY)) == NULL)
		return EXIT_UNABLE;
	st = session_require(s, MAY_AUDIT, "read the audit log", &run->err);
	if (st == STATUS_OK && access(dir, F_OK) == 0)
		st = error_set(&run->err, STATUS_CONFLICT, "%s is there already; "
		    "nothing is overwritten", dir);
	buf_printf(&part, "%s.part", dir);
	if (st == STATUS_OK && (st = buf_check(&part, &run->err)) == STATUS_OK)
		st = dir_make(s, part.p, dir, &run->err);
	buf_release(&part);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}
