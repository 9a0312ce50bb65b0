#include "db/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/sqlite/handle.h"
#include "db/part.h"
#include "db/sqlite/place.h"

#define STEP_PAGES	1000
#define BUSY_MS		5000

static enum status
copy_failed(sqlite3 *to, int rc, const char *path, struct error *err)
{
	if ((rc & 0xff) == SQLITE_NOMEM)
		return error_nomem(err);
	return error_set(err, STATUS_IO, "%s: %s", path,
	    to == NULL ? sqlite3_errstr(rc) : sqlite3_errmsg(to));
}

/* The source stands in a read transaction: all steps copy the same state. */
static enum status
copy_pages(sqlite3 *from, sqlite3 *to, const char *path, struct error *err)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	int rc = SQLITE_OK, end;

	if (b == NULL)
		return copy_failed(to, sqlite3_errcode(to), path, err);
	while (rc == SQLITE_OK)
		rc = sqlite3_backup_step(b, STEP_PAGES);
	end = sqlite3_backup_finish(b);
	if (rc != SQLITE_DONE || end != SQLITE_OK)
		return copy_failed(to, rc != SQLITE_DONE ? rc : end, path, err);
	return STATUS_OK;
}

static enum status
file_sync(const char *path, struct error *err)
{
	enum status st = STATUS_OK;
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd == -1 || fsync(fd) != 0)
		st = error_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
	if (fd != -1)
		(void)close(fd);
	return st;
}

/* The path through no link: what SQLite is not to follow is the last name alone. */
static char *
part_real(const char *part)
{
	struct buf folder = BUF_INIT, path = BUF_INIT;
	const char *slash = strrchr(part, '/');
	char *real = NULL;

	place_dir(part, &folder);
	if (!folder.failed && (real = realpath(folder.p, NULL)) != NULL)
		buf_printf(&path, "%s/%s", real, slash == NULL ? part :
		    slash + 1);
	buf_release(&folder);
	free(real);
	if (real == NULL || path.failed) {
		buf_release(&path);
		return NULL;
	}
	return path.p;
}

static enum status
part_open(const char *part, sqlite3 **db, const char *pragma, struct error *err)
{
	char *path = part_real(part);
	int rc;

	*db = NULL;
	if (path == NULL)
		return errno == ENOMEM ? error_nomem(err) : error_set(err,
		    STATUS_IO, "%s: %s", part, strerror(errno));
	rc = sqlite3_open_v2(path, db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
	    NULL);
	free(path);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(*db, pragma, NULL, NULL, NULL);
	return rc == SQLITE_OK ? STATUS_OK : copy_failed(*db, rc, part, err);
}

/* The file says of itself that it has a -wal, until it is told that it has none:
 * then it can be read where nothing can be written. */
static enum status
part_finish(const char *part, struct error *err)
{
	sqlite3 *db;
	enum status st;

	st = part_open(part, &db, "PRAGMA journal_mode=DELETE", err);
	(void)sqlite3_close(db);
	if (st == STATUS_OK && (st = file_sync(part, err)) == STATUS_OK)
		part_settled(part);
	return st;
}

/* Into a file that nobody else knows yet: it needs no journal, only fsync. */
static enum status
copy_to(sqlite3 *from, const char *part, struct error *err)
{
	sqlite3 *to;
	enum status st;

	st = part_open(part, &to, "PRAGMA journal_mode=OFF;"
	    "PRAGMA synchronous=OFF", err);
	if (st == STATUS_OK)
		st = copy_pages(from, to, part, err);
	(void)sqlite3_close(to);
	return st == STATUS_OK ? part_finish(part, err) : st;
}

/* Neither replaces what is there; not every file system knows the first. */
static enum status
put_in_place(const char *part, const char *path, struct error *err)
{
	if (renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE) != 0 &&
	    (errno == EEXIST || link(part, path) != 0))
		return error_set(err, errno == EEXIST ? STATUS_CONFLICT :
		    STATUS_IO, "%s: %s", path, errno == EEXIST ?
		    "is there already; choose another name" : strerror(errno));
	return place_sync_dir(path, err);
}

/* How a copy is made, and what is done with it before it appears. */
struct copying {
	const char	*path;
	mode_t		 mode;
	gid_t		 gid;
	backup_fn	*sign;
	void		*arg;
	bool		 within;	/* sign works on the copy itself */
	struct store	*reading;	/* stop so before sign writes; or NULL */
};

