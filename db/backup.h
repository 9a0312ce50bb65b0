/* A copy of the store while it is in use, and the way back. */
#ifndef DB_BACKUP_H
#define DB_BACKUP_H

#include "db/store.h"

/* What is done once a copy is whole on disk and before it has its name; where it
 * fails there is no copy. */
typedef enum status backup_fn(void *arg, const char *part, struct error *);

/*
 * Copies one state of the store, while others may write to it, to a new file
 * (0600) that appears whole or not at all.  STATUS_CONFLICT where the file is
 * there.  The copy holds everything the store does, its key included.  sign may
 * be NULL; the part it is given is not for it to change.
 */
enum status	store_backup(struct store *, const char *path, backup_fn *sign,
		    void *arg, struct error *) MUST_CHECK;
/*
 * Makes a new store of a backup, which is checked first; the log continues
 * where the backup ended.  STATUS_CONFLICT where a store is there already:
 * move it away first, nothing is overwritten.  sign opens the part as a store,
 * says in its log what becomes of it, and closes it.
 */
enum status	store_restore(const char *backup, const char *path,
		    backup_fn *sign, void *arg, struct error *) MUST_CHECK;

#endif
