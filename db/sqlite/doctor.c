#include "db/doctor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "db/audit/checkpoint.h"
#include "db/login.h"
#include "db/query.h"
#include "db/schema.h"
#include "db/write.h"
#include "db/sqlite/handle.h"
#include "db/sqlite/migrate.h"
#include "db/part.h"
#include "db/sqlite/place.h"
#include "db/sqlite/readers.h"

#define LITTLE_SPACE	((uint64_t)1 << 30)
#define LARGE_WAL	((int64_t)256 << 20)
#define LISTED_MAX	5

struct doctor {
	const char		*path;
	doctor_fn		*report;
	void			*arg;
	enum doctor_level	 worst;
	bool			 damaged;
};

static void say(struct doctor *, enum doctor_level, const char *, ...)
    PRINTF(3, 4);

static void
say(struct doctor *d, enum doctor_level level, const char *fmt, ...)
{
	char line[1200];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (level > d->worst)
		d->worst = level;
	d->report(d->arg, level, line);
}

/* 3.7.0 to 3.51.2 can lose pages when a commit and a checkpoint meet; the cure
 * was put into two older lines as well. */
static void
look_at_sqlite(struct doctor *d)
{
	int n = sqlite3_libversion_number();
	bool cured = n >= 3051003 || (n >= 3050007 && n < 3051000) ||
	    (n >= 3044006 && n < 3045000);

	if (cured)
		say(d, DOCTOR_OK, "SQLite %s", sqlite3_libversion());
	else
		say(d, DOCTOR_OK, "SQLite %s: can damage a store that other "
		    "programs write to (cured in 3.51.3); Handrail's own lock "
		    "prevents it: write with nothing else",
		    sqlite3_libversion());
}

/* One of the store's files: nobody outside its owner and group may touch it. */
static void
look_at_file(struct doctor *d, const char *suffix, bool shared)
{
	char *path = store_beside(d->path, suffix);
	mode_t want = shared && strcmp(suffix, "-key") != 0 ?
	    PLACE_MODE_SHARED : PLACE_MODE;
	struct stat sb;

	if (path == NULL || stat(path, &sb) != 0) {
		free(path);
		return;
	}
	shared = shared && want == PLACE_MODE_SHARED;
	if (!S_ISREG(sb.st_mode))
		say(d, DOCTOR_BAD, "%s: not a file: move it away", path);
	else if ((sb.st_mode & 0777 & ~want) != 0)
		say(d, DOCTOR_BAD, "%s: mode %04o lets others in: chmod %o %s",
		    path, (unsigned)(sb.st_mode & 0777), (unsigned)want, path);
	else if (shared && (sb.st_mode & 060) != 060)
		say(d, DOCTOR_WARN, "%s: mode %04o keeps the group out: "
		    "chmod %o %s", path, (unsigned)(sb.st_mode & 0777),
		    (unsigned)want, path);
	else
		say(d, DOCTOR_OK, "%s: mode %04o", path,
		    (unsigned)(sb.st_mode & 0777));
	if (suffix[0] == '\0' && sb.st_nlink > 1)
		say(d, DOCTOR_BAD, "%s: has another name (a hard link): find / "
		    "-xdev -inum %llu, and remove one", path,
		    (unsigned long long)sb.st_ino);
	free(path);
}

static void
look_at_folder(struct doctor *d, bool shared, uint64_t store_bytes)
{
	struct buf dir = BUF_INIT;
	struct error err = { 0 };
	struct statvfs fs;
	struct stat sb;
	uint64_t room;

	place_dir(d->path, &dir);
	if (dir.failed || stat(dir.p, &sb) != 0)
		goto out;
	if ((sb.st_mode & 0002) != 0 && (sb.st_mode & S_ISVTX) == 0)
		say(d, DOCTOR_BAD, "%s: everybody may replace files in it: "
		    "chmod o-w %s", dir.p, dir.p);
	else if (shared && (sb.st_mode & 02070) != 02070)
		say(d, DOCTOR_BAD, "%s: a shared store needs mode 2770: "
		    "chmod 2770 %s", dir.p, dir.p);
	else
		say(d, DOCTOR_OK, "%s: mode %04o", dir.p,
		    (unsigned)(sb.st_mode & 07777));
	if (place_local(d->path, &err) != STATUS_OK)
		say(d, DOCTOR_BAD, "%s", err.text);
	if (statvfs(dir.p, &fs) == 0) {
		room = (uint64_t)fs.f_bavail * fs.f_frsize;
		say(d, room < LITTLE_SPACE || room < store_bytes ? DOCTOR_WARN :
		    DOCTOR_OK, "%s: %llu MB free, the store has %llu MB", dir.p,
		    (unsigned long long)(room >> 20),
		    (unsigned long long)(store_bytes >> 20));
	}
out:
	buf_release(&dir);
}

