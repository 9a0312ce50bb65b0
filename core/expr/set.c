#include "core/expr/set.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "core/expr/calls.h"
#include "core/expr/func.h"
#include "core/expr/hint.h"
#include "core/expr/like.h"
#include "core/expr/pure.h"
#include "core/expr/run.h"
#include "core/expr/scan.h"

/* A condition has no loop, so this is far more than any takes. */
#define SQL_MAX		(16 << 20)	/* of a thousand conditions */
#define OPS_STEP	1000
#define OPS_STEPS_MAX	200

const char *const expr_columns[COL_COUNT] = {
	[COL_STOP] = "stop",
	[COL_CONFIDENCE] = "confidence", [COL_MODEL] = "model",
	[COL_PROMPT] = "prompt", [COL_VARIANT] = "variant",
	[COL_QUEUE] = "queue", [COL_COST] = "cost_usd",
	[COL_LATENCY] = "latency_ms", [COL_INPUT_TOKENS] = "input_tokens",
	[COL_OUTPUT_TOKENS] = "output_tokens", [COL_METADATA] = "metadata",
	[COL_OUTPUT] = "output", [COL_FAILURES] = "failures",
	[COL_ERRORS] = "errors", [COL_SEVERITY] = "severity",
	[COL_EXPECT] = "expect"
};

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

static bool
function_allowed(const struct expr_set *x, const char *name)
{
	if (expr_function_is_pure(name) ||
	    (x->guards && expr_function_asks(name)))
		return true;
	return x->ours && (strcmp(name, "rule") == 0 ||
	    strcmp(name, "large") == 0);
}

static int
expr_authorize(void *arg, int action, const char *a, const char *b,
    const char *c, const char *d)
{
	struct expr_set *x = arg;

	(void)a;
	(void)c;
	(void)d;
	switch (action) {
	case SQLITE_SELECT:
		if (x->selects-- > 0)
			return SQLITE_OK;
		x->denied = "a SELECT cannot stand in a condition";
		return SQLITE_DENY;
	case SQLITE_FUNCTION:
		x->json |= b != NULL && (strncasecmp(b, "json", 4) == 0 ||
		    strncmp(b, "->", 2) == 0);
		return b != NULL && function_allowed(x, b) ? SQLITE_OK :
		    SQLITE_DENY;
	default:
		x->denied = "a condition cannot read tables";
		return SQLITE_DENY;
	}
}

static int
expr_progress(void *arg)
{
	struct expr_set *x = arg;

	return ++x->ops > OPS_STEPS_MAX ||
	    !expr_budget_spend(&x->budget, EXPR_LOOK);
}

/* No name although there is one: without memory it is not answered by NULL. */
static bool
guard_lacks(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	int i;

	for (i = 0; i < argc; i++)
		if (sqlite3_value_text(argv[i]) == NULL &&
		    sqlite3_value_type(argv[i]) != SQLITE_NULL) {
			sqlite3_result_error_nomem(ctx);
			return true;
		}
	return false;
}

static void
fn_ask(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct expr_set *x = sqlite3_user_data(ctx);
	const struct expr_facts *f = x->row == NULL ? NULL : x->row->facts;
	const char *guard = (const char *)sqlite3_value_text(argv[0]);
	const char *kind;
	double score;

	if (guard_lacks(ctx, argc, argv) || guard == NULL || f == NULL)
		return;
	if (argc == 2) {
		kind = (const char *)sqlite3_value_text(argv[1]);
		if (kind != NULL)
			sqlite3_result_int(ctx, f->kind(f->arg, guard, kind));
		return;
	}
	score = f->score(f->arg, guard);
	if (!isnan(score))
		sqlite3_result_double(ctx, score);
}

static void
fn_failed(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct expr_set *x = sqlite3_user_data(ctx);
	const char *guard = (const char *)sqlite3_value_text(argv[0]);

	if (!guard_lacks(ctx, argc, argv) && guard != NULL && x->row != NULL)
		sqlite3_result_int(ctx,
		    x->row->facts->failed(x->row->facts->arg, guard));
}

