/*
 * Runs a set's statements over its row.
 */
#ifndef CORE_EXPR_RUN_H
#define CORE_EXPR_RUN_H

#include "core/expr/set.h"

/* Every condition, in one go or one by one; SQLITE_ROW, or SQLITE_NOMEM. */
int	run_all(struct expr_set *);
/* One by itself; false, with SQLite's code, where it failed. */
bool	run_one(struct expr_set *, const struct condition *, int *rc);

/* rule(x) and large(x), as the statements call them. */
void	run_rule(sqlite3_context *, int argc, sqlite3_value **argv);
void	run_large(sqlite3_context *, int argc, sqlite3_value **argv);

#endif