/* Without a login uid all who log in to one account are one person to us. */
static void
look_at_identity(struct doctor *d)
{
	uid_t uid = 0;

	switch (login_uid(&uid)) {
	case LOGIN_SET:
		say(d, DOCTOR_OK, "login uid %u", (unsigned)uid);
		break;
	case LOGIN_DOUBTED:
		say(d, DOCTOR_BAD, "login uid %u: no login of theirs led here, and "
		    "anybody may have set it: nothing is done under it",
		    (unsigned)uid);
		break;
	case LOGIN_UNSET:
		say(d, DOCTOR_WARN, "no login uid: people who share the account "
		    "with uid %u are one identity here; pam_loginuid sets it",
		    (unsigned)getuid());
	}
}

static bool
process_has(const char *pid, const struct stat *want)
{
	char path[300];
	struct dirent *e;
	struct stat sb;
	bool has = false;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	if ((dir = opendir(path)) == NULL)
		return false;
	while (!has && (e = readdir(dir)) != NULL)
		has = fstatat(dirfd(dir), e->d_name, &sb, 0) == 0 &&
		    sb.st_dev == want->st_dev && sb.st_ino == want->st_ino;
	(void)closedir(dir);
	return has;
}

/* Who has the store open, as far as this user may see. */
static void
list_users(const struct stat *lock, struct buf *out)
{
	struct dirent *e;
	unsigned n = 0;
	DIR *proc;

	if ((proc = opendir("/proc")) == NULL)
		return;
	while (n < LISTED_MAX && (e = readdir(proc)) != NULL) {
		if (e->d_name[0] < '0' || e->d_name[0] > '9' ||
		    strtol(e->d_name, NULL, 10) == (long)getpid() ||
		    !process_has(e->d_name, lock))
			continue;
		buf_printf(out, "%s%s", n++ == 0 ? "" : ", ", e->d_name);
	}
	(void)closedir(proc);
}

static void
look_at_lock(struct doctor *d)
{
	char *path = store_beside(d->path, "-lock"), mark[128];
	struct lock l = LOCK_INIT;
	struct buf users = BUF_INIT;
	struct error err = { 0 };
	struct stat sb;
	bool busy;

	if (path == NULL || stat(path, &sb) != 0)
		goto out;
	if (lock_open(&l, path, sb.st_mode & 0777, &err) != STATUS_OK) {
		say(d, DOCTOR_BAD, "%s", err.text);
		goto out;
	}
	lock_read_mark(&l, mark, sizeof(mark));
	busy = lock_take(&l, 0, 0, &err) != STATUS_OK;
	list_users(&sb, &users);
	if (err.code != STATUS_OK)
		say(d, DOCTOR_BAD, "%s: %s", path, err.text);
	else if (users.n > 0)
		say(d, DOCTOR_OK, "in use by process %s%s", buf_str(&users),
		    busy ? ", one of which is writing" : "");
	else if (busy || lock_used(&l))
		say(d, DOCTOR_OK, "in use by a process that is not to be seen "
		    "from here");
	else if (strncmp(mark, "open", 4) == 0)
		say(d, DOCTOR_WARN, "last closed by a crash: the next command "
		    "that writes looks through it");
	else
		say(d, DOCTOR_OK, "last closed in order");
out:
	lock_close(&l);
	buf_release(&users);
	free(path);
}

static enum status
look_at_pages(struct doctor *d, struct store *s, struct error *err)
{
	struct error found = { 0 };
	enum status st;

	st = store_look_through(s, "PRAGMA integrity_check(1)", &found);
	if (st == STATUS_OK)
		say(d, DOCTOR_OK, "integrity check: ok");
	else {
		say(d, DOCTOR_BAD, "%s", found.text);
		d->damaged = true;
	}
	return st == STATUS_NOMEM ? error_nomem(err) : STATUS_OK;
}

