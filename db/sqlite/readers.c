#include "db/sqlite/readers.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/sqlite/handle.h"

/* Bytes of -shm that a reader holds one of (the WAL-index file format). */
#define READ_LOCK	123
#define READ_LOCKS	5

void
readers_list(const char *path, struct buf *out)
{
	char *shm = store_beside(path, "-shm");
	pid_t seen[READ_LOCKS];
	size_t n = 0, i, k;
	int fd;

	if (shm == NULL || (fd = open(shm, O_RDWR | O_CLOEXEC)) == -1) {
		free(shm);
		return;
	}
	for (i = 0; i < READ_LOCKS; i++) {
		struct flock f = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
		    .l_start = READ_LOCK + (off_t)i, .l_len = 1 };

		if (fcntl(fd, F_GETLK, &f) != 0 || f.l_type == F_UNLCK)
			continue;
		for (k = 0; k < n && seen[k] != f.l_pid; k++)
			;
		if (k < n)
			continue;
		seen[n++] = f.l_pid;
		buf_printf(out, "%s%ld", n == 1 ? "" : ", ", (long)f.l_pid);
	}
	(void)close(fd);
	free(shm);
}
