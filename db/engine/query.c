#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/expr/times.h"
#include "core/expr/expr.h"
#include "db/engine/engine.h"
#include "db/query.h"
#include "db/sql.h"

#define COLUMNS_MAX	100

static enum status
query_new(struct query **out, struct store *s, enum query_id id,
    const char *where, struct error *err)
{
	struct query *q = calloc(1, s->engine->query_size);
	enum status st;

	*out = NULL;
	if (q == NULL)
		return error_nomem(err);
	q->store = s;
	q->sql = &s->engine->queries[id];
	if ((st = s->engine->prepare(q, where, err)) == STATUS_OK)
		*out = q;
	else
		query_free(q);
	return st;
}

enum status
query_get(struct query **out, struct store *s, enum query_id id,
    struct error *err)
{
	struct query *q = s->kept[id];
	enum status st = STATUS_OK;

	if (q == NULL)
		st = query_new(&s->kept[id], s, id, NULL, err);
	else
		s->engine->reset(q, true);
	*out = s->kept[id];
	return st;
}

/* Splits "a b c" into out[], cutting it up. */
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
query_new_where(struct query **out, struct store *s, enum query_id id,
    const char *where, struct error *err)
{
	struct buf text = BUF_INIT;
	enum status st;

	*out = NULL;
	if (where == NULL)
		return query_new(out, s, id, where, err);
	st = times_expand(where, store_now_ms(s), &text, err);
	if (st == STATUS_OK)
		st = condition_check(&s->engine->queries[id], buf_str(&text),
		    err);
	st = st == STATUS_OK ? query_new(out, s, id, buf_str(&text), err) :
	    error_prefix(err, "condition");
	buf_release(&text);
	return st;
}

void
query_free(struct query *q)
{
	if (q == NULL)
		return;
	q->store->engine->finish(q);
	free(q);
}

/* The places that the constants stand for; those of another statement, or a
 * parameter that only others of the group have, are a mistake of ours. */
static int
parameter(const struct query *q, enum query_parameter p)
{
	unsigned n = (unsigned)p & 0xff;

	assert((unsigned)p >> 8 == q->sql->takes &&
	    (q->sql->parameters >> (n - 1) & 1) != 0);
	return (int)n;
}

static int
column(const struct query *q, enum query_column c)
{
	assert((unsigned)c >> 8 == q->sql->gives);
	return (int)((unsigned)c & 0xff);
}

static void
bind(struct query *q, enum query_parameter p, struct value v)
{
	q->store->engine->bind(q, parameter(q, p), v);
}

void
query_bind_int(struct query *q, enum query_parameter p, int64_t v)
{
	bind(q, p, value_int(v));
}

void
query_bind_double(struct query *q, enum query_parameter p, double v)
{
	bind(q, p, value_real(v));
}

void
query_bind_text(struct query *q, enum query_parameter p, struct slice s)
{
	bind(q, p, value_text(s));
}

void
query_bind_blob(struct query *q, enum query_parameter p, struct slice s)
{
	bind(q, p, value_blob(s));
}

enum status
query_step(struct query *q, bool *row, struct error *err)
{
	return q->store->engine->step(q, row, err);
}

enum status
query_run(struct query *q, struct error *err)
{
	enum status st;
	bool row = true;

	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
		;
	query_done(q);
	return st;
}

enum status
query_row(struct query *q, struct error *err)
{
	bool row;
	enum status st = query_step(q, &row, err);

	return st == STATUS_OK && !row ? STATUS_NOT_FOUND : st;
}

void
query_done(struct query *q)
{
	if (q != NULL)
		q->store->engine->reset(q, false);
}

static struct value
value_at(struct query *q, enum query_column c, enum value_type type)
{
	return q->store->engine->column(q, column(q, c), type);
}

static struct slice
slice_at(struct query *q, enum query_column c, enum value_type type)
{
	struct value v = value_at(q, c, type);

	return v.type == VALUE_NULL ? SLICE_NONE :
	    (struct slice){ v.bytes, v.n };
}

bool
query_null(struct query *q, enum query_column c)
{
	return q->store->engine->is_null(q, column(q, c));
}

int64_t
query_int(struct query *q, enum query_column c)
{
	return query_int_or(q, c, 0);
}

int64_t
query_int_or(struct query *q, enum query_column c, int64_t null)
{
	struct value v = value_at(q, c, VALUE_INT);

	return v.type == VALUE_NULL ? null : v.number;
}

double
query_double(struct query *q, enum query_column c)
{
	struct value v = value_at(q, c, VALUE_REAL);

	return v.type == VALUE_NULL ? (double)NAN : v.real;
}

struct slice
query_text(struct query *q, enum query_column c)
{
	return slice_at(q, c, VALUE_TEXT);
}

struct slice
query_blob(struct query *q, enum query_column c)
{
	return slice_at(q, c, VALUE_BLOB);
}

bool
query_keep(struct query *q, enum query_column c, struct arena *arena,
    struct slice *to)
{
	*to = query_text(q, c);
	return to->p == NULL || (to->p = arena_str(arena, *to)) != NULL;
}

bool
query_keep_all(struct query *q, const struct kept_text *texts, size_t n,
    struct arena *arena)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!query_keep(q, texts[i].column, arena, texts[i].to))
			return false;
	return true;
}

enum status
batch_add(struct batch *b, const struct value *row, struct error *err)
{
	const struct value **p;
	size_t cap;

	if (b->n == b->cap) {
		cap = b->cap == 0 ? 64 : b->cap * 2;
		if ((p = realloc(b->row, cap * sizeof(*p))) == NULL)
			return error_nomem(err);
		b->row = p;
		b->cap = cap;
	}
	b->row[b->n++] = row;
	return STATUS_OK;
}

void
batch_release(struct batch *b)
{
	free(b->row);
	*b = (struct batch)BATCH_INIT;
}

enum status
batch_run(const struct batch *b, struct store *s, enum query_id id,
    size_t *loaded, struct error *err)
{
	enum status st = STATUS_OK;
	size_t n = 0;

	assert(s->engine->queries[id].values > 0);
	if (b->n > 0)
		st = s->engine->load(s, id, b, &n, err);
	if (loaded != NULL)
		*loaded = n;
	return st;
}
