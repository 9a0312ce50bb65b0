#include "db/sqlite/handle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Something of what the migrations made. */
static bool
lacks(const char *why)
{
	return strncmp(why, "no such table: ", 15) == 0 ||
	    strncmp(why, "no such index: ", 15) == 0;
}

enum status
store_failed(struct store *s, int rc, const char *doing, struct error *err)
{
	const char *why = lite(s)->db == NULL ? sqlite3_errstr(rc) :
	    sqlite3_errmsg(lite(s)->db);

	switch (rc & 0xff) {
	case SQLITE_NOMEM:
		return error_nomem(err);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return error_set(err, STATUS_BUSY,
		    "%s: locked by another program", s->path);
	case SQLITE_NOTADB:
		return error_set(err, STATUS_CORRUPT,
		    "%s: not a Handrail store", s->path);
	case SQLITE_CORRUPT:
		return error_set(err, STATUS_CORRUPT, "%s: damaged (%s): put a "
		    "backup back with handrail restore", s->path, why);
	case SQLITE_FULL:
		return error_set(err, STATUS_IO, "%s: its file system is full, "
		    "or a limit is reached: make room and run it again", s->path);
	case SQLITE_READONLY:
		if (rc == SQLITE_READONLY_ROLLBACK)
			return error_set(err, STATUS_IO, "%s: a write was broken "
			    "off and left %s-journal, which only who may write the "
			    "store takes back: have its owner run any handrail "
			    "command", s->path, s->path);
		/* FALLTHROUGH */
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		if (sqlite3_system_errno(lite(s)->db) != 0)
			return error_set(err, STATUS_IO, "%s: %s: %s: %s",
			    s->path, doing, why,
			    strerror(sqlite3_system_errno(lite(s)->db)));
		return error_set(err, STATUS_IO, "%s: %s: %s", s->path, doing,
		    why);
	case SQLITE_CONSTRAINT:
		if (rc == SQLITE_CONSTRAINT_TRIGGER)
			return error_set(err, STATUS_CORRUPT, "%s: refused by its "
			    "own rules (%s), so that its rows disagree: handrail "
			    "doctor says in what", s->path, why);
		return error_set(err, STATUS_CONFLICT, "%s: %s: %s", s->path,
		    doing, why);
	case SQLITE_TOOBIG:
	case SQLITE_INTERRUPT:
		return error_set(err, STATUS_LIMIT, "%s: %s: %s", s->path,
		    doing, why);
	case SQLITE_ERROR:
		if (lacks(why))
			return error_set(err, STATUS_CORRUPT, "%s: damaged (%s): "
			    "handrail doctor says what is missing, and what to do",
			    s->path, why);
		/* FALLTHROUGH */
	default:
		return error_set(err, STATUS_INVALID, "%s: %s: %s", s->path,
		    doing, why);
	}
}

enum status
store_exec(struct store *s, const char *sql, const char *doing,
    struct error *err)
{
	int rc = sqlite3_exec(lite(s)->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? STATUS_OK : store_failed(s, rc, doing, err);
}

enum status
store_number(struct store *s, const char *sql, int64_t *out, struct error *err)
{
	sqlite3_stmt *st = NULL;
	int rc;

	*out = 0;
	rc = sqlite3_prepare_v2(lite(s)->db, sql, -1, &st, NULL);
	if (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW)
		*out = sqlite3_column_int64(st, 0);
	(void)sqlite3_finalize(st);
	if (rc == SQLITE_ROW || rc == SQLITE_DONE)
		return STATUS_OK;
	return store_failed(s, rc, "reading", err);
}

char *
store_beside(const char *path, const char *suffix)
{
	size_t n = strlen(path) + strlen(suffix) + 1;
	char *p = malloc(n);

	if (p != NULL)
		(void)snprintf(p, n, "%s%s", path, suffix);
	return p;
}

char *
store_sqlite_path(const char *path)
{
	bool odd = strncmp(path, "file:", 5) == 0 || path[0] == ':';

	return store_beside(odd ? "./" : "", path);
}

/* "Page 46: unable to get the page. error code=7": no memory is no damage. */
static bool
look_starved(const char *found)
{
	static const char mark[] = "error code=7";
	const char *at = found == NULL ? NULL : strstr(found, mark);

	return found == NULL || (at != NULL && (at[sizeof(mark) - 1] < '0' ||
	    at[sizeof(mark) - 1] > '9'));
}

enum status
store_look_through(struct store *s, const char *pragma, struct error *err)
{
	static const char where[] = "*** in database main ***\n";
	sqlite3_stmt *st = NULL;
	enum status status = STATUS_OK;
	const char *found;
	int rc;

	rc = sqlite3_prepare_v2(lite(s)->db, pragma, -1, &st, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(st);
	if (rc != SQLITE_ROW)
		status = store_failed(s, rc, "checking", err);
	else if (look_starved(found = (const char *)sqlite3_column_text(st, 0)))
		status = error_nomem(err);
	else if (strcmp(found, "ok") != 0) {
		if (strncmp(found, where, sizeof(where) - 1) == 0)
			found += sizeof(where) - 1;
		status = error_set(err, STATUS_CORRUPT, "%s: damaged (%s): put "
		    "a backup back with handrail restore", s->path, found);
	}
	(void)sqlite3_finalize(st);
	return status;
}