static enum status
look_at_totals(struct doctor *d, struct store *s, struct error *err)
{
	struct query *q;
	enum status st;
	bool row;
	unsigned n = 0;

	if ((st = query_get(&q, s, QUERY_DOCTOR_TOTALS, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		say(d, DOCTOR_BAD, "count of %.*s items in queue %.*s: %lld "
		    "kept, %lld there: another program wrote to the store; handrail "
		    "audit verify says what else it altered", SLICE_ARG(query_text(q, DOCTOR_TOTALS_STATE)),
		    SLICE_ARG(query_text(q, DOCTOR_TOTALS_QUEUE)),
		    (long long)query_int(q, DOCTOR_TOTALS_KEPT),
		    (long long)query_int(q, DOCTOR_TOTALS_THERE));
		n++;
	}
	query_done(q);
	if (st == STATUS_OK && n == 0)
		say(d, DOCTOR_OK, "kept counts agree with the items");
	return st;
}

/* A copy of the file alone, made while -wal held the newest, lacks leaves that
 * rows copied later refer to. */
static enum status
look_at_log(struct doctor *d, struct store *s, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s, QUERY_DOCTOR_LOG, err)) != STATUS_OK ||
	    (st = query_row(q, err)) != STATUS_OK)
		return st;
	if (query_int(q, DOCTOR_LOG_LEAVES) < query_int(q, DOCTOR_LOG_NAMED))
		say(d, DOCTOR_BAD, "the log has %lld leaves, but the store's "
		    "rows speak of %lld: copied without its -wal? put a backup "
		    "back with handrail restore", (long long)query_int(q, DOCTOR_LOG_LEAVES),
		    (long long)query_int(q, DOCTOR_LOG_NAMED));
	else
		say(d, DOCTOR_OK, "the log has all %lld leaves that the rows "
		    "speak of", (long long)query_int(q, DOCTOR_LOG_LEAVES));
	query_done(q);
	return STATUS_OK;
}

/* Each item was routed by one. */
static enum status
look_at_policies(struct doctor *d, struct store *s, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s, QUERY_DOCTOR_POLICIES, err)) != STATUS_OK ||
	    (st = query_row(q, err)) != STATUS_OK)
		return st;
	if (query_int(q, DOCTOR_POLICIES_THERE) == 0 &&
	    query_int(q, DOCTOR_POLICIES_NEEDED) != 0)
		say(d, DOCTOR_BAD, "%s: damaged (no policy is left, by which its "
		    "items were routed): put a backup back with handrail restore",
		    d->path);
	query_done(q);
	return STATUS_OK;
}

static enum status
look_at_backups(struct doctor *d, struct store *s, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s, QUERY_DOCTOR_BACKUP, err)) != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK)
		say(d, DOCTOR_OK, "last backup: %.*s, by %.*s",
		    SLICE_ARG(query_text(q, DOCTOR_BACKUP_TS)),
		    SLICE_ARG(query_text(q, DOCTOR_BACKUP_BY)));
	else if (st == STATUS_NOT_FOUND)
		say(d, DOCTOR_OK, "no backup so far: handrail backup FILE makes "
		    "one");
	query_done(q);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* An index that lags behind finds less than there is. */
static enum status
look_at_search(struct doctor *d, struct store *s, struct error *err)
{
	int64_t first, last, low, high, done, of;
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s, QUERY_SEARCH_STATE, err)) != STATUS_OK ||
	    (st = query_row(q, err)) != STATUS_OK)
		return st;
	low = query_int_or(q, SEARCH_STATE_LOW, INT64_MIN);
	high = query_int_or(q, SEARCH_STATE_HIGH, INT64_MIN);
	first = query_int(q, SEARCH_STATE_FIRST);
	last = query_int(q, SEARCH_STATE_LAST);
	query_done(q);
	if (low == INT64_MIN) {
		say(d, DOCTOR_OK, "search is off");
		return STATUS_OK;
	}
	if ((st = query_get(&q, s, QUERY_DOCTOR_SEARCH, err)) == STATUS_OK)
		st = query_row(q, err);
	query_done(q);
	if (st != STATUS_OK && st != STATUS_NOMEM) {
		error_clear(err);
		say(d, DOCTOR_BAD, "search: its index is damaged: handrail search "
		    "off, then on, makes it anew; nothing else is lost");
		return STATUS_OK;
	}
	of = last - first + 1;
	done = high - (low > first ? low : first) + 1;
	say(d, done < of ? DOCTOR_WARN : DOCTOR_OK, "search is on: %lld of "
	    "%lld items%s", (long long)done, (long long)of, done < of ?
	    "; handrail search on takes in the rest" : "");
	return STATUS_OK;
}

static void
say_schema(void *arg, enum schema_fault fault, const char *type, const char *name)
{
	static const struct {
		enum doctor_level level;
		const char	*says;
	} as[] = {
		[SCHEMA_FOREIGN] = { DOCTOR_WARN, "is not Handrail's, and is kept" },
		[SCHEMA_MISSING] = { DOCTOR_BAD, "is gone, or not as it was made: "
		    "handrail doctor --repair makes it anew" },
		[SCHEMA_PLANTED] = { DOCTOR_BAD, "is not Handrail's, and would run "
		    "within what is written: handrail doctor --repair takes it out" }
	};

	say(arg, as[fault].level, "%s %s: %s", type, name, fault == SCHEMA_MISSING &&
	    strcmp(type, "table") == 0 ? "is gone, or not as it was made: put a "
	    "backup back with handrail restore" : as[fault].says);
}

