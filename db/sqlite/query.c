#include "db/sqlite/query.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "db/sqlite/where.h"

/* For messages: a statement's name says nothing to who reads them. */
#define DOING	"reading or writing"
/* Steps of SQLite's machine between two looks at the clock. */
#define PROGRESS_STEPS	2000
/* Bytes of a value while a condition is asked: twice a record, and more. */
#define CONDITION_LENGTH	(20 << 20)

static enum status
query_prepare(struct query **out, struct store *s, enum query_id id,
    struct error *err)
{
	struct buf text = BUF_INIT;
	struct query *q;
	enum status st;
	int rc;

	if ((st = statement_text(&sql_queries[id], NULL, &text, err)) !=
	    STATUS_OK || (q = calloc(1, sizeof(*q))) == NULL) {
		buf_release(&text);
		return st != STATUS_OK ? st : error_nomem(err);
	}
	q->store = s;
	q->sql = &sql_queries[id];
	q->budget_ns = -1;
	rc = sqlite3_prepare_v3(s->db, buf_str(&text), -1,
	    SQLITE_PREPARE_PERSISTENT, &q->st, NULL);
	buf_release(&text);
	if (rc != SQLITE_OK) {
		(void)store_failed(s, rc, DOING, err);
		query_free(q);
		return err->code;
	}
	*out = q;
	return STATUS_OK;
}

enum status
query_get(struct query **out, struct store *s, enum query_id id,
    struct error *err)
{
	struct query *q = s->kept[id];
	enum status st;

	if (q == NULL) {
		st = query_prepare(&s->kept[id], s, id, err);
		*out = s->kept[id];
		return st;
	}
	(void)sqlite3_reset(q->st);
	(void)sqlite3_clear_bindings(q->st);
	*out = q;
	return STATUS_OK;
}

void
query_free(struct query *q)
{
	if (q == NULL)
		return;
	(void)sqlite3_finalize(q->st);
	free(q);
}

void
store_forget_queries(struct store *s)
{
	size_t i;

	for (i = 0; i < QUERY_COUNT; i++) {
		query_free(s->kept[i]);
		s->kept[i] = NULL;
	}
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

/* So is one bound while the statement runs; nothing else can go wrong with values
 * that are only pointed at. */
static void
bound(int rc)
{
	assert(rc != SQLITE_RANGE && rc != SQLITE_MISUSE);
	(void)rc;
}

void
query_bind_int(struct query *q, enum query_parameter p, int64_t v)
{
	bound(sqlite3_bind_int64(q->st, parameter(q, p), v));
}

void
query_bind_double(struct query *q, enum query_parameter p, double v)
{
	if (isnan(v))
		bound(sqlite3_bind_null(q->st, parameter(q, p)));
	else
		bound(sqlite3_bind_double(q->st, parameter(q, p), v));
}

void
query_bind_text(struct query *q, enum query_parameter p, struct slice s)
{
	bound(sqlite3_bind_text64(q->st, parameter(q, p), s.p, s.n,
	    SQLITE_STATIC, SQLITE_UTF8));
}

void
query_bind_blob(struct query *q, enum query_parameter p, struct slice s)
{
	bound(sqlite3_bind_blob64(q->st, parameter(q, p), s.p, s.n,
	    SQLITE_STATIC));
}

static int64_t
now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int
took_too_long(void *arg)
{
	struct query *q = arg;

	if (now_ns() < q->stop_ns)
		return 0;
	q->stopped = true;
	return 1;
}

/* Steps within what is left of the condition's time, which functions of our own
 * look at as well. */
static int
step_limited(struct query *q)
{
	struct store *s = q->store;
	int64_t begun = now_ns();
	int rc, length;

	q->stop_ns = begun + q->budget_ns;
	expr_budget_begin(&s->budget, q->budget_ns + 1, true);
	length = sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, CONDITION_LENGTH);
	sqlite3_progress_handler(s->db, PROGRESS_STEPS, took_too_long, q);
	rc = sqlite3_step(q->st);
	sqlite3_progress_handler(s->db, 0, NULL, NULL);
	(void)sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, length);
	q->stopped |= s->budget.over;
	expr_budget_begin(&s->budget, 0, false);
	q->budget_ns -= now_ns() - begun;
	if (q->budget_ns < 0)
		q->budget_ns = 0;
	return rc;
}

enum status
query_step(struct query *q, bool *row, struct error *err)
{
	int rc = q->budget_ns < 0 ? sqlite3_step(q->st) : step_limited(q);

	*row = rc == SQLITE_ROW;
	if (rc == SQLITE_ROW || rc == SQLITE_DONE)
		return STATUS_OK;
	if (q->stopped)
		(void)error_set(err, STATUS_LIMIT, "the condition took too "
		    "long: make it simpler, or narrow the rest");
	else if (q->budget_ns >= 0 && ((rc & 0xff) == SQLITE_ERROR ||
	    (rc & 0xff) == SQLITE_TOOBIG))
		(void)error_set(err, STATUS_INVALID, "condition: %s",
		    sqlite3_errmsg(q->store->db));
	else
		(void)store_failed(q->store, rc, DOING, err);
	(void)sqlite3_reset(q->st);
	return err->code;
}

enum status
query_run(struct query *q, struct error *err)
{
	enum status st;
	bool row = true;

	while ((st = query_step(q, &row, err)) == STATUS_OK && row)
		;
	(void)sqlite3_reset(q->st);
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
		(void)sqlite3_reset(q->st);
}

bool
query_null(struct query *q, enum query_column c)
{
	return sqlite3_column_type(q->st, column(q, c)) == SQLITE_NULL;
}

int64_t
query_int(struct query *q, enum query_column c)
{
	return sqlite3_column_int64(q->st, column(q, c));
}

int64_t
query_int_or(struct query *q, enum query_column c, int64_t null)
{
	return query_null(q, c) ? null : query_int(q, c);
}

double
query_double(struct query *q, enum query_column c)
{
	return query_null(q, c) ? (double)NAN :
	    sqlite3_column_double(q->st, column(q, c));
}

/* SQLite gave no pointer to what is there: it looks absent to who asked, and must
 * not be written so. */
static void
query_lacked(struct query *q)
{
	q->store->lacked = true;
	memory_lacked();
}

struct slice
query_text(struct query *q, enum query_column c)
{
	int i = column(q, c);
	struct slice s;

	if (sqlite3_column_type(q->st, i) == SQLITE_NULL)
		return SLICE_NONE;
	s.p = (const char *)sqlite3_column_text(q->st, i);
	s.n = s.p == NULL ? 0 : (size_t)sqlite3_column_bytes(q->st, i);
	if (s.p == NULL)
		query_lacked(q);
	return s;
}

struct slice
query_blob(struct query *q, enum query_column c)
{
	int i = column(q, c);
	struct slice s;

	if (sqlite3_column_type(q->st, i) == SQLITE_NULL)
		return SLICE_NONE;
	s.p = sqlite3_column_blob(q->st, i);
	s.n = (size_t)sqlite3_column_bytes(q->st, i);
	/* SQLite gives no pointer for a value of no bytes. */
	if (s.p == NULL && s.n == 0)
		s.p = "";
	if (s.p == NULL)
		query_lacked(q);
	return s;
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

int64_t
query_changes(struct store *s)
{
	return sqlite3_changes64(s->db);
}
