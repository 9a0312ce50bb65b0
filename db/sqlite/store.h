/* Opening and closing the file. */
#ifndef DB_SQLITE_STORE_H
#define DB_SQLITE_STORE_H

#include "db/store.h"

enum status	sqlite_open(struct store *, const struct store_options *,
		    bool *created, struct error *) MUST_CHECK;
/* Goes on with a copy of the file, brought up to date, that is the handle's alone. */
enum status	sqlite_copy(struct store *, struct error *) MUST_CHECK;
void		sqlite_close(struct store *);
void		sqlite_wait_changed(struct store *);

#endif
