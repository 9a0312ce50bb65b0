#include "db/schema.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/buf.h"
#include "db/sql.h"
#include "db/sqlite/handle.h"
#include "db/sqlite/migrate.h"

struct object {
	char	*type, *name, *sql;
	bool	 seen;
};

struct objects {
	struct object	*v;
	size_t		 n, cap;
};

static void
objects_release(struct objects *o)
{
	size_t i;

	for (i = 0; i < o->n; i++) {
		free(o->v[i].type);
		free(o->v[i].name);
		free(o->v[i].sql);
	}
	free(o->v);
	memset(o, 0, sizeof(*o));
}

/* Where a comment that begins there ends, or where it was. */
static const char *
comment_end(const char *p)
{
	const char *end = p;

	if (p[0] == '-' && p[1] == '-')
		end = p + strcspn(p, "\n");
	else if (p[0] == '/' && p[1] == '*')
		end = (end = strstr(p + 2, "*/")) == NULL ? p + strlen(p) : end + 2;
	return end;
}

/* Without blanks and comments: adding and dropping a column leaves others of them. */
static char *
sql_bare(const char *p)
{
	char *out = malloc(strlen(p) + 1), *to = out;
	const char *end;
	char quote;

	while (out != NULL && *p != '\0') {
		if ((end = comment_end(p)) != p)
			p = end;
		else if (*p == '\'' || *p == '"') {
			quote = *to++ = *p++;
			while (*p != '\0' && *p != quote)
				*to++ = *p++;
			if (*p != '\0')
				*to++ = *p++;
		} else if (isspace((unsigned char)*p))
			p++;
		else
			*to++ = *p++;
	}
	if (out != NULL)
		*to = '\0';
	return out;
}

/* SQLite's own, and what the index of texts is made of, which are SQLite's too. */
static bool
is_passed(const char *type, const char *name)
{
	return strcmp(type, "trigger") != 0 && (strncmp(name, "sqlite_",
	    7) == 0 || (strncmp(name, "search_", 7) == 0 &&
	    strcmp(name, "search_span") != 0));
}

static enum status
object_add(struct objects *o, sqlite3_stmt *q, struct error *err)
{
	const char *text[3];
	struct object *v;
	int i;

	for (i = 0; i < 3; i++)
		if ((text[i] = (const char *)sqlite3_column_text(q, i)) == NULL)
			text[i] = "";
	if (is_passed(text[0], text[1]))
		return STATUS_OK;
	if (o->n == o->cap) {
		v = realloc(o->v, (o->cap + 64) * sizeof(*v));
		if (v == NULL)
			return error_nomem(err);
		o->v = v;
		o->cap += 64;
	}
	v = &o->v[o->n++];
	*v = (struct object){ .type = strdup(text[0]), .name = strdup(text[1]),
	    .sql = sql_bare(text[2]) };
	return v->type == NULL || v->name == NULL || v->sql == NULL ?
	    error_nomem(err) : STATUS_OK;
}

static enum status
objects_read(sqlite3 *db, struct objects *o, struct error *err)
{
	sqlite3_stmt *q = NULL;
	enum status st = STATUS_OK;
	int rc = sqlite3_prepare_v2(db, "SELECT type, name, sql FROM sqlite_schema",
	    -1, &q, NULL);

	while (st == STATUS_OK && rc == SQLITE_OK &&
	    (rc = sqlite3_step(q)) == SQLITE_ROW) {
		st = object_add(o, q, err);
		rc = SQLITE_OK;
	}
	if (st == STATUS_OK && rc != SQLITE_DONE)
		st = rc == SQLITE_NOMEM ? error_nomem(err) : error_set(err,
		    STATUS_CORRUPT, "its schema: %s", sqlite3_errmsg(db));
	(void)sqlite3_finalize(q);
	return st;
}

