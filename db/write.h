/* One change of the store: a function run inside a transaction that writes. */
#ifndef DB_WRITE_H
#define DB_WRITE_H

#include "db/store.h"

/* It may be run again from its beginning, after a rollback: what it keeps
 * outside the store it sets anew. */
typedef enum status store_fn(void *arg, struct error *);

/*
 * Runs it between begin and commit; what it returns but STATUS_OK rolls back and
 * is returned.  On STATUS_AGAIN, by which an engine says that others were first,
 * it is run again, WRITE_TRIES times at most and within the store's wait, then
 * STATUS_BUSY.
 */
#define WRITE_TRIES	10
enum status	store_write(struct store *, enum durability, store_fn *,
		    void *arg, struct error *) MUST_CHECK;

#endif
