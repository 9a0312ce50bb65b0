/* Transactions: the lock, -wal and its checkpoints. */
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

enum status	sqlite_begin(struct store *, enum transaction, enum durability,
		    struct error *) MUST_CHECK;
enum status	sqlite_commit(struct store *, bool next, struct error *)
		    MUST_CHECK;
void		sqlite_rollback(struct store *);
bool		sqlite_yields(const struct store *);
bool		sqlite_waited_for(const struct store *);
void		sqlite_rest(struct store *);
enum status	sqlite_in_place(struct store *, struct error *) MUST_CHECK;
enum status	sqlite_room(struct store *, struct error *) MUST_CHECK;
enum status	sqlite_serve(struct store *, struct error *) MUST_CHECK;
enum status	sqlite_settle(struct store *, struct error *) MUST_CHECK;
void		sqlite_settle_left(struct store *);

#endif
