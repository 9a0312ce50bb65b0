#include "db/sqlite/migrate.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/audit/audit.h"
#include "db/audit/checkpoint.h"
#include "db/login.h"
#include "db/query.h"
#include "db/schema.h"
#include "db/sql.h"
#include "db/sqlite/handle.h"
#include "db/sqlite/store.h"

int64_t
store_version_known(void)
{
	int64_t n = 0;

	while (sql_migrations[n].name != NULL)
		n++;
	return n;
}

struct file_header {
	int64_t	application, version, tables;
};

static enum status
store_look(struct store *s, struct file_header *f, struct error *err)
{
	enum status st;

	if ((st = store_number(s, "PRAGMA application_id", &f->application,
	    err)) != STATUS_OK || (st = store_number(s, "PRAGMA user_version",
	    &f->version, err)) != STATUS_OK || (st = store_number(s,
	    "SELECT count(*) FROM sqlite_schema", &f->tables, err)) != STATUS_OK)
		return st;
	if (f->application != STORE_APPLICATION_ID &&
	    (f->application != 0 || f->version != 0 || f->tables != 0))
		return error_set(err, STATUS_CORRUPT,
		    "%s: not a Handrail store", s->path);
	if (f->version > store_version_known())
		return error_set(err, STATUS_CORRUPT, "%s: made by a newer "
		    "Handrail (store version %lld; this program knows %lld): "
		    "use that one", s->path, (long long)f->version,
		    (long long)store_version_known());
	return STATUS_OK;
}

/*
 * WAL, and large pages, which WAL could not change later.  The size of the cache
 * comes last: SQLite turns it into a number of pages by the page size at
 * that moment.
 */
static enum status
store_shape(struct store *s, struct error *err)
{
	char sql[64];
	sqlite3_stmt *st = NULL;
	bool wal = false;
	int rc;

	(void)snprintf(sql, sizeof(sql), "PRAGMA page_size=%d",
	    STORE_PAGE_SIZE);
	if (store_exec(s, sql, "making", err) != STATUS_OK)
		return err->code;
	rc = sqlite3_prepare_v2(lite(s)->db, "PRAGMA journal_mode=WAL", -1, &st, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW)
		wal = strcmp((const char *)sqlite3_column_text(st, 0),
		    "wal") == 0;
	(void)sqlite3_finalize(st);
	if (rc != SQLITE_ROW)
		return store_failed(s, rc, "making", err);
	if (!wal)
		return error_set(err, STATUS_IO, "%s: this file system cannot "
		    "keep a write-ahead log", s->path);
	return store_exec(s, "PRAGMA cache_size=-16000", "opening", err);
}

/* "HOST/9f1c0b7e", which names the log in its checkpoints and leaves. */
static enum status
log_name(char *out, size_t n, struct error *err)
{
	char host[65] = "";
	uint8_t tag[4];
	size_t i;

	if (store_random(tag, sizeof(tag), err) != STATUS_OK)
		return err->code;
	if (gethostname(host, sizeof(host) - 1) != 0 || host[0] == '\0')
		(void)snprintf(host, sizeof(host), "localhost");
	/* An origin of a signed note has no blank and no plus. */
	for (i = 0; host[i] != '\0'; i++)
		if (!isalnum((unsigned char)host[i]) && host[i] != '.' &&
		    host[i] != '-')
			host[i] = '-';
	(void)snprintf(out, n, "%s/%02x%02x%02x%02x", host, tag[0], tag[1],
	    tag[2], tag[3]);
	return STATUS_OK;
}

/* What the first leaf binds: the key that signs, the store's own, whom it is shared
 * with, and that it is for tests. */
static enum status
log_create(struct store *s, const struct actor *maker, const struct store_options *o,
    struct slice secret, struct error *err)
{
	struct leaf_field f[5];
	struct buf vkey = BUF_INIT;
	struct hash h;
	enum status st;
	size_t n = 0;

	if ((st = audit_content(s, secret, NULL, 0, &h, err)) == STATUS_OK)
		st = checkpoint_key_make(s, &vkey, err);
	if (st == STATUS_OK) {
		f[n++] = (struct leaf_field){ .key = "binds",
		    .type = LEAF_BOOL, .number = 1 };
		f[n++] = (struct leaf_field){ .key = "key", .type = LEAF_TEXT,
		    .text = buf_slice(&vkey) };
		f[n++] = (struct leaf_field){ .key = "store_key_sha256",
		    .type = LEAF_HASH, .hash = &h };
		if (o->group != NULL)
			f[n++] = (struct leaf_field){ .key = "group",
			    .type = LEAF_TEXT, .text = slice_of(o->group) };
		if (o->test)
			f[n++] = (struct leaf_field){ .key = "test",
			    .type = LEAF_BOOL, .number = 1 };
		st = audit_append(s, maker, store_now_ms(s), "log.create",
		    SLICE_NONE, f, n, NULL, err);
	}
	buf_release(&vkey);
	return st;
}

static enum status
log_begin(struct store *s, const struct store_options *o, struct slice secret,
    struct error *err)
{
	struct actor maker = { "", "owner", "cli", 0 };
	struct passwd pw, *found = NULL;
	char text[4096], number[24];
	uid_t uid;