static enum status
look_at_schema(struct doctor *d, struct store *s, struct error *err)
{
	struct error why = { 0 };
	enum status st = schema_check(s, say_schema, d, &why);

	if (st == STATUS_NOMEM)
		return error_nomem(err);
	if (st != STATUS_OK)
		say(d, DOCTOR_BAD, "%s", why.text);
	return STATUS_OK;
}

static enum status
mend_write(void *arg, struct error *err)
{
	return schema_repair(arg, err);
}

enum status
store_mend(const char *path, doctor_fn *report, void *arg,
    enum doctor_level *worst, struct error *err)
{
	const struct store_options o = { .any_schema = true,
	    .wait_ms = STORE_WAIT_MS };
	struct doctor d = { path, report, arg, DOCTOR_OK, false };
	struct store *s;
	enum status st = store_open(&s, path, &o, NULL, err);

	if (st != STATUS_OK)
		return st;
	if ((st = schema_check(s, say_schema, &d, err)) == STATUS_OK)
		st = store_write(s, DURABLE_NOW, mend_write, s, err);
	d.worst = DOCTOR_OK;
	if (st == STATUS_OK)
		st = schema_check(s, say_schema, &d, err);
	*worst = d.worst;
	store_close(s);
	return st;
}

/* The key signs; without it nothing is lost but that. */
static enum status
look_at_key(struct doctor *d, struct store *s, struct error *err)
{
	struct error why = { 0 };
	enum status st;

	if (geteuid() != store_owner(s))
		return STATUS_OK;
	if ((st = checkpoint_key_look(s, &why)) == STATUS_NOMEM)
		return error_nomem(err);
	if (st == STATUS_NOT_FOUND)
		say(d, DOCTOR_WARN, "%s-key: is not there: put it back, or the next "
		    "checkpoint makes another and says so in the log", d->path);
	else if (st != STATUS_OK)
		say(d, DOCTOR_BAD, "%s", why.text);
	else
		say(d, DOCTOR_OK, "%s-key: the key that the log names", d->path);
	return STATUS_OK;
}

/* What rows say of each other; one look that cannot be done keeps the rest from
 * nothing. */
static enum status
look_at_rows(struct doctor *d, struct store *s, struct error *err)
{
	static enum status (*const looks[])(struct doctor *, struct store *,
	    struct error *) = {
		look_at_totals, look_at_log, look_at_policies, look_at_backups,
		look_at_search, look_at_key
	};
	struct error why;
	size_t i;

	for (i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		memset(&why, 0, sizeof(why));
		if (looks[i](d, s, &why) == STATUS_NOMEM)
			return error_nomem(err);
		if (why.code != STATUS_OK)
			say(d, DOCTOR_BAD, "%s", why.text);
	}
	return STATUS_OK;
}

/* What can only be seen from inside; a store that does not open says why. */
static enum status
look_inside(struct doctor *d, bool shared, struct error *err)
{
	const struct store_options reading = { .read_only = true,
	    .any_version = true, .untouched = true, .wait_ms = STORE_WAIT_MS };
	struct error why = { 0 };
	struct store *s;
	int64_t version = 0;
	enum status st;

	if (store_open(&s, d->path, &reading, NULL, &why) != STATUS_OK) {
		say(d, DOCTOR_BAD, "%s", why.text);
		d->damaged = why.code == STATUS_CORRUPT;
		return why.code == STATUS_NOMEM ? error_nomem(err) : STATUS_OK;
	}
	if (store_number(s, "PRAGMA user_version", &version, &why) == STATUS_OK)
		say(d, DOCTOR_OK, "store version %lld, log %s",
		    (long long)version, store_log(s));
	if (store_is_test(s))
		say(d, DOCTOR_WARN, STORE_TEST_SAYS);
	if (store_group(s) != NULL && !shared)
		say(d, DOCTOR_BAD, "%s: shared with group %s, whom its mode "
		    "keeps out: chgrp %s %s* && chmod 660 %s*", d->path,
		    store_group(s), store_group(s), d->path, d->path);
	if (store_unsettled(s))
		say(d, DOCTOR_WARN, "%s: text that was erased may still stand "
		    "in it or its -wal: whoever erased it was interrupted, or "
		    "a reader was in the way; the next command that can write "
		    "removes it", d->path);
	st = look_at_pages(d, s, err);
	if (version < store_version_known())
		say(d, DOCTOR_WARN, "made by an older Handrail: the next command "
		    "that writes brings it up to date, and doctor sees more then");
	else if (st == STATUS_OK)
		st = look_at_rows(d, s, err);
	/* Last: what is missing in it keeps the rest from nothing. */
	if (st == STATUS_OK)
		st = look_at_schema(d, s, err);
	if (st == STATUS_OK && d->worst < DOCTOR_BAD)
		say(d, DOCTOR_OK, "that nothing was altered is proved by handrail "
		    "audit verify");
	store_close(s);
	return st;
}

