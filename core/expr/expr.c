#include "core/expr/expr.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "core/expr/func.h"
#include "core/expr/calls.h"
#include "core/expr/like.h"
#include "core/expr/pure.h"
#include "core/expr/scan.h"

/* A condition has no loop, so this is far more than any takes. */
#define SQL_MAX		(16 << 20)	/* of a thousand conditions */
#define OPS_STEP	1000
#define OPS_STEPS_MAX	200
/* What one rule is assumed to take at most, so that many of them are noticed. */
#define RULE_STEPS	(EXPR_LOOK / 64)
/* Work on texts of this size and more is watched more closely. */
#define LARGE_BYTES	((size_t)64 << 10)

enum bound_column {
	COL_STOP, COL_CONFIDENCE, COL_MODEL, COL_PROMPT, COL_VARIANT, COL_QUEUE,
	COL_COST, COL_LATENCY, COL_INPUT_TOKENS, COL_OUTPUT_TOKENS,
	COL_METADATA, COL_OUTPUT, COL_FAILURES, COL_ERRORS, COL_SEVERITY,
	COL_EXPECT,
	COL_COUNT
};

static const char *const column_names[COL_COUNT] = {
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

/* Each alone: where one of them fails, and where a text is large. */
struct condition {
	sqlite3_stmt		*st;
	unsigned		 used;	/* bit a column */
	bool			 json;	/* it calls a JSON function */
};

struct expr_set {
	sqlite3			*db;
	sqlite3_stmt		*all;	/* every condition, in order */
	struct condition	*one;
	size_t			 n;
	unsigned		 used;	/* bit a column */
	struct expr_budget	 budget;
	int			 ops;	/* steps of the progress handler */
	/* While a statement is made. */
	int			 selects;	/* that are still allowed */
	bool			 guards;	/* failed() and so on are allowed */
	bool			 ours;		/* the statement is our own */
	bool			 json;		/* it calls a JSON function */
	const char		*denied;	/* why, where SQLite only says no */
	/* While a statement runs. */
	const struct expr_row	*row;
	enum expr_value		*out;
	size_t			 tried;
	bool			 every;
};

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

static void
took_too_long(sqlite3_context *ctx)
{
	sqlite3_result_error(ctx, "the condition takes too long", -1);
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

/* rule(x): notes what the next condition came to; true ends the CASE. */
static void
fn_rule(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct expr_set *x = sqlite3_user_data(ctx);
	enum expr_value v;

	(void)argc;
	if (x->tried >= x->n)
		return;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL)
		v = EXPR_NULL;
	else
		v = fabs(sqlite3_value_double(argv[0])) > 0 ? EXPR_TRUE :
		    EXPR_FALSE;
	x->out[x->tried++] = v;
	if (expr_budget_spend(&x->budget, RULE_STEPS))
		sqlite3_result_int(ctx, v == EXPR_TRUE && !x->every);
	else
		took_too_long(ctx);
}

/* large(x) is x: each time that a condition takes a large text into its hands
 * the clock is looked at, since no function of SQLite's does so. */
static void
fn_large(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct expr_set *x = sqlite3_user_data(ctx);

	(void)argc;
	if (expr_budget_spend(&x->budget, EXPR_LOOK))
		sqlite3_result_value(ctx, argv[0]);
	else
		took_too_long(ctx);
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
	{ "rule", 1, fn_rule },
	{ "large", 1, fn_large }
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

static enum status
set_open(struct expr_set **out, struct error *err)
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
static void
set_empty(struct expr_set *x)
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

void
expr_set_free(struct expr_set *x)
{
	if (x == NULL)
		return;
	set_empty(x);
	(void)sqlite3_close(x->db);
	free(x);
}

void
expr_wrap(struct buf *b, const char *text)
{
	buf_putc(b, '(');
	buf_puts(b, text);
	buf_puts(b, "\n)");
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
			    column_names[i]);
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
			if (expr_token_is(&t, column_names[i]))
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

static enum status
condition_check(struct expr_set *x, const char *text,
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

enum status
expr_check(const char *text, const char *const *columns, size_t ncolumns,
    struct error *err)
{
	struct expr_set *x;
	enum status st;

	if ((st = set_open(&x, err)) != STATUS_OK)
		return st;
	st = condition_check(x, text, columns, ncolumns, NULL, err);
	expr_set_free(x);
	return st;
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
		st = condition_check(x, conditions[i], column_names,
		    names->expect ? COL_COUNT : COL_EXPECT, &sorted, err);
		x->one[i].used = columns_used(slice_of(conditions[i]));
		if (!names->expect)
			x->one[i].used &= ~(1u << COL_EXPECT);
		x->used |= x->one[i].used;
	}
	free(v);
	return st;
}

static enum status
set_fill(struct expr_set *x, const char *const *conditions, size_t n,
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

enum status
expr_set_new(struct expr_set **out, const char *const *conditions, size_t n,
    const struct expr_names *names, size_t *bad, struct error *err)
{
	struct expr_set *x;
	enum status st;

	*out = NULL;
	*bad = 0;
	if ((st = set_open(&x, err)) != STATUS_OK)
		return st;
	if ((st = set_fill(x, conditions, n, names, bad, err)) != STATUS_OK) {
		expr_set_free(x);
		return st;
	}
	*out = x;
	return STATUS_OK;
}

enum status
expr_set_check(struct expr_set **set, const char *const *conditions, size_t n,
    const struct expr_names *names, size_t *bad, struct error *err)
{
	enum status st = STATUS_OK;

	*bad = 0;
	if (*set == NULL)
		st = set_open(set, err);
	if (st == STATUS_OK) {
		st = set_fill(*set, conditions, n, names, bad, err);
		set_empty(*set);
	}
	return st;
}

static void
bind_text(sqlite3_stmt *s, int at, struct slice v)
{
	if (v.p != NULL)
		(void)sqlite3_bind_text64(s, at, v.p, v.n, SQLITE_STATIC,
		    SQLITE_UTF8);
}

static void
bind_int(sqlite3_stmt *s, int at, int64_t v)
{
	if (v >= 0)
		(void)sqlite3_bind_int64(s, at, v);
}

static void
bind_double(sqlite3_stmt *s, int at, double v)
{
	if (v >= 0)
		(void)sqlite3_bind_double(s, at, v);
}

/* What is absent stays NULL: each statement is cleared after it ran. */
static void
bind_column(sqlite3_stmt *s, enum bound_column c, const struct expr_row *r)
{
	const struct item *it = r->item;
	int at = (int)c + 1;

	switch (c) {
	case COL_STOP:		bind_text(s, at, stop_name(it->stop)); break;
	case COL_CONFIDENCE:
		if (it->has_confidence)
			(void)sqlite3_bind_double(s, at, it->confidence);
		break;
	case COL_MODEL:		bind_text(s, at, it->model); break;
	case COL_PROMPT:	bind_text(s, at, it->prompt); break;
	case COL_VARIANT:	bind_text(s, at, it->variant); break;
	case COL_QUEUE:		bind_text(s, at, it->queue); break;
	case COL_COST:		bind_double(s, at, it->cost_usd); break;
	case COL_LATENCY:	bind_double(s, at, it->latency_ms); break;
	case COL_INPUT_TOKENS:	bind_int(s, at, it->input_tokens); break;
	case COL_OUTPUT_TOKENS:	bind_int(s, at, it->output_tokens); break;
	case COL_METADATA:	bind_text(s, at, it->metadata); break;
	case COL_OUTPUT:	bind_text(s, at, it->output); break;
	case COL_FAILURES:	bind_int(s, at, r->failures); break;
	case COL_ERRORS:	bind_int(s, at, r->errors); break;
	case COL_SEVERITY:	bind_int(s, at, r->severity); break;
	case COL_EXPECT:	bind_text(s, at, it->expect); break;
	case COL_COUNT:		break;
	}
}

/* The longest text among the columns. */
static size_t
longest_text(const struct expr_row *r, unsigned used)
{
	const struct item *it = r->item;
	const struct {
		enum bound_column	c;
		size_t		n;
	} texts[] = {
		{ COL_MODEL, it->model.n }, { COL_PROMPT, it->prompt.n },
		{ COL_VARIANT, it->variant.n }, { COL_QUEUE, it->queue.n },
		{ COL_METADATA, it->metadata.n }, { COL_OUTPUT, it->output.n },
		{ COL_EXPECT, it->expect.n }
	};
	size_t i, n = 0;

	for (i = 0; i < COUNT(texts); i++)
		if ((used >> texts[i].c & 1) != 0 && texts[i].n > n)
			n = texts[i].n;
	return n;
}

/* Steps a statement over the row; false where SQLite gave an error. */
static bool
set_step(struct expr_set *x, sqlite3_stmt *s, unsigned used, int *rc)
{
	unsigned left;
	int c;

	for (c = 0, left = used; left != 0; left >>= 1, c++)
		if ((left & 1) != 0)
			bind_column(s, (enum bound_column)c, x->row);
	x->ops = 0;
	*rc = sqlite3_step(s);
	(void)sqlite3_reset(s);
	if (used != 0)
		(void)sqlite3_clear_bindings(s);
	return *rc == SQLITE_ROW;
}

/* A column that is longer than a value may be is let in, with room to work. */
static bool
one_step(struct expr_set *x, const struct condition *one, int *rc)
{
	size_t n = longest_text(x->row, one->used);
	bool well;

	*rc = SQLITE_TOOBIG;
	if (x->budget.over || (one->json && n > EXPR_VALUE_MAX))
		return false;
	(void)sqlite3_limit(x->db, SQLITE_LIMIT_LENGTH, (int)(EXPR_VALUE_MAX +
	    (n > LARGE_BYTES ? 2 * n : 0)));
	well = set_step(x, one->st, one->used, rc);
	(void)sqlite3_limit(x->db, SQLITE_LIMIT_LENGTH, (int)EXPR_VALUE_MAX);
	return well;
}

/* One by one, so that the condition that fails is known and the others still
 * count. */
static int
run_each(struct expr_set *x)
{
	size_t i;
	int rc;

	x->tried = 0;
	for (i = 0; i < x->n; i++) {
		x->tried = i;
		if (!one_step(x, &x->one[i], &rc)) {
			if (rc == SQLITE_NOMEM)
				return rc;
			x->out[i] = EXPR_ERROR;
		}
		x->tried = i + 1;
		if (x->out[i] == EXPR_TRUE && !x->every)
			break;
	}
	return SQLITE_ROW;
}

enum status
expr_set_run(struct expr_set *x, const struct expr_row *row, bool all,
    enum expr_value *out, size_t *tried, struct error *err)
{
	int rc = SQLITE_ROW;
	size_t longest;
	bool large;

	*tried = 0;
	if (x->n == 0)
		return STATUS_OK;
	x->row = row;
	x->out = out;
	x->every = all;
	x->tried = 0;
	longest = longest_text(row, x->used);
	large = longest > LARGE_BYTES;
	expr_budget_begin(&x->budget, EXPR_ITEM_NS *
	    (int64_t)(1 + longest / ((size_t)1 << 20)), large);
	if (large || (!set_step(x, x->all, x->used, &rc) && rc != SQLITE_NOMEM))
		rc = run_each(x);
	x->row = NULL;
	if (rc == SQLITE_NOMEM)
		return error_nomem(err);
	*tried = x->tried;
	return STATUS_OK;
}
