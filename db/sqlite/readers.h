/* Who reads a store, as SQLite's own locks in its -shm tell. */
#ifndef DB_SQLITE_READERS_H
#define DB_SQLITE_READERS_H

#include "core/base/buf.h"

/*
 * Appends "12, 34": the processes that have a read transaction open; 0 is one that
 * is not to be seen from here.  Not while this process has the store open: its
 * locks would be lost.
 */
void	readers_list(const char *path, struct buf *);

#endif
