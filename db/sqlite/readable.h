/* How a store is opened by who may read it and not write beside it. */
#ifndef DB_SQLITE_READABLE_H
#define DB_SQLITE_READABLE_H

#include "core/base/buf.h"

/*
 * SQLite reads a store in WAL mode by way of -wal and -shm, which it would have to
 * make.  Where it cannot, and there is no -wal, the file holds all and nobody has it
 * open: *immutable, and uri is to be opened with SQLITE_OPEN_URI.  STATUS_IO where
 * there is a -wal that cannot be read so, with what to do.  The -journal of a write
 * that was broken off (the first to a copy that is not in WAL mode yet) is taken back
 * if `take`, where the caller may write; the open says so where not.
 */
enum status	readable_look(const char *path, bool take, bool *immutable,
		    struct buf *uri, struct error *) MUST_CHECK;

#endif