/* A database in memory that has what a store of that version has. */
static enum status
schema_made(int64_t version, sqlite3 **db, struct error *err)
{
	int64_t i;
	int rc = sqlite3_open_v2(":memory:", db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(*db, "BEGIN", NULL, NULL, NULL);
	for (i = 0; i < version && rc == SQLITE_OK &&
	    sql_migrations[i].name != NULL; i++)
		rc = sqlite3_exec(*db, sql_migrations[i].text, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(*db, "COMMIT", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		return STATUS_OK;
	return rc == SQLITE_NOMEM ? error_nomem(err) : error_set(err,
	    STATUS_CORRUPT, "what a store is made of: %s", sqlite3_errmsg(*db));
}

static struct object *
object_find(struct objects *o, const struct object *like)
{
	size_t i;

	for (i = 0; i < o->n; i++)
		if (strcmp(o->v[i].name, like->name) == 0 &&
		    strcmp(o->v[i].type, like->type) == 0)
			return &o->v[i];
	return NULL;
}

static void
objects_compare(struct objects *want, struct objects *have, schema_fn *tell,
    void *arg)
{
	struct object *h, *w;
	size_t i;
	bool trigger;

	for (i = 0; i < have->n; i++) {
		h = &have->v[i];
		trigger = strcmp(h->type, "trigger") == 0;
		if ((w = object_find(want, h)) == NULL)
			tell(arg, trigger ? SCHEMA_PLANTED : SCHEMA_FOREIGN,
			    h->type, h->name);
		else if (strcmp(w->sql, h->sql) != 0)
			tell(arg, trigger ? SCHEMA_PLANTED : SCHEMA_MISSING,
			    h->type, h->name);
		if (w != NULL)
			w->seen = true;
	}
	for (i = 0; i < want->n; i++)
		if (!want->v[i].seen)
			tell(arg, SCHEMA_MISSING, want->v[i].type, want->v[i].name);
}

enum status
schema_check(struct store *s, schema_fn *tell, void *arg, struct error *err)
{
	struct objects want = { 0 }, have = { 0 };
	sqlite3 *made = NULL;
	int64_t version = 0;
	enum status st;

	if ((st = store_number(s, "PRAGMA user_version", &version, err)) ==
	    STATUS_OK && (st = schema_made(version, &made, err)) == STATUS_OK &&
	    (st = objects_read(made, &want, err)) == STATUS_OK &&
	    (st = objects_read(lite(s)->db, &have, err)) == STATUS_OK)
		objects_compare(&want, &have, tell, arg);
	(void)sqlite3_close(made);
	objects_release(&want);
	objects_release(&have);
	return st;
}

/* All that the migrations say, without blanks and comments. */
static char *
migrations_bare(void)
{
	struct buf all = BUF_INIT;
	char *bare = NULL;
	size_t i;

	for (i = 0; sql_migrations[i].name != NULL; i++)
		buf_puts(&all, sql_migrations[i].text);
	buf_putc(&all, '\0');
	if (!all.failed)
		bare = sql_bare(all.p);
	buf_release(&all);
	return bare;
}

static bool
object_is_ours(const struct object *o)
{
	const struct sql_object *w;

	for (w = sql_objects; w->name != NULL; w++)
		if (strcmp(w->name, o->name) == 0 && strcmp(w->type, o->type) == 0)
			return true;
	return false;
}

/* As far as the migrations' text tells: columns that were added later are no part of a
 * table's there. */
static bool
objects_sound(const struct objects *have, const char *migrations, bool whole)
{
	size_t i, ours = 0, want = 0;
	const struct object *o;
	bool is_ours, is_trigger;

	for (i = 0; i < have->n; i++) {
		o = &have->v[i];
		ours += is_ours = object_is_ours(o);
		is_trigger = strcmp(o->type, "trigger") == 0;
		if ((is_trigger || (is_ours && strcmp(o->type, "index") == 0)) &&
		    (o->sql[0] == '\0' || strstr(migrations, o->sql) == NULL))
			return false;
	}
	while (sql_objects[want].name != NULL)
		want++;
	return !whole || ours == want;
}

/* The first that is planted, else the first that is missing. */
struct unsound {
	enum schema_fault fault;
	char	 type[16], name[64];
};

static void
note_unsound(void *arg, enum schema_fault fault, const char *type, const char *name)
{
	struct unsound *u = arg;

	if (fault <= u->fault)
		return;
	u->fault = fault;
	(void)snprintf(u->type, sizeof(u->type), "%s", type);
	(void)snprintf(u->name, sizeof(u->name), "%s", name);
}

static enum status
unsound_tell(struct store *s, struct error *err)
{
	struct unsound u = { .fault = SCHEMA_FOREIGN };
	enum status st = schema_check(s, note_unsound, &u, err);

	if (st != STATUS_OK || u.fault == SCHEMA_FOREIGN)
		return st;
	if (u.fault == SCHEMA_PLANTED)
		return error_set(err, STATUS_CORRUPT, "%s: its trigger %s is not "
		    "Handrail's, and would run within what is written: it can be "
		    "read; handrail doctor --repair takes such out", s->path,
		    u.name);
	return error_set(err, STATUS_CORRUPT, "%s: its %s %s is gone or other than "
	    "it was made: it can be read; %s", s->path, u.type, u.name,
	    strcmp(u.type, "table") == 0 ? "handrail restore puts a backup back" :
	    "handrail doctor --repair makes it anew");
}

enum status
schema_sound(struct store *s, struct error *err)
{
	struct objects have = { 0 };
	int64_t version = 0;
	char *bare = migrations_bare();
	enum status st = bare == NULL ? error_nomem(err) :
	    store_number(s, "PRAGMA user_version", &version, err);
	bool sound = true;

	if (st == STATUS_OK && (st = objects_read(lite(s)->db, &have, err)) ==
	    STATUS_OK)
		sound = objects_sound(&have, bare,
		    version == store_version_known());
	objects_release(&have);
	free(bare);
	return st != STATUS_OK || sound ? st : unsound_tell(s, err);
}

enum status
schema_indexes(struct store *s, struct error *err)
{
	int64_t pages = 0;
	enum status st = store_number(s, "PRAGMA page_count", &pages, err);

	return st != STATUS_OK || pages * STORE_PAGE_SIZE > SMALL_BYTES ? st :
	    store_look_through(s, "PRAGMA integrity_check(1)", err);
}

/* What is to be done, in order: what is planted goes, what is missing comes. */
struct mending {
	struct buf	 drops;
	sqlite3		*made;
	struct buf	 makes;
};

static void
make_anew(struct mending *m, const char *type, const char *name)
{
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(m->made, "SELECT sql FROM sqlite_schema WHERE type = ?1 "
	    "AND name = ?2", -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_bind_text(q, 1, type, -1, SQLITE_STATIC) == SQLITE_OK &&
	    sqlite3_bind_text(q, 2, name, -1, SQLITE_STATIC) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_ROW)
		buf_printf(&m->makes, "%s;\n", sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
}

static void
mend_one(void *arg, enum schema_fault fault, const char *type, const char *name)
{
	struct mending *m = arg;
	bool trigger = strcmp(type, "trigger") == 0;
	char *sql;

	if (fault == SCHEMA_FOREIGN || (!trigger && strcmp(type, "index") != 0))
		return;
	if ((sql = sqlite3_mprintf("DROP %s IF EXISTS \"%w\";\n", type, name)) != NULL)
		buf_puts(&m->drops, sql);
	else
		m->drops.failed = true;
	sqlite3_free(sql);
	make_anew(m, type, name);
}

enum status
schema_repair(struct store *s, struct error *err)
{
	struct mending m = { .drops = BUF_INIT, .makes = BUF_INIT };
	int64_t version = 0;
	enum status st;

	if ((st = store_number(s, "PRAGMA user_version", &version, err)) ==
	    STATUS_OK && (st = schema_made(version, &m.made, err)) == STATUS_OK &&
	    (st = schema_check(s, mend_one, &m, err)) == STATUS_OK &&
	    (st = buf_check(&m.drops, err)) == STATUS_OK &&
	    (st = buf_check(&m.makes, err)) == STATUS_OK &&
	    (m.drops.n == 0 || (st = store_exec(s, m.drops.p, "mending its schema",
	    err)) == STATUS_OK) && m.makes.n > 0)
		st = store_exec(s, m.makes.p, "mending its schema", err);
	(void)sqlite3_close(m.made);
	buf_release(&m.drops);
	buf_release(&m.makes);
	return st;
}
