/* The SQL functions of the store's own statements. */
#ifndef DB_SQLITE_FUNCTIONS_H
#define DB_SQLITE_FUNCTIONS_H

#include <sqlite3.h>

#include "core/base/error.h"
#include "core/expr/budget.h"

/* The budget, which outlives the connection, is of the condition being asked. */
enum status	functions_install(sqlite3 *, struct expr_budget *,
		    struct error *) MUST_CHECK;

#endif
