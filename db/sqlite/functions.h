/* The SQL functions of the store's own statements. */
#ifndef DB_SQLITE_FUNCTIONS_H
#define DB_SQLITE_FUNCTIONS_H

#include <sqlite3.h>

#include "core/base/error.h"

enum status	functions_install(sqlite3 *, struct error *) MUST_CHECK;

#endif
