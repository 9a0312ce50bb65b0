/* The inside of a query, for db/sqlite/query.c and db/sqlite/where.c. */
#ifndef DB_SQLITE_QUERY_H
#define DB_SQLITE_QUERY_H

#include <sqlite3.h>

#include "db/engine/engine.h"

struct lite_query {
	struct query	 query;
	sqlite3_stmt	*st;
	int64_t		 budget_ns;	/* what a condition may still take; or -1 */
	int64_t		 stop_ns;	/* while stepping: when it has to end */
	bool		 stopped;	/* it took longer */
};

static inline struct lite_query *
lite_query(struct query *q)
{
	return (struct lite_query *)(void *)q;
}

void		sqlite_bind(struct query *, int, struct value);
enum status	sqlite_step(struct query *, bool *row, struct error *) MUST_CHECK;
void		sqlite_reset(struct query *, bool forget_values);
struct value	sqlite_column(struct query *, int, enum value_type);
bool		sqlite_is_null(struct query *, int);
void		sqlite_finish(struct query *);

#endif
