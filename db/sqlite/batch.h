/*
 * The table "batch" of a connection: rows in memory, for "INSERT ... SELECT v1, v2
 * FROM batch" (struct batch in db/query.h).  Inserting many rows by one statement
 * costs SQLite half as much as one statement a row.
 */
#ifndef DB_SQLITE_BATCH_H
#define DB_SQLITE_BATCH_H

#include <sqlite3.h>

#include "db/query.h"

#define BATCH_COLUMNS	32	/* v1 .. v32 */

/* Makes the table known; it shows the batch that *shown then points to. */
enum status	batch_install(sqlite3 *, const struct batch **shown,
		    struct error *) MUST_CHECK;

enum status	sqlite_load(struct store *, enum query_id, const struct batch *,
		    size_t *loaded, struct error *) MUST_CHECK;

#endif
