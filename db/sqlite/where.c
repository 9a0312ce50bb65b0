#include "db/sqlite/where.h"

#include <assert.h>
#include <stdlib.h>

#include "core/expr/expr.h"
#include "core/expr/func.h"
#include "core/expr/scan.h"
#include "db/sqlite/handle.h"
#include "db/sqlite/query.h"

#define MARK		"WHERE_CONDITION"
#define BUDGET_NS	((int64_t)10 * 1000000000)

/*
 * The condition was checked to be one expression without a SELECT of its own.
 * Should that check miss something, the statement still can only read.
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

/* What a condition asks about an item's guards, in terms of the tables; the
 * statement calls its rows `found`.  Each argument is a string in quotes. */
static const struct {
	const char	*name, *before, *between, *after;
} guard_calls[] = {
	/* A JSON array of names holds the quoted one, or does not. */
	{ "failed", "(instr(found.guards, json_quote(", NULL, ")) > 0)" },
	{ "errored", "EXISTS (SELECT 1 FROM guard_errors g WHERE g.item = "
	    "found.item AND g.guard = ", NULL, ")" },
	{ "score", "(SELECT max(g.score) FROM findings g WHERE g.item = "
	    "found.item AND g.guard = ", NULL, ")" },
	{ "kind", "EXISTS (SELECT 1 FROM findings g WHERE g.item = found.item "
	    "AND g.guard = ", " AND g.kind = ", ")" }
};

/* Writes the call that begins at *at, behind its name, as a look into the
 * tables, and moves *at behind it. */
static enum status
guard_call(size_t which, struct slice text, size_t *at, struct buf *out,
    struct error *err)
{
	bool more = guard_calls[which].between != NULL;
	struct expr_token t;

	t = expr_token_next(text, at);		/* the parenthesis */
	buf_puts(out, guard_calls[which].before);
	for (;;) {
		t = expr_token_next(text, at);
		if (t.type != EXPR_STRING)
			return error_set(err, STATUS_INVALID, "%s(): its names "
			    "stand in single quotes", guard_calls[which].name);
		buf_add_slice(out, t.text);
		t = expr_token_next(text, at);
		if (!slice_is(t.text, more ? "," : ")"))
			return error_set(err, STATUS_INVALID, "wrong number of "
			    "arguments to function %s()",
			    guard_calls[which].name);
		if (!more)
			break;
		more = false;
		buf_puts(out, guard_calls[which].between);
	}
	buf_puts(out, guard_calls[which].after);
	return STATUS_OK;
}

/* A condition with its guard calls put in terms of the tables. */
static enum status
condition_text(const char *where, struct buf *out, struct error *err)
{
	struct slice text = slice_of(where);
	size_t at = 0, copied = 0, behind, i;
	struct expr_token t;
	enum status st;

	while ((t = expr_token_next(text, &at)).type != EXPR_END) {
		behind = at;
		if (t.type != EXPR_NAME ||
		    !slice_is(expr_token_next(text, &behind).text, "("))
			continue;
		for (i = 0; i < sizeof(guard_calls) / sizeof(guard_calls[0]);
		    i++) {
			if (!expr_token_is(&t, guard_calls[i].name))
				continue;
			buf_add(out, where + copied,
			    (size_t)(t.text.p - where) - copied);
			if ((st = guard_call(i, text, &at, out, err)) !=
			    STATUS_OK)
				return st;
			copied = at;
			break;
		}
	}
	buf_add(out, where + copied, text.n - copied);
	return buf_check(out, err);
}

enum status
statement_text(const struct sql_text *sql, const char *where, struct buf *out,
    struct error *err)
{
	const char *mark = strstr(sql->text, MARK);
	struct buf condition = BUF_INIT;
	enum status st;

	assert(mark != NULL || where == NULL);
	if (mark == NULL) {
		buf_puts(out, sql->text);
		return buf_check(out, err);
	}
	st = condition_text(where == NULL ? "1" : where, &condition, err);
	if (st == STATUS_OK) {
		buf_add(out, sql->text, (size_t)(mark - sql->text));
		expr_wrap(out, buf_str(&condition));
		buf_puts(out, mark + sizeof(MARK) - 1);
		st = buf_check(out, err);
	}
	buf_release(&condition);
	return st;
}

enum status
sqlite_prepare(struct query *query, const char *where, struct error *err)
{
	struct lite_query *q = lite_query(query);
	sqlite3 *db = lite(query->store)->db;
	struct buf text = BUF_INIT;
	enum status st;
	int rc;

	q->budget_ns = where == NULL ? -1 : BUDGET_NS;
	if ((st = statement_text(query->sql, where, &text, err)) != STATUS_OK)
		goto out;
	if (where != NULL)
		(void)sqlite3_set_authorizer(db, read_only, NULL);
	rc = sqlite3_prepare_v3(db, text.p, -1, where == NULL ?
	    SQLITE_PREPARE_PERSISTENT : 0, &q->st, NULL);
	if (where != NULL)
		(void)sqlite3_set_authorizer(db, NULL, NULL);
	if (rc != SQLITE_OK && where != NULL && ((rc & 0xff) == SQLITE_ERROR ||
	    (rc & 0xff) == SQLITE_AUTH))
		st = error_set(err, STATUS_INVALID, "%s",
		    expr_refusal(sqlite3_errmsg(db)));
	else if (rc != SQLITE_OK)
		st = store_failed(query->store, rc, STATEMENT_DOING, err);
out:
	buf_release(&text);
	return st;
}