/* It appears whole, and signed, or not at all. */
static enum status
copy_signed(sqlite3 *from, const struct copying *c, const char *part,
    struct error *err)
{
	enum status st = copy_to(from, part, err);

	if (c->reading != NULL)
		store_end_read(c->reading);
	if (st == STATUS_OK && c->sign != NULL)
		st = c->sign(c->arg, part, err);
	if (st == STATUS_OK && c->within)
		st = part_finish(part, err);
	return st == STATUS_OK ? put_in_place(part, c->path, err) : st;
}

static enum status
copy_whole(sqlite3 *from, const struct copying *c, struct error *err)
{
	char *part = part_name(c->path);
	enum status st;

	if (part == NULL)
		return error_nomem(err);
	if (access(c->path, F_OK) == 0)
		st = error_set(err, STATUS_CONFLICT,
		    "%s: is there already; choose another name", c->path);
	else if ((st = place_make_file(part, c->mode, c->gid, err)) ==
	    STATUS_OK) {
		st = copy_signed(from, c, part, err);
		part_drop(part);
	}
	if (st != STATUS_OK)
		part_unname(err);
	free(part);
	return st;
}

enum status
store_backup(struct store *s, const char *path, backup_fn *sign, void *arg,
    struct error *err)
{
	bool mine = s->transaction == TRANSACTION_NONE;
	const struct copying c = { path, PLACE_MODE, (gid_t)-1, sign, arg, false,
	    mine ? s : NULL };
	int64_t tables;
	enum status st;

	if (mine && (st = store_begin_read(s, err)) != STATUS_OK)
		return st;
	/* The transaction begins with its first read. */
	st = store_number(s, "SELECT count(*) FROM meta", &tables, err);
	if (st == STATUS_OK)
		st = copy_whole(lite(s)->db, &c, err);
	if (mine)
		store_end_read(s);
	return st;
}

/* An old -wal or journal would be taken for that of the store put in its place. */
static enum status
no_leftover(const char *path, struct error *err)
{
	static const char *const left[] = { "-wal", "-journal" };
	enum status st = STATUS_OK;
	char *name;
	size_t i;

	if (access(path, F_OK) == 0)
		return error_set(err, STATUS_CONFLICT, "%s: a store is there; "
		    "move it away with its -wal and -shm, or name another with "
		    "-d", path);
	for (i = 0; i < sizeof(left) / sizeof(left[0]) && st == STATUS_OK; i++) {
		if ((name = store_beside(path, left[i])) == NULL)
			return error_nomem(err);
		if (access(name, F_OK) == 0)
			st = error_set(err, STATUS_CONFLICT, "%s: left by the "
			    "store that was there; move it away as well", name);
		free(name);
	}
	return st;
}

/* A store that a group shared is shared with it again. */
static enum status
put_back(struct store *s, struct copying *c, struct error *err)
{
	const char *group = store_group(s);
	enum status st;

	st = group == NULL ? place_make_dir(c->path, err) :
	    place_share_dir(c->path, group, &c->gid, err);
	if (st != STATUS_OK || (st = place_local(c->path, err)) != STATUS_OK)
		return st;
	c->mode = group == NULL ? PLACE_MODE : PLACE_MODE_SHARED;
	return copy_whole(lite(s)->db, c, err);
}

enum status
store_restore(const char *backup, const char *path, backup_fn *sign, void *arg,
    struct error *err)
{
	const struct store_options reading = { .read_only = true,
	    .any_version = true, .wait_ms = BUSY_MS };
	struct copying c = { path, PLACE_MODE, (gid_t)-1, sign, arg, true, NULL };
	struct store *s;
	enum status st;

	if (access(backup, R_OK) != 0)
		return error_set(err, STATUS_IO, "%s: %s", backup,
		    strerror(errno));
	if ((st = no_leftover(path, err)) != STATUS_OK ||
	    (st = store_open(&s, backup, &reading, NULL, err)) != STATUS_OK)
		return st;
	if ((st = store_look_through(s, "PRAGMA integrity_check(1)", err)) ==
	    STATUS_OK)
		st = put_back(s, &c, err);
	store_close(s);
	return st;
}
