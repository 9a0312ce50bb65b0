/* The texts that db/sql.awk makes of db/queries.sql and db/migrations. */
#ifndef DB_SQL_H
#define DB_SQL_H

#include "queries.h"

struct sql_text {
	const char	*name, *text;
	const char	*columns;	/* of "-- columns:", with blanks; or NULL */
	uint32_t	 parameters;	/* that it has: bit 0 is ?1 */
	unsigned	 takes, gives;	/* groups of its constants */
	unsigned	 values;	/* in each row of its batch; 0: takes none */
};
extern const struct sql_text sql_queries[];	/* QUERY_COUNT of them */
extern const struct sql_text sql_migrations[];	/* in order; ends with a null */

/* What is in a store after the last of them, in no order; ends with a null. */
struct sql_object {
	const char	*type, *name;	/* as in sqlite_schema */
};
extern const struct sql_object sql_objects[];

#endif
