/* Transactions: what db/sqlite needs besides db/store.h. */
#ifndef DB_SQLITE_TRANSACTION_H
#define DB_SQLITE_TRANSACTION_H

#include "db/store.h"

/* Writes what -wal holds into the file, when nobody else has the store: a copy of
 * the file alone is whole then.  Waits for nobody. */
void		store_fold(struct store *);

#endif
