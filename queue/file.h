/* Files by name: read whole, written whole or not at all. */
#ifndef QUEUE_FILE_H
#define QUEUE_FILE_H

#include <stdio.h>
#include <sys/types.h>

#include "core/policy/loader.h"

#define FILE_READ_MAX	((size_t)64 << 20)

/* STATUS_NOT_FOUND, STATUS_IO, STATUS_LIMIT (over 64 MiB), naming the path. */
enum status	file_read(const char *path, struct buf *, struct error *)
		    MUST_CHECK;
/* The file system as a policy's loader. */
extern const struct loader file_loader;

/*
 * A file to write into, made where it is not there, and not emptied: the caller
 * may have reasons not to.  Where others may put names, one of them could lead
 * elsewhere: STATUS_INVALID for a symbolic link (other than the system's own, of
 * /dev and /proc), a second name, and what belongs to another.
 */
enum status	file_open_own(const char *path, int *fd, struct error *)
		    MUST_CHECK;

/*
 * A file that appears under its name only when it is whole.  Until then it has
 * no name at all where the file system can do that, so that nothing stays of it
 * even after a kill.  Write through out_file_add(); mode is that of the new file.
 */
struct out_file {
	FILE	*f;
	char	*path, *temporary;
	bool	 named;		/* the temporary name exists */
};
/* STATUS_INVALID where the path names what is no regular file of the caller's
 * own, or a database: another file can be made again. */
enum status	out_file_open(struct out_file *, const char *path, mode_t,
		    struct error *) MUST_CHECK;
enum status	out_file_add(struct out_file *, struct slice, struct error *)
		    MUST_CHECK;
/* On disk, still without its name: what can fail for lack of room has failed. */
enum status	out_file_sync(struct out_file *, struct error *) MUST_CHECK;
/* Syncs it and makes it appear; after an error nothing stays, but where its folder
 * alone cannot be synced. */
enum status	out_file_commit(struct out_file *, struct error *) MUST_CHECK;
/* Discards it; harmless after a commit. */
void		out_file_drop(struct out_file *);

#endif
