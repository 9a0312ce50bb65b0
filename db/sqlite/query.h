/* The inside of a query, for db/sqlite/query.c and db/sqlite/where.c. */
#ifndef DB_SQLITE_QUERY_H
#define DB_SQLITE_QUERY_H

#include "db/query.h"
#include "db/sql.h"
#include "db/sqlite/handle.h"

struct query {
	struct store	*store;
	const struct sql_text *sql;
	sqlite3_stmt	*st;
	int64_t		 budget_ns;	/* what a condition may still take; or -1 */
	int64_t		 stop_ns;	/* while stepping: when it has to end */
	bool		 stopped;	/* it took longer */
};

/* Frees every statement that the store has kept. */
void		store_forget_queries(struct store *);

#endif
