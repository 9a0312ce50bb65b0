/* Transactions: what db/sqlite needs besides db/store.h. */
#ifndef DB_SQLITE_TRANSACTION_H
#define DB_SQLITE_TRANSACTION_H

#include "db/store.h"

/* Empties -wal if it can; for when nobody else has the store open. */
void		store_settle_last(struct store *);

#endif
