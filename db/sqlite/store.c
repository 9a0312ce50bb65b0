#include "db/sqlite/batch.h"
#include "db/sqlite/store.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "core/expr/func.h"
#include "db/query.h"
#include "db/sqlite/functions.h"
#include "db/sqlite/handle.h"
#include "db/sqlite/migrate.h"
#include "db/sqlite/place.h"
#include "db/sqlite/readable.h"
#include "db/sqlite/transaction.h"

/* How long SQLite itself waits: for programs that do not know our lock. */
#define BUSY_MS			5000
/* What a large ingest lets it grow to, so that it is not made anew each time. */
#define WAL_KEEP_BYTES		"134217728"

static enum status
store_make(struct store *s, const struct store_options *o, struct error *err)
{
	gid_t gid = (gid_t)-1;
	enum status st;

	if (!o->create || o->read_only)
		return error_set(err, STATUS_NOT_FOUND, "%s: no such store: "
		    "handrail init makes one, and so does ingest FILE; demo "
		    "shows a filled one", s->path);
	st = o->group == NULL ? place_make_dir(s->path, err) :
	    place_share_dir(s->path, o->group, &gid, err);
	if (st != STATUS_OK || (st = place_local(s->path, err)) != STATUS_OK)
		return st;
	st = place_make_file(s->path, o->group == NULL ? PLACE_MODE :
	    PLACE_MODE_SHARED, gid, err);
	/* Another made it in the meantime: just as good. */
	if (st == STATUS_CONFLICT) {
		error_clear(err);
		st = STATUS_OK;
	}
	return st;
}

/* Looks for the file, or makes it, and finds out whose it is. */
static enum status
store_locate(struct store *s, const struct store_options *o, mode_t *mode,
    struct error *err)
{
	struct stat sb;
	enum status st;

	if (stat(s->path, &sb) != 0) {
		if ((errno == ENOENT || errno == ENOTDIR) &&
		    (st = store_make(s, o, err)) != STATUS_OK)
			return st;
		if (stat(s->path, &sb) != 0)
			return error_set(err, STATUS_IO, "%s: %s", s->path,
			    strerror(errno));
	}
	if (!S_ISREG(sb.st_mode))
		return error_set(err, STATUS_CORRUPT, "%s: not a file",
		    s->path);
	/* Each name would have a lock and a -wal of its own over one file. */
	if (!o->read_only && sb.st_nlink > 1)
		return error_set(err, STATUS_INVALID, "%s: has another name (a "
		    "hard link), and written to by both it is damaged: remove "
		    "one; handrail backup makes a copy", s->path);
	s->owner = sb.st_uid;
	*mode = (sb.st_mode & 020) != 0 ? PLACE_MODE_SHARED : PLACE_MODE;
	return place_local(s->path, err);
}

static void
store_limit(sqlite3 *db)
{
	static const struct {
		int id, value;
	} limits[] = {
		{ SQLITE_LIMIT_LENGTH, 64 << 20 },
		{ SQLITE_LIMIT_SQL_LENGTH, 256 << 10 },
		{ SQLITE_LIMIT_COLUMN, 100 },
		{ SQLITE_LIMIT_EXPR_DEPTH, 200 },
		{ SQLITE_LIMIT_COMPOUND_SELECT, 10 },
		{ SQLITE_LIMIT_VDBE_OP, 100000 },
		{ SQLITE_LIMIT_FUNCTION_ARG, 64 },
		{ SQLITE_LIMIT_ATTACHED, 0 },
		{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 },
		{ SQLITE_LIMIT_VARIABLE_NUMBER, 100 },
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 4 },
		{ SQLITE_LIMIT_WORKER_THREADS, 0 }
	};
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		(void)sqlite3_limit(db, limits[i].id, limits[i].value);
}

static int
wal_grew(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct store *s = arg;

	(void)db;
	(void)name;
	if (pages < lite(s)->wal_pages) {
		lite(s)->wal_done = 0;
		lite(s)->anew = true;
	}
	lite(s)->wal_pages = pages;
	lite(s)->grew = true;
	return SQLITE_OK;
}