static void
tell_part(void *arg, const char *name)
{
	say(arg, DOCTOR_WARN, "%s: a copy that was broken off: the next backup or "
	    "restore in this folder, erase or purge removes it", name);
}

/* By its header, a file that is written to through a -wal; a backup is not. */
static bool
wants_wal(const char *path)
{
	char head[19] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool wants;

	if (fd == -1)
		return false;
	wants = pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	    head[18] == 2;
	(void)close(fd);
	return wants;
}

/* Handrail writes one only until a store, or a copy of one, is in WAL mode. */
static void
look_at_journal(struct doctor *d)
{
	char *path = store_beside(d->path, "-journal");

	if (path != NULL && access(path, F_OK) == 0)
		say(d, DOCTOR_WARN, "%s: of a write that was broken off, by another "
		    "program or the first to a copy: leave it there; the next "
		    "command of who may write takes back what it left half done",
		    path);
	free(path);
}

static void
look_at_wal(struct doctor *d)
{
	char *path = store_beside(d->path, "-wal");
	struct buf readers = BUF_INIT;
	struct stat sb;

	look_at_journal(d);
	/* We leave it in place, always. */
	if (path != NULL && access(path, F_OK) != 0 && wants_wal(d->path))
		say(d, DOCTOR_WARN, "%s: is not there: a copy made with cp lacks "
		    "what was in it (handrail backup copies the whole); closed "
		    "by the sqlite3 shell nothing is lost", path);
	readers_list(d->path, &readers);
	if (path != NULL && stat(path, &sb) == 0 && sb.st_size > LARGE_WAL)
		say(d, DOCTOR_WARN, "%s: %lld MB: %s%s", path,
		    (long long)(sb.st_size >> 20), readers.n == 0 ?
		    "the next command that writes makes it smaller" :
		    "kept from beginning anew by process ", buf_str(&readers));
	else if (readers.n > 0)
		say(d, DOCTOR_OK, "read by process %s: while a read lasts, -wal "
		    "only grows", buf_str(&readers));
	buf_release(&readers);
	free(path);
}

/* All that can be looked at beside the file, then what is in it. */
static enum status
look_at_all(struct doctor *d, const struct stat *sb, struct error *err)
{
	static const char *const files[] = { "", "-wal", "-shm", "-lock", "-key" };
	bool shared = (sb->st_mode & 020) != 0;
	enum status st;
	size_t i;

	look_at_sqlite(d);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		look_at_file(d, files[i], shared);
	look_at_folder(d, shared, (uint64_t)sb->st_size);
	look_at_identity(d);
	look_at_lock(d);
	look_at_wal(d);
	part_sweep(d->path, false, tell_part, d);
	if ((st = look_inside(d, shared, err)) == STATUS_OK && d->damaged)
		say(d, DOCTOR_WARN, "nothing was changed; list, show and export may "
		    "still read it: write nothing, and move it away with its -wal "
		    "and -key before handrail restore, to keep what came after "
		    "the backup");
	return st;
}

enum status
store_doctor(const char *path, doctor_fn *report, void *arg,
    enum doctor_level *worst, struct error *err)
{
	char *real = realpath(path, NULL);
	struct doctor d = { real, report, arg, DOCTOR_OK, false };
	struct stat sb;
	enum status st;

	if (real == NULL || stat(real, &sb) != 0)
		st = error_set(err, errno == ENOENT ? STATUS_NOT_FOUND :
		    STATUS_IO, "%s: %s", path, errno == ENOENT ? "no such "
		    "store: handrail init makes one" : strerror(errno));
	else if (!S_ISREG(sb.st_mode)) {
		say(&d, DOCTOR_BAD, "%s: not a file: move it away; handrail restore "
		    "puts a backup in its place", real);
		st = STATUS_OK;
	} else
		st = look_at_all(&d, &sb, err);
	*worst = d.worst;
	free(real);
	return st;
}
