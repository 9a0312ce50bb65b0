/*
 * What stands in a store's sqlite_schema, beside what the migrations make: whoever may
 * write the file can plant a trigger that runs within our own transactions.
 */
#ifndef DB_SCHEMA_H
#define DB_SCHEMA_H

#include "db/store.h"

enum schema_fault {
	SCHEMA_FOREIGN,		/* a table, view or index that is nobody's: kept */
	SCHEMA_MISSING,		/* or other than it was made */
	SCHEMA_PLANTED		/* a trigger that is not ours, or no longer */
};
typedef void	schema_fn(void *, enum schema_fault, const char *type,
		    const char *name);

/* Tells of each difference; search's own tables and SQLite's are passed over. */
enum status	schema_check(struct store *, schema_fn *, void *, struct error *)
		    MUST_CHECK;
/* Does each trigger stand in a migration, word for word?  Quick, and asked at every open:
 * where it is false schema_check() says what is the matter. */
enum status	schema_triggers_known(struct store *, bool *, struct error *)
		    MUST_CHECK;
/* Drops triggers that are not ours, makes triggers and indexes that are missing anew; in
 * the caller's transaction.  What is foreign otherwise is kept. */
enum status	schema_repair(struct store *, struct error *) MUST_CHECK;

#endif
