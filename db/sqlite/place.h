/*
 * Where a store's files lie: folder, permissions, group, file system.
 */
#ifndef DB_SQLITE_PLACE_H
#define DB_SQLITE_PLACE_H

#include <sys/stat.h>

#include "core/base/buf.h"

/* The folder: "a/b/store.db" -> "a/b", "store.db" -> "."; out is cleared first. */
void		place_dir(const char *path, struct buf *out);
/* Modes of a store's file; -wal, -shm and -lock get the same. */
#define PLACE_MODE		0600
#define PLACE_MODE_SHARED	0660

/* Makes the folders that are missing above the file, 0700. */
enum status	place_make_dir(const char *path, struct error *) MUST_CHECK;
/*
 * The folder of a shared store: made 2770 with the group, or, where it is
 * there, STATUS_INVALID telling how to make it so.
 */
enum status	place_share_dir(const char *path, const char *group, gid_t *,
		    struct error *) MUST_CHECK;
/* STATUS_IO where the path lies on a network file system, with its name. */
enum status	place_local(const char *path, struct error *) MUST_CHECK;
/* Bytes that a file without a name is written with: STATUS_IO where its disk takes no
 * more.  A file system that knows no such files is asked nothing. */
#define PLACE_ROOM	((size_t)64 << 10)
enum status	place_room(const char *path, struct error *) MUST_CHECK;
/* An empty file with exactly these rights; STATUS_CONFLICT if it is there. */
enum status	place_make_file(const char *path, mode_t, gid_t, struct error *)
		    MUST_CHECK;
/* fsync of the folder that a new or renamed file is in. */
enum status	place_sync_dir(const char *path, struct error *) MUST_CHECK;

#endif