static void
fn_errored(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct expr_set *x = sqlite3_user_data(ctx);
	const char *guard = (const char *)sqlite3_value_text(argv[0]);

	if (!guard_lacks(ctx, argc, argv) && guard != NULL && x->row != NULL)
		sqlite3_result_int(ctx,
		    x->row->facts->errored(x->row->facts->arg, guard));
}

struct sqlite_function {
	const char	*name;
	int		 nargs;
	void		(*fn)(sqlite3_context *, int, sqlite3_value **);
};

/* Not DETERMINISTIC: SQLite would then ask before the first condition. */
static const struct sqlite_function row_functions[] = {
	{ "failed", 1, fn_failed },
	{ "errored", 1, fn_errored },
	{ "score", 1, fn_ask },
	{ "kind", 2, fn_ask },
	{ "rule", 1, run_rule },
	{ "large", 1, run_large }
};

static enum status
sqlite_failed(sqlite3 *db, int rc, struct error *err)
{
	if (rc == SQLITE_NOMEM || db == NULL)
		return error_nomem(err);
	return error_set(err, STATUS_INVALID, "%s",
	    expr_refusal(sqlite3_errmsg(db)));
}

static void
set_limits(sqlite3 *db)
{
	static const int limits[][2] = {
		{ SQLITE_LIMIT_LENGTH, (int)EXPR_VALUE_MAX },
		{ SQLITE_LIMIT_SQL_LENGTH, SQL_MAX },
		{ SQLITE_LIMIT_COLUMN, 64 },
		{ SQLITE_LIMIT_EXPR_DEPTH, 100 },
		{ SQLITE_LIMIT_COMPOUND_SELECT, 1 },
		{ SQLITE_LIMIT_FUNCTION_ARG, 32 },
		{ SQLITE_LIMIT_ATTACHED, 0 },
		{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, (int)LIKE_PATTERN_MAX },
		{ SQLITE_LIMIT_VARIABLE_NUMBER, COL_COUNT },
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 0 },
		{ SQLITE_LIMIT_WORKER_THREADS, 0 }
	};
	size_t i;

	for (i = 0; i < COUNT(limits); i++)
		(void)sqlite3_limit(db, limits[i][0], limits[i][1]);
}

