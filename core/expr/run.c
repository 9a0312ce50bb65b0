/* Runs a set's statements over a row: in one go, or one by one. */
#include "core/expr/run.h"

#include <math.h>

#include "core/json/write.h"

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))
/* What one rule is assumed to take at most, so that many of them are noticed. */
#define RULE_STEPS	(EXPR_LOOK / 64)

static void
took_too_long(sqlite3_context *ctx)
{
	sqlite3_result_error(ctx, "the condition takes too long", -1);
}

/* As JSON; SLICE_NONE where it is too long, or no text. */
static void
value_keep(sqlite3_context *ctx, struct expr_set *x, sqlite3_value *v)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	struct slice text;

	switch (sqlite3_value_type(v)) {
	case SQLITE_INTEGER:
		write_int(&w, NULL, sqlite3_value_int64(v));
		break;
	case SQLITE_FLOAT:
		write_double(&w, NULL, sqlite3_value_double(v));
		break;
	case SQLITE_NULL:
		write_null(&w, NULL);
		break;
	case SQLITE_TEXT:
		text.p = (const char *)sqlite3_value_text(v);
		text.n = (size_t)sqlite3_value_bytes(v);
		if (text.p != NULL && text.n <= EXPR_TEXT_SHOWN)
			write_text(&w, NULL, text);
		break;
	default:
		break;
	}
	if (b.n > 0)
		*x->value = (struct slice){ arena_copy(x->arena, buf_str(&b),
		    b.n), b.n };
	if (b.failed || (b.n > 0 && x->value->p == NULL))
		sqlite3_result_error_nomem(ctx);
	buf_release(&b);
}

/* rule(x): notes what the next condition came to; true ends the CASE. */
void
run_rule(sqlite3_context *ctx, int argc, sqlite3_value **argv)
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
	if (x->value != NULL)
		value_keep(ctx, x, argv[0]);
	if (expr_budget_spend(&x->budget, RULE_STEPS))
		sqlite3_result_int(ctx, v == EXPR_TRUE && !x->every);
	else
		took_too_long(ctx);
}

/* large(x) is x: each time that a condition takes a large text into its hands
 * the clock is looked at, since no function of SQLite's does so. */
void
run_large(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct expr_set *x = sqlite3_user_data(ctx);

	(void)argc;
	if (expr_budget_spend(&x->budget, EXPR_LOOK))
		sqlite3_result_value(ctx, argv[0]);
	else
		took_too_long(ctx);
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
bool
run_one(struct expr_set *x, const struct condition *one, int *rc)
{
	size_t n = longest_text(x->row, one->used);
	bool well;

	*rc = SQLITE_TOOBIG;
	if (x->budget.over || (one->json && n > EXPR_VALUE_MAX))
		return false;
	(void)sqlite3_limit(x->db, SQLITE_LIMIT_LENGTH, (int)(EXPR_VALUE_MAX +
	    (n > EXPR_LARGE ? 2 * n : 0)));
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
		if (!run_one(x, &x->one[i], &rc)) {
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

int
run_all(struct expr_set *x)
{
	int rc = SQLITE_ROW;
	size_t longest = longest_text(x->row, x->used);
	bool large = longest > EXPR_LARGE;

	expr_budget_begin(&x->budget, EXPR_ITEM_NS *
	    (int64_t)(1 + longest / ((size_t)1 << 20)), large);
	if (large || (!set_step(x, x->all, x->used, &rc) && rc != SQLITE_NOMEM))
		rc = run_each(x);
	return rc;
}
