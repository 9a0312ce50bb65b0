/* Transactions: what db/sqlite needs besides db/store.h. */
#ifndef DB_SQLITE_TRANSACTION_H
#define DB_SQLITE_TRANSACTION_H

#include "db/store.h"

/*
 * Pages of -wal from which on a large ingest waits for whoever reads an older
 * state, since as long as they do -wal cannot begin anew.
 */
#define WAL_MOST	65536	/* 1 GiB */

/* Writes what -wal holds into the file, when nobody else has the store: a copy of
 * the file alone is whole then.  Waits for nobody. */
void		store_fold(struct store *);

#endif
