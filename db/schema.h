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
/*
 * Do indexes say what their tables do?  Lists read the index alone.  STATUS_CORRUPT, with
 * the first that does not, or is damaged otherwise; one of more than 64 MiB is not looked
 * through.
 */
enum status	schema_indexes(struct store *, struct error *) MUST_CHECK;
/*
 * May be written to?  STATUS_CORRUPT, with what is the matter and what to do: a trigger
 * is planted, or a trigger or index is missing or other than a migration makes it, or a
 * table is missing.  Asked at every open, so it is quick, and leaves what else a table
 * may have become to schema_check().
 */
enum status	schema_sound(struct store *, struct error *) MUST_CHECK;
/* Drops triggers that are not ours, makes triggers and indexes that are missing anew; in
 * the caller's transaction.  What is foreign otherwise is kept. */
enum status	schema_repair(struct store *, struct error *) MUST_CHECK;

#endif
