/* The inside of a query, for db/sqlite/query.c and db/sqlite/where.c. */
#ifndef DB_SQLITE_STATEMENT_H
#define DB_SQLITE_STATEMENT_H

#include "db/sqlite/handle.h"
#include "db/query.h"

struct query {
	struct store	*store;
	sqlite3_stmt	*st;
	const char	*name;
	int64_t		 budget_ns;	/* what a condition may still take; or -1 */
	int64_t		 stop_ns;	/* while stepping: when it has to end */
	bool		 stopped;	/* it took longer */
};

/* A statement's text with the condition (NULL: none) put where it belongs. */
struct sql_text;
enum status	statement_text(const struct sql_text *, const char *where,
		    struct buf *, struct error *) MUST_CHECK;

#endif
