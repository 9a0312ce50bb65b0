/* A copy of the store while it is in use, and the way back. */
#ifndef DB_SQLITE_BACKUP_H
#define DB_SQLITE_BACKUP_H

#include "db/store.h"

/*
 * Copies one state of the store, while others may write to it, to a new file
 * (0600) that appears whole or not at all.  STATUS_CONFLICT where the file is
 * there.  The copy holds everything the store does, its key included.
 */
enum status	store_backup(struct store *, const char *path, struct error *)
		    MUST_CHECK;
/*
 * Makes a new store of a backup, which is checked first; the log continues where
 * the backup ended.  STATUS_CONFLICT where a store is there already:
 * move it away first, nothing is overwritten.
 */
enum status	store_restore(const char *backup, const char *path,
		    struct error *) MUST_CHECK;

#endif
