/* A new file's tables, and an older store's missing migrations. */
#ifndef DB_SQLITE_MIGRATE_H
#define DB_SQLITE_MIGRATE_H

#include "db/store.h"

#define STORE_APPLICATION_ID	0x484e4452	/* "HNDR" */
#define STORE_PAGE_SIZE		16384
/* A store below this is looked through after any unclean end, and when its log is
 * verified, cheap as it is. */
#define SMALL_BYTES		((int64_t)64 << 20)
/* What a store has once every migration has run. */
int64_t		store_version_known(void);
enum status	store_migrate(struct store *, const struct store_options *,
		    bool *created, struct error *) MUST_CHECK;
/* The same of a copy that nobody else has open. */
enum status	store_migrate_copy(struct store *, struct error *) MUST_CHECK;

#endif