enum status
expr_set_open(struct expr_set **out, struct error *err)
{
	struct expr_set *x;
	size_t i;
	int rc;
	enum status st;

	*out = NULL;
	if ((x = calloc(1, sizeof(*x))) == NULL)
		return error_nomem(err);
	rc = sqlite3_open_v2(":memory:", &x->db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_db_config(x->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_db_config(x->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_db_config(x->db, SQLITE_DBCONFIG_DEFENSIVE, 1,
		    NULL);
	for (i = 0; rc == SQLITE_OK && i < COUNT(row_functions); i++)
		rc = sqlite3_create_function(x->db, row_functions[i].name,
		    row_functions[i].nargs, SQLITE_UTF8, x,
		    row_functions[i].fn, NULL, NULL);
	if (rc != SQLITE_OK) {
		st = sqlite_failed(x->db, rc, err);
		expr_set_free(x);
		return st;
	}
	if ((st = expr_install(x->db, &x->budget, err)) != STATUS_OK) {
		expr_set_free(x);
		return st;
	}
	set_limits(x->db);
	(void)sqlite3_set_authorizer(x->db, expr_authorize, x);
	sqlite3_progress_handler(x->db, OPS_STEP, expr_progress, x);
	*out = x;
	return STATUS_OK;
}

/* As it was opened. */
void
expr_set_empty(struct expr_set *x)
{
	size_t i;

	(void)sqlite3_finalize(x->all);
	for (i = 0; x->one != NULL && i < x->n; i++)
		(void)sqlite3_finalize(x->one[i].st);
	free(x->one);
	x->all = NULL;
	x->one = NULL;
	x->n = 0;
	x->used = 0;
	x->ours = false;
}

/*
 * One statement and nothing behind it.  selects: how many the frame around the
 * conditions has; each more is denied.
 */
static enum status
set_prepare(struct expr_set *x, struct buf *sql, int selects,
    sqlite3_stmt **out, struct error *err)
{
	const char *tail = NULL;
	enum status st;
	int rc;

	*out = NULL;
	if ((st = buf_check(sql, err)) != STATUS_OK)
		return st;
	x->selects = selects;
	x->denied = NULL;
	x->ops = 0;
	rc = sqlite3_prepare_v3(x->db, buf_str(sql), (int)sql->n + 1,
	    SQLITE_PREPARE_PERSISTENT, out, &tail);
	if (rc == SQLITE_OK && (*out == NULL || *tail != '\0')) {
		(void)sqlite3_finalize(*out);
		*out = NULL;
		return error_set(err, STATUS_INVALID,
		    "a condition is one expression");
	}
	if (rc == SQLITE_AUTH && x->denied != NULL)
		return error_set(err, STATUS_INVALID, "%s", x->denied);
	return rc == SQLITE_OK ? STATUS_OK : sqlite_failed(x->db, rc, err);
}

/* "(SELECT ?1 AS "confidence", ...)" of the columns in use; each "large(?1)"
 * where what comes may be large. */
static void
columns_from(struct buf *sql, unsigned used, bool large)
{
	size_t i, n = 0;

	buf_puts(sql, " FROM (SELECT ");
	for (i = 0; i < COL_COUNT; i++)
		if ((used >> i & 1) != 0)
			buf_printf(sql, large ? "%slarge(?%zu) AS %s" :
			    "%s?%zu AS %s", n++ == 0 ? "" : ", ", i + 1,
			    expr_columns[i]);
	buf_puts(sql, n == 0 ? "NULL AS \"_\")" : ")");
}

/* Names in the text that are columns; it may see more than there are. */
static unsigned
columns_used(struct slice text)
{
	struct expr_token t;
	size_t at = 0, i;
	unsigned used = 0;

	while ((t = expr_token_next(text, &at)).type != EXPR_END)
		for (i = 0; i < COL_COUNT; i++)
			if (expr_token_is(&t, expr_columns[i]))
				used |= 1u << i;
	return used;
}

/*
 * Standing in a WHERE over all columns it can be no aggregate and no window
 * function, which would be taken where values are selected.
 */
static enum status
check_alone(struct expr_set *x, const char *text, const char *const *columns,
    size_t n, struct error *err)
{
	struct buf sql = BUF_INIT;
	sqlite3_stmt *stmt = NULL;
	enum status st;
	size_t i;

	buf_puts(&sql, "SELECT 1 FROM (SELECT ");
	for (i = 0; i < n; i++)
		buf_printf(&sql, "%sNULL AS \"%s\"", i == 0 ? "" : ", ",
		    columns[i]);
	buf_puts(&sql, n == 0 ? "NULL) WHERE " : ") WHERE ");
	expr_wrap(&sql, text);
	st = set_prepare(x, &sql, 2, &stmt, err);
	/* Its own closing parenthesis is none of the condition's. */
	if (st == STATUS_INVALID &&
	    sqlite3_error_offset(x->db) == (int)sql.n - 1) {
		error_clear(err);
		st = error_set(err, st, "it ends too early");
	}
	if (st == STATUS_INVALID)
		st = expr_hint(err, slice_of(text), columns, n, x->guards);
	if (st == STATUS_OK && sqlite3_bind_parameter_count(stmt) > 0)
		st = error_set(err, STATUS_INVALID,
		    "a condition takes no parameters");
	(void)sqlite3_finalize(stmt);
	buf_release(&sql);
	return st;
}

/* Rows that carry their guards can be asked about them as items are. */
static bool
has_guards(const char *const *columns, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(columns[i], "guards") == 0)
			return true;
	return false;
}

enum status
expr_set_takes(struct expr_set *x, const char *text,
    const char *const *columns, size_t n, const struct expr_names *names,
    struct error *err)
{
	struct slice s = slice_of(text);
	enum status st;

	if ((st = expr_scan(s, err)) != STATUS_OK ||
	    (st = expr_check_calls(s, names, err)) != STATUS_OK)
		return st;
	x->guards = names != NULL || has_guards(columns, n);
	return check_alone(x, text, columns, n, err);
}

/*
 * One statement for all: CASE goes through its conditions in order and no
 * further than the first that holds.
 */
static enum status
set_compile(struct expr_set *x, const char *const *conditions,
    struct error *err)
{
	struct buf sql = BUF_INIT;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < x->n && st == STATUS_OK; i++) {
		buf_clear(&sql);
		buf_puts(&sql, "SELECT rule(");
		expr_wrap(&sql, conditions[i]);
		buf_puts(&sql, ")");
		columns_from(&sql, x->one[i].used, true);
		x->json = false;
		st = set_prepare(x, &sql, 2, &x->one[i].st, err);
		x->one[i].json = x->json;
	}
	buf_clear(&sql);
	buf_puts(&sql, "SELECT CASE");
	for (i = 0; i < x->n; i++) {
		buf_puts(&sql, " WHEN rule(");
		expr_wrap(&sql, conditions[i]);
		buf_puts(&sql, ") THEN 1");
	}
	buf_puts(&sql, " END");
	columns_from(&sql, x->used, false);
	if (st == STATUS_OK && x->n > 0)
		st = set_prepare(x, &sql, 2, &x->all, err);
	buf_release(&sql);
	return st;
}

/*
 * A JSON path that cannot be read shows itself only when it is used: so each
 * condition is tried on an item without anything, which finds most of them.
 */
static enum status
set_try(struct expr_set *x, size_t *bad, struct error *err)
{
	enum status st = STATUS_OK;
	sqlite3_stmt *s;

	for (*bad = 0; *bad < x->n && st == STATUS_OK; ++*bad) {
		s = x->one[*bad].st;
		(void)sqlite3_bind_text(s, COL_METADATA + 1, "{}", 2,
		    SQLITE_STATIC);
		(void)sqlite3_bind_text(s, COL_OUTPUT + 1, "{}", 2,
		    SQLITE_STATIC);
		(void)sqlite3_bind_text(s, COL_EXPECT + 1, "{}", 2,
		    SQLITE_STATIC);
		x->tried = x->n;	/* rule() has nothing to note */
		if (sqlite3_step(s) != SQLITE_ROW &&
		    strstr(sqlite3_errmsg(x->db), "JSON path") != NULL)
			st = error_set(err, STATUS_INVALID, "%s",
			    sqlite3_errmsg(x->db));
		(void)sqlite3_reset(s);
		(void)sqlite3_clear_bindings(s);
		if (st != STATUS_OK)
			return st;
	}
	return st;
}

static int
names_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Each condition by itself, with the names sorted. */
static enum status
set_check(struct expr_set *x, const char *const *conditions,
    const struct expr_names *names, size_t *bad, struct error *err)
{
	const char **v = malloc((names->n + 1) * sizeof(*v));
	struct expr_names sorted = { v, names->n, names->queue,
	    names->expect };
	enum status st = STATUS_OK;
	size_t i;

	if (v == NULL)
		return error_nomem(err);
	if (names->n > 0) {
		memcpy(v, names->v, names->n * sizeof(*v));
		qsort(v, names->n, sizeof(*v), names_compare);
	}
	for (i = 0; i < x->n && st == STATUS_OK; i++) {
		*bad = i;
		st = expr_set_takes(x, conditions[i], expr_columns,
		    names->expect ? COL_COUNT : COL_EXPECT, &sorted, err);
		x->one[i].used = columns_used(slice_of(conditions[i]));
		if (!names->expect)
			x->one[i].used &= ~(1u << COL_EXPECT);
		x->used |= x->one[i].used;
	}
	free(v);
	return st;
}

enum status
expr_set_fill(struct expr_set *x, const char *const *conditions, size_t n,
    const struct expr_names *names, size_t *bad, struct error *err)
{
	static const struct expr_names none;
	enum status st;

	*bad = 0;
	x->n = n;
	if ((x->one = calloc(n + 1, sizeof(*x->one))) == NULL)
		return error_nomem(err);
	if ((st = set_check(x, conditions, names == NULL ? &none : names, bad,
	    err)) != STATUS_OK)
		return st;
	x->ours = true;
	if ((st = set_compile(x, conditions, err)) == STATUS_OK)
		st = set_try(x, bad, err);
	return st;
}
