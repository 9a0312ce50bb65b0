#include "db/sqlite/query.h"

#include <assert.h>
#include <time.h>

#include "db/sqlite/handle.h"
#include "db/sqlite/where.h"

/* Steps of SQLite's machine between two looks at the clock. */
#define PROGRESS_STEPS	2000
/* Bytes of a value while a condition is asked: twice a record, and more. */
#define CONDITION_LENGTH	(20 << 20)

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
	struct lite_query *q = arg;

	if (now_ns() < q->stop_ns)
		return 0;
	q->stopped = true;
	return 1;
}

/* Steps within what is left of the condition's time, which functions of our own
 * look at as well. */
static int
step_limited(struct lite_query *q)
{
	struct lite *s = lite(q->query.store);
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
sqlite_step(struct query *query, bool *row, struct error *err)
{
	struct lite_query *q = lite_query(query);
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
		    sqlite3_errmsg(lite(query->store)->db));
	else
		(void)store_failed(query->store, rc, STATEMENT_DOING, err);
	(void)sqlite3_reset(q->st);
	return err->code;
}

void
sqlite_reset(struct query *q, bool forget_values)
{
	(void)sqlite3_reset(lite_query(q)->st);
	if (forget_values)
		(void)sqlite3_clear_bindings(lite_query(q)->st);
}

void
sqlite_finish(struct query *q)
{
	(void)sqlite3_finalize(lite_query(q)->st);
}

/* One bound while the statement runs is a mistake of ours; nothing else can go
 * wrong with values that are only pointed at. */
static void
bound(int rc)
{
	assert(rc != SQLITE_RANGE && rc != SQLITE_MISUSE);
	(void)rc;
}

void
sqlite_bind(struct query *q, int i, struct value v)
{
	sqlite3_stmt *st = lite_query(q)->st;

	switch (v.type) {
	case VALUE_NULL:
		bound(sqlite3_bind_null(st, i));
		break;
	case VALUE_INT:
		bound(sqlite3_bind_int64(st, i, v.number));
		break;
	case VALUE_REAL:
		bound(sqlite3_bind_double(st, i, v.real));
		break;
	case VALUE_TEXT:
		bound(sqlite3_bind_text64(st, i, v.bytes, v.n, SQLITE_STATIC,
		    SQLITE_UTF8));
		break;
	case VALUE_BLOB:
		bound(sqlite3_bind_blob64(st, i, v.bytes, v.n, SQLITE_STATIC));
		break;
	}
}

bool
sqlite_is_null(struct query *q, int i)
{
	return sqlite3_column_type(lite_query(q)->st, i) == SQLITE_NULL;
}

/* SQLite gives no pointer for NULL, for a blob of no bytes, and without memory:
 * then the value must not be written as absent. */
static struct value
no_bytes(struct query *q, int i, enum value_type type)
{
	if (sqlite_is_null(q, i))
		return value_null();
	if (type == VALUE_BLOB &&
	    sqlite3_column_bytes(lite_query(q)->st, i) == 0)
		return value_blob(SLICE(""));
	q->store->lacked = true;
	memory_lacked();
	return value_null();
}

/* Whether it is NULL is asked only where it may be. */
struct value
sqlite_column(struct query *q, int i, enum value_type type)
{
	sqlite3_stmt *st = lite_query(q)->st;
	struct value v = { .type = type };

	switch (type) {
	case VALUE_INT:
		v.number = sqlite3_column_int64(st, i);
		return v.number != 0 || !sqlite_is_null(q, i) ? v :
		    value_null();
	case VALUE_REAL:
		v.real = sqlite3_column_double(st, i);
		return v.real != 0 || !sqlite_is_null(q, i) ? v : value_null();
	case VALUE_TEXT:
		v.bytes = (const char *)sqlite3_column_text(st, i);
		break;
	case VALUE_BLOB:
		v.bytes = sqlite3_column_blob(st, i);
		break;
	case VALUE_NULL:
		return v;
	}
	if (v.bytes == NULL)
		return no_bytes(q, i, type);
	v.n = (uint32_t)sqlite3_column_bytes(st, i);
	return v;
}