/* Everything that keeps a hostile or damaged file from doing harm. */
static enum status
store_harden(struct store *s, struct error *err)
{
	static const int on[] = {
		SQLITE_DBCONFIG_DEFENSIVE, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE
	};
	static const int off[] = {
		SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_DQS_DML,
		SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
		SQLITE_DBCONFIG_ENABLE_VIEW
	};
	size_t i;
	int rc = SQLITE_OK;

	for (i = 0; rc == SQLITE_OK && i < sizeof(on) / sizeof(on[0]); i++)
		rc = sqlite3_db_config(lite(s)->db, on[i], 1, NULL);
	for (i = 0; rc == SQLITE_OK && i < sizeof(off) / sizeof(off[0]); i++)
		rc = sqlite3_db_config(lite(s)->db, off[i], 0, NULL);
	if (rc != SQLITE_OK)
		return store_failed(s, rc, "opening", err);
	store_limit(lite(s)->db);
	sqlite_wait_changed(s);
	(void)sqlite3_wal_hook(lite(s)->db, wal_grew, s);
	return store_exec(s, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
	    "PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;"
	    "PRAGMA synchronous=FULL; PRAGMA journal_size_limit="
	    WAL_KEEP_BYTES ";", "opening", err);
}

static pthread_once_t sqlite_once = PTHREAD_ONCE_INIT;

/* Counting its memory costs SQLite a mutex for each allocation.  Refused, and
 * nothing lost, where a condition was compiled before any store was opened. */
