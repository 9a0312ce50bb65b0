#include <stdlib.h>

#include "db/engine/engine.h"
#include "db/sqlite/batch.h"
#include "db/sqlite/handle.h"
#include "db/sqlite/query.h"
#include "db/sqlite/store.h"
#include "db/sqlite/transaction.h"
#include "db/sqlite/where.h"

/* Leases end within one boot of the one machine. */
static int64_t
boot_ms(const struct store *s)
{
	return clock_boot_ms(&s->clock);
}

static const char *
boot_id(const struct store *s)
{
	(void)s;
	return clock_boot_id();
}

static int64_t
data_version(struct store *s)
{
	struct error err = { 0 };
	struct query *q;
	int64_t v = -1;

	if (query_get(&q, s, QUERY_STORE_VERSION, &err) != STATUS_OK)
		return -1;
	if (query_row(q, &err) == STATUS_OK)
		v = query_int(q, STORE_VERSION_DATA_VERSION);
	query_done(q);
	return v;
}

static bool
own(struct store *s, int64_t number)
{
	return lock_own(&lite(s)->lock, number);
}

static bool
owned(struct store *s, int64_t number)
{
	struct lock look = LOCK_INIT;
	char *path;
	bool is;

	if (lite(s)->lock.fd != -1)
		return lock_owned(&lite(s)->lock, number);
	/* A handle that only reads has no lock. */
	if ((path = store_beside(s->path, "-lock")) == NULL)
		return false;
	lock_look(&look, path);
	is = lock_owned(&look, number);
	lock_close(&look);
	free(path);
	return is;
}

const struct engine engine_sqlite = {
	.scheme = "file",
	.store_size = sizeof(struct lite),
	.query_size = sizeof(struct lite_query),
	.queries = sql_queries,
	.open = sqlite_open,
	.close = sqlite_close,
	.wait_changed = sqlite_wait_changed,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.yields = sqlite_yields,
	.waited_for = sqlite_waited_for,
	.rest = sqlite_rest,
	.in_place = sqlite_in_place,
	.room = sqlite_room,
	.serve = sqlite_serve,
	.own = own,
	.owned = owned,
	.prepare = sqlite_prepare,
	.bind = sqlite_bind,
	.step = sqlite_step,
	.reset = sqlite_reset,
	.column = sqlite_column,
	.is_null = sqlite_is_null,
	.finish = sqlite_finish,
	.load = sqlite_load,
	.clock = boot_ms,
	.clock_from = boot_id,
	.version = data_version,
	.settle = sqlite_settle,
	.settle_left = sqlite_settle_left
};
