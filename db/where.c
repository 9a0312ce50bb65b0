#include "db/statement.h"

#include <stdlib.h>

#include "core/expr.h"
#include "db/sql.h"

#define MARK		"WHERE_CONDITION"
#define COLUMNS_MAX	100
#define BUDGET_NS	((int64_t)10 * 1000000000)

/*
 * The condition has been found to be one expression without a SELECT of its
 * own; this stands behind that, and lets the statement do nothing but read.
 */
static int
read_only(void *arg, int action, const char *a, const char *b, const char *c,
    const char *d)
{
	(void)arg;
	(void)a;
	(void)c;
	(void)d;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return b != NULL && strcmp(b, "load_extension") == 0 ?
		    SQLITE_DENY : SQLITE_OK;
	default:
		return SQLITE_DENY;
	}
}

/* Splits "a b c" into text[], cutting it up. */
static size_t
split(char *names, const char **out, size_t max)
{
	size_t n = 0;
	char *p, *save = NULL;

	for (p = strtok_r(names, " ", &save); p != NULL && n < max;
	    p = strtok_r(NULL, " ", &save))
		out[n++] = p;
	return n;
}

static enum status
condition_check(const struct sql_text *sql, const char *where,
    struct error *err)
{
	const char *columns[COLUMNS_MAX];
	char *names = strdup(sql->columns == NULL ? "" : sql->columns);
	enum status st;
	size_t n;

	if (names == NULL)
		return error_nomem(err);
	n = split(names, columns, COLUMNS_MAX);
	st = expr_check(where, columns, n, err);
	free(names);
	return st;
}

enum status
statement_text(const struct sql_text *sql, const char *where, struct buf *out,
    struct error *err)
{
	const char *mark = strstr(sql->text, MARK);

	if (mark == NULL && where != NULL)
		return error_set(err, STATUS_INVALID,
		    "%s: takes no condition", sql->name);
	if (mark == NULL) {
		buf_puts(out, sql->text);
		return buf_check(out, err);
	}
	buf_add(out, sql->text, (size_t)(mark - sql->text));
	expr_wrap(out, where == NULL ? "1" : where);
	buf_puts(out, mark + sizeof(MARK) - 1);
	return buf_check(out, err);
}

static enum status
where_prepare(struct query *q, const char *sql, struct error *err)
{
	struct store *s = q->store;
	int rc;

	(void)sqlite3_set_authorizer(s->db, read_only, NULL);
	rc = sqlite3_prepare_v3(s->db, sql, -1, 0, &q->st, NULL);
	(void)sqlite3_set_authorizer(s->db, NULL, NULL);
	if (rc == SQLITE_OK)
		return STATUS_OK;
	if ((rc & 0xff) == SQLITE_ERROR || (rc & 0xff) == SQLITE_AUTH)
		return error_set(err, STATUS_INVALID, "%s",
		    sqlite3_errmsg(s->db));
	return store_failed(s, rc, q->name, err);
}

enum status
query_new_where(struct query **out, struct store *s, enum query_id id,
    const char *where, struct error *err)
{
	const struct sql_text *sql = &sql_queries[id];
	struct buf text = BUF_INIT;
	struct query *q = NULL;
	enum status st = STATUS_OK;

	*out = NULL;
	if (where != NULL && (st = condition_check(sql, where, err)) != STATUS_OK)
		return st;
	if ((st = statement_text(sql, where, &text, err)) != STATUS_OK)
		goto out;
	if ((q = calloc(1, sizeof(*q))) == NULL) {
		st = error_nomem(err);
		goto out;
	}
	q->store = s;
	q->name = sql->name;
	q->budget_ns = where == NULL ? -1 : BUDGET_NS;
	if ((st = where_prepare(q, text.p, err)) == STATUS_OK) {
		*out = q;
		q = NULL;
	}
out:
	query_free(q);
	buf_release(&text);
	return st;
}