	if (login_uid(&uid) != LOGIN_SET)
		uid = getuid();
	(void)snprintf(number, sizeof(number), "%u", (unsigned)uid);
	if (getpwuid_r(uid, &pw, text, sizeof(text), &found) != 0)
		found = NULL;
	maker.name = found != NULL ? found->pw_name : number;
	maker.uid = (int64_t)uid;
	if (o->test)
		clock_from_outside(&s->clock);
	return log_create(s, &maker, o, secret, err);
}

static enum status
meta_set(struct store *s, const char *name, struct slice text,
    struct slice bytes, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, s, QUERY_STORE_META_SET, err);

	if (st != STATUS_OK)
		return st;
	query_bind_text(q, STORE_META_SET_name, slice_of(name));
	if (bytes.p != NULL)
		query_bind_blob(q, STORE_META_SET_value, bytes);
	else
		query_bind_text(q, STORE_META_SET_value, text);
	return query_run(q, err);
}

/* What a new store gets besides its tables. */
static enum status
store_fill(struct store *s, const struct store_options *o, struct error *err)
{
	uint8_t key[HASH_LEN];
	enum status st;

	if ((st = store_random(key, sizeof(key), err)) != STATUS_OK ||
	    (st = log_name(s->log, sizeof(s->log), err)) != STATUS_OK ||
	    (st = meta_set(s, "log", slice_of(s->log), SLICE_NONE, err)) !=
	    STATUS_OK || (st = meta_set(s, "key", SLICE_NONE,
	    (struct slice){ (char *)key, sizeof(key) }, err)) != STATUS_OK)
		goto out;
	if (o->group != NULL && (st = meta_set(s, "group", slice_of(o->group),
	    SLICE_NONE, err)) != STATUS_OK)
		goto out;
	st = log_begin(s, o, (struct slice){ (char *)key, sizeof(key) }, err);
out:
	explicit_bzero(key, sizeof(key));
	return st;
}

/* What it brings is there already, or what it needs is not: the number that says which
 * version made the store is not the one that did. */
static enum status
migration_run(struct store *s, int64_t version, struct error *err)
{
	const struct sql_text *m = &sql_migrations[version];
	int rc = sqlite3_exec(lite(s)->db, m->text, NULL, NULL, NULL);

	if (rc == SQLITE_OK)
		return STATUS_OK;
	if (rc != SQLITE_ERROR)
		return store_failed(s, rc, m->name, err);
	return error_set(err, STATUS_CORRUPT, "%s: damaged (it is none of version "
	    "%lld: %s): put a backup back with handrail restore", s->path,
	    (long long)version, sqlite3_errmsg(lite(s)->db));
}

/* One migration, one transaction: a crash leaves the version before or after. */
static enum status
migrate_one(struct store *s, int64_t version, const struct store_options *o,
    struct error *err)
{
	char sql[128];
	struct file_header f;
	enum status st;

	if ((st = store_begin(s, DURABLE_NOW, err)) != STATUS_OK)
		return st;
	/* Another process may have done it while this one waited. */
	if ((st = store_look(s, &f, err)) != STATUS_OK || f.version != version) {
		store_rollback(s);
		return st;
	}
	(void)snprintf(sql, sizeof(sql),
	    "PRAGMA application_id=%d; PRAGMA user_version=%lld",
	    STORE_APPLICATION_ID, (long long)version + 1);
	if ((st = migration_run(s, version, err)) != STATUS_OK ||
	    (st = store_exec(s, sql, "migrating", err)) != STATUS_OK)
		goto out;
	if (version == 0)
		st = store_fill(s, o, err);
out:
	if (st != STATUS_OK) {
		store_rollback(s);
		return st;
	}
	/* The tables go into the file itself, which is then a store without -wal. */
	lite(s)->checkpoint = true;
	return store_commit(s, err);
}

/* The rest of the way from the version that it has. */
static enum status
migrate_on(struct store *s, struct file_header *f, const struct store_options *o,
    struct error *err)
{
	enum status st = STATUS_OK;

	while (f->version < store_version_known() && st == STATUS_OK &&
	    (st = migrate_one(s, f->version, o, err)) == STATUS_OK)
		st = store_look(s, f, err);
	return st;
}

enum status
store_migrate_copy(struct store *s, struct error *err)
{
	char sql[64];
	int64_t version;
	enum status st = store_number(s, "PRAGMA user_version", &version, err);

	for (; st == STATUS_OK && version < store_version_known(); version++)
		st = migration_run(s, version, err);
	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version=%lld; "
	    "PRAGMA query_only=ON", (long long)store_version_known());
	return st == STATUS_OK ? store_exec(s, sql, "migrating", err) : st;
}

enum status
store_migrate(struct store *s, const struct store_options *o, bool *created,
    struct error *err)
{
	struct file_header f;
	enum status st;

	if ((st = store_look(s, &f, err)) != STATUS_OK)
		return st;
	if (f.version == 0 && f.tables > 0)
		return error_set(err, STATUS_CORRUPT, "%s: damaged (its version is "
		    "gone): put a backup back with handrail restore", s->path);
	if (f.version == 0 && (!o->create || s->read_only))
		return error_set(err, STATUS_NOT_FOUND,
		    "%s: empty: handrail init makes a store of it", s->path);
	if (s->read_only)
		return f.version < store_version_known() && !o->any_version ?
		    sqlite_copy(s, err) : STATUS_OK;
	if (f.version > 0 && !o->any_schema &&
	    (st = schema_sound(s, err)) != STATUS_OK)
		return st;
	if ((st = store_shape(s, err)) != STATUS_OK)
		return st;
	*created = f.version == 0;
	return migrate_on(s, &f, o, err);
}
