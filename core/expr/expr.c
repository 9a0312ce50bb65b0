#include "core/expr/expr.h"

#include <stdlib.h>

#include "core/expr/run.h"
#include "core/expr/typed.h"

void
expr_wrap(struct buf *b, const char *text)
{
	buf_putc(b, '(');
	buf_puts(b, text);
	buf_puts(b, "\n)");
}

enum status
expr_check(const char *text, const char *const *columns, size_t ncolumns,
    struct error *err)
{
	char wrong[TYPED_TEXT];
	struct expr_set *x;
	enum status st;

	if ((st = expr_set_open(&x, err)) != STATUS_OK)
		return st;
	st = expr_set_takes(x, text, columns, ncolumns, NULL, err);
	if (st == STATUS_OK && typed_wrong(text, wrong))
		st = error_set(err, STATUS_INVALID, "%s", wrong);
	expr_set_free(x);
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
	if ((st = expr_set_open(&x, err)) != STATUS_OK)
		return st;
	if ((st = expr_set_fill(x, conditions, n, names, bad, err)) != STATUS_OK) {
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
		st = expr_set_open(set, err);
	if (st == STATUS_OK) {
		st = expr_set_fill(*set, conditions, n, names, bad, err);
		expr_set_empty(*set);
	}
	return st;
}

void
expr_set_free(struct expr_set *x)
{
	if (x == NULL)
		return;
	expr_set_empty(x);
	(void)sqlite3_close(x->db);
	free(x);
}

enum status
expr_set_run(struct expr_set *x, const struct expr_row *row, bool all,
    enum expr_value *out, size_t *tried, struct error *err)
{
	int rc;

	*tried = 0;
	if (x->n == 0)
		return STATUS_OK;
	x->row = row;
	x->out = out;
	x->every = all;
	x->tried = 0;
	rc = run_all(x);
	x->row = NULL;
	if (rc == SQLITE_NOMEM)
		return error_nomem(err);
	*tried = x->tried;
	return STATUS_OK;
}

enum status
expr_set_values(struct expr_set **set, const char *const *texts, size_t n,
    const struct expr_names *names, const struct expr_row *row,
    struct arena *arena, struct slice *out, struct error *err)
{
	enum status st = STATUS_OK;
	struct error why = { STATUS_OK, "" };
	enum expr_value truth;
	struct expr_set *x;
	size_t i, bad;
	int rc = SQLITE_ROW;

	if (*set == NULL) {
		if ((st = expr_set_open(set, err)) != STATUS_OK)
			return st;
		expr_budget_begin(&(*set)->budget, EXPR_VALUES_NS, true);
	}
	x = *set;
	x->arena = arena;
	for (i = 0; i < n && rc != SQLITE_NOMEM; i++) {
		out[i] = SLICE_NONE;
		error_clear(&why);
		if (!expr_budget_spend(&x->budget, EXPR_LOOK))
			continue;
		if (expr_set_fill(x, &texts[i], 1, names, &bad, &why) ==
		    STATUS_OK) {
			x->row = row;
			x->out = &truth;
			x->value = &out[i];
			x->tried = 0;
			if (!run_one(x, &x->one[0], &rc))
				out[i] = SLICE_NONE;
		} else if (why.code == STATUS_NOMEM)
			rc = SQLITE_NOMEM;
		x->row = NULL;
		x->value = NULL;
		expr_set_empty(x);
	}
	return rc == SQLITE_NOMEM ? error_nomem(err) : STATUS_OK;
}