static void
sqlite_configure(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* For reading only, also by who may not write beside the file. */
static enum status
store_open_file(struct store *s, const struct store_options *o,
    struct error *err)
{
	int flags = s->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
	char *path = store_sqlite_path(s->path);
	struct buf uri = BUF_INIT;
	enum status st = STATUS_OK;
	bool immutable = false;
	int rc;

	if (path == NULL)
		return error_nomem(err);
	if (s->read_only)
		st = readable_look(path, !o->untouched, &immutable, &uri, err);
	if (st == STATUS_OK) {
		rc = sqlite3_open_v2(immutable ? uri.p : path, &lite(s)->db,
		    flags | (immutable ? SQLITE_OPEN_URI : 0) |
		    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
		if (rc != SQLITE_OK)
			st = store_failed(s, rc, "opening", err);
	}
	buf_release(&uri);
	free(path);
	return st;
}

static enum status
store_equip(struct store *s, struct error *err)
{
	enum status st = store_harden(s, err);

	if (st != STATUS_OK)
		return st;
	lite(s)->durability = DURABLE_NOW;
	/* What conditions may call beside SQLite's own. */
	if (expr_install(lite(s)->db, &lite(s)->budget, err) != STATUS_OK)
		return err->code;
	if (batch_install(lite(s)->db, &lite(s)->batch, err) != STATUS_OK)
		return err->code;
	return functions_install(lite(s)->db, &lite(s)->budget, err);
}

static enum status
store_connect(struct store *s, const struct store_options *o, struct error *err)
{
	enum status st;

	(void)pthread_once(&sqlite_once, sqlite_configure);
	if ((st = store_open_file(s, o, err)) == STATUS_OK)
		st = store_equip(s, err);
	return st;
}

/* Without a name: it goes with the handle, or the process. */
enum status
sqlite_copy(struct store *s, struct error *err)
{
	sqlite3 *from = lite(s)->db, *to = NULL;
	sqlite3_backup *b = NULL;
	enum status st = STATUS_OK;
	int rc = sqlite3_open_v2("", &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);

	if (rc == SQLITE_OK && (b = sqlite3_backup_init(to, "main", from, "main")) ==
	    NULL)
		rc = sqlite3_errcode(to);
	if (b != NULL) {
		(void)sqlite3_backup_step(b, -1);
		rc = sqlite3_backup_finish(b);
	}
	lite(s)->db = to;
	(void)sqlite3_close_v2(from);
	if (rc != SQLITE_OK)
		st = store_failed(s, rc, "copying what an older version made", err);
	if (st == STATUS_OK && (st = store_equip(s, err)) == STATUS_OK)
		st = store_migrate_copy(s, err);
	s->copied = true;
	return st;
}

/*
 * "open BOOT" stands in the lock file as long as anybody has the store open.
 * Whoever finds it there alone follows an unclean end.  One within this boot
 * lost nothing that the kernel had been given, so that only a store quickly
 * read is looked through; after a crash of the system every one is.
 */
static enum status
store_check(struct store *s, struct error *err)
{
	char mark[128], opened[80];
	int64_t pages = 0;

	(void)snprintf(opened, sizeof(opened), "open %s", clock_boot_id());
	lock_read_mark(&lite(s)->lock, mark, sizeof(mark));
	lock_write_mark(&lite(s)->lock, opened);
	if (strncmp(mark, "open", 4) != 0)
		return STATUS_OK;
	if (strcmp(mark, opened) == 0 &&
	    (store_number(s, "PRAGMA page_count", &pages, err) != STATUS_OK ||
	    pages * STORE_PAGE_SIZE > SMALL_BYTES))
		return err->code;
	return store_look_through(s, "PRAGMA quick_check(1)", err);
}

static enum status
store_lock_open(struct store *s, mode_t mode, bool *first, struct error *err)
{
	/* One file, one lock, whatever links lead to it; SQLite does the same
	 * for its -wal. */
	char *real = realpath(s->path, NULL), *path;
	enum status st;

	if (real == NULL)
		return error_set(err, STATUS_IO, "%s: %s", s->path,
		    strerror(errno));
	path = store_beside(real, "-lock");
	free(real);
	if (path == NULL)
		return error_nomem(err);
	if ((st = lock_open(&lite(s)->lock, path, mode, err)) == STATUS_OK)
		st = lock_enter(&lite(s)->lock, s->wait_ms, first, err);
	free(path);
	if (st == STATUS_BUSY)
		return error_set(err, st, "%s: being checked by another "
		    "process", s->path);
	if (st == STATUS_OK)
		lite(s)->entered = true;
	return st;
}


enum status
sqlite_open(struct store *s, const struct store_options *o, bool *created,
    struct error *err)
{
	bool first = false;
	enum status st;
	mode_t mode = PLACE_MODE;

	lite(s)->lock = (struct lock)LOCK_INIT;
	if ((st = store_locate(s, o, &mode, err)) != STATUS_OK)
		return st;
	if (!s->read_only &&
	    (st = store_lock_open(s, mode, &first, err)) != STATUS_OK)
		return st;
	if ((st = store_connect(s, o, err)) != STATUS_OK ||
	    (st = store_migrate(s, o, created, err)) != STATUS_OK)
		return st;
	if (first) {
		if ((st = store_check(s, err)) != STATUS_OK)
			return st;
		lock_share(&lite(s)->lock);
	}
	return STATUS_OK;
}

void
sqlite_close(struct store *s)
{
	struct lite *l = lite(s);
	/* A store that could not be opened is not called clean. */
	bool last = l->entered && s->opened && lock_last(&l->lock);

	/* Nor one whose disk refused something; its -wal must stay. */
	if (l->beside != NULL)
		(void)checkpointer_wait(l->beside);
	last = last && !checkpointer_failed(l->beside);
	checkpointer_free(l->beside);
	l->beside = NULL;
	if (last)
		store_fold(s);
	(void)sqlite3_close_v2(l->db);
	if (last)
		lock_write_mark(&l->lock, "clean");
	lock_close(&l->lock);
}

void
sqlite_wait_changed(struct store *s)
{
	(void)sqlite3_busy_timeout(lite(s)->db, s->wait_ms < BUSY_MS ?
	    (int)s->wait_ms : BUSY_MS);
}
