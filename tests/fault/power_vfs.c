/*
 * Preloaded: a VFS between SQLite and the system's own that records each write, cut
 * and sync of a store into the file POWER_RECORD; and what else is synced, named or
 * removed in the folder POWER_FOLDER: keys, exports, copies.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "next.h"
#include "power.h"

#define FILES	16

static int out = -1;
static const char *folder;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* SQLite's files that are open: the methods below, and the names they have. */
static struct opened {
	sqlite3_file			*file;
	const sqlite3_io_methods	*below;
	sqlite3_io_methods		 ours;
	char				 name[POWER_NAME];
} opened[FILES];
static sqlite3_vfs *below, ours;

static const char *
last_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/* Within the folder; what is named from where the program stands is. */
static bool
within(const char *path)
{
	size_t n = strlen(folder == NULL ? "" : folder);

	return path[0] != '/' || (n > 0 && strncmp(path, folder, n) == 0 &&
	    (path[n] == '/' || path[n] == '\0'));
}

static void
record(enum power_op op, const char *name, int64_t offset, const void *p, size_t n)
{
	struct power_record r;
	struct iovec v[3];
	ssize_t done;

	if (out == -1)
		return;
	memset(&r, 0, sizeof(r));
	r.op = (uint8_t)op;
	r.name_n = (uint16_t)strlen(name);
	r.n = (uint32_t)n;
	r.offset = offset;
	v[0] = (struct iovec){ &r, sizeof(r) };
	v[1] = (struct iovec){ (void *)name, r.name_n };
	v[2] = (struct iovec){ (void *)p, n };
	(void)pthread_mutex_lock(&lock);
	done = writev(out, v, 3);
	(void)pthread_mutex_unlock(&lock);
	if (done != (ssize_t)(sizeof(r) + r.name_n + n))
		abort();
}

static struct opened *
of_file(sqlite3_file *file)
{
	size_t i;

	for (i = 0; i < FILES; i++)
		if (opened[i].file == file)
			return &opened[i];
	abort();
}

static int
vfs_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	record(POWER_WRITE, of_file(f)->name, at, p, (size_t)n);
	return of_file(f)->below->xWrite(f, p, n, at);
}

static int
vfs_cut(sqlite3_file *f, sqlite3_int64 n)
{
	record(POWER_CUT, of_file(f)->name, n, NULL, 0);
	return of_file(f)->below->xTruncate(f, n);
}

static int
vfs_close(sqlite3_file *f)
{
	struct opened *o = of_file(f);
	int rc = o->below->xClose(f);

	(void)pthread_mutex_lock(&lock);
	o->file = NULL;
	(void)pthread_mutex_unlock(&lock);
	return rc;
}

static int
vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *f, int flags, int *got)
{
	bool made = path != NULL && (flags & SQLITE_OPEN_CREATE) != 0 &&
	    access(path, F_OK) != 0;
	struct opened *o = NULL;
	size_t i;
	int rc;

	(void)vfs;
	if ((rc = below->xOpen(below, path, f, flags, got)) != SQLITE_OK ||
	    path == NULL || (flags & SQLITE_OPEN_DELETEONCLOSE) != 0)
		return rc;
	(void)pthread_mutex_lock(&lock);
	for (i = 0; i < FILES && o == NULL; i++)
		if (opened[i].file == NULL)
			o = &opened[i];
	if (o == NULL)
		abort();
	o->file = f;
	(void)pthread_mutex_unlock(&lock);
	(void)snprintf(o->name, sizeof(o->name), "%s", last_of(path));
	o->below = f->pMethods;
	o->ours = *f->pMethods;
	o->ours.xWrite = vfs_write;
	o->ours.xTruncate = vfs_cut;
	o->ours.xClose = vfs_close;
	f->pMethods = &o->ours;
	if (made)
		record(POWER_MADE, o->name, 0, NULL, 0);
	return rc;
}

/* A file that SQLite does not write is on the disk as it is when it is synced. */
static void
record_whole(int fd, const char *name)
{
	struct stat sb;
	char *p;

	if (fstat(fd, &sb) != 0 || (p = malloc((size_t)sb.st_size + 1)) == NULL)
		return;
	if (pread(fd, p, (size_t)sb.st_size, 0) == sb.st_size)
		record(POWER_WHOLE, name, 0, p, (size_t)sb.st_size);
	else
		record(POWER_SYNC, name, 0, NULL, 0);
	free(p);
}

static void
record_sync(int fd)
{
	char link[64], path[4096];
	struct stat sb;
	ssize_t n;
	size_t i;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (out == -1 || (n = readlink(link, path, sizeof(path) - 1)) <= 0 ||
	    fstat(fd, &sb) != 0)
		return;
	path[n] = '\0';
	if (!within(path))
		return;
	for (i = 0; i < FILES; i++)
		if (opened[i].file != NULL &&
		    strcmp(opened[i].name, last_of(path)) == 0)
			break;
	if (S_ISDIR(sb.st_mode))
		record(POWER_FOLDER, "", 0, NULL, 0);
	else if (i < FILES || strstr(path, ".db.part-") != NULL)
		record(POWER_SYNC, last_of(path), 0, NULL, 0);
	else
		record_whole(fd, last_of(path));
}

int
fsync(int fd)
{
	int rc = NEXT(fsync)(fd);

	if (rc == 0)
		record_sync(fd);
	return rc;
}

int
fdatasync(int fd)
{
	int rc = NEXT(fdatasync)(fd);

	if (rc == 0)
		record_sync(fd);
	return rc;
}

int
unlink(const char *path)
{
	int rc = NEXT(unlink)(path);

	if (rc == 0 && within(path))
		record(POWER_GONE, last_of(path), 0, NULL, 0);
	return rc;
}

static int
renamed(int rc, const char *from, const char *to)
{
	if (rc == 0 && within(to))
		record(POWER_RENAMED, last_of(from), 0, last_of(to),
		    strlen(last_of(to)));
	return rc;
}

int
rename(const char *from, const char *to)
{
	return renamed(NEXT(rename)(from, to), from, to);
}

int
renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
	return renamed(NEXT(renameat2)(a, from, b, to, flags), from, to);
}

__attribute__((constructor)) static void
begin(void)
{
	const char *path = getenv("POWER_RECORD");

	if (path == NULL || (below = sqlite3_vfs_find(NULL)) == NULL)
		return;
	folder = getenv("POWER_FOLDER");
	out = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	ours = *below;
	ours.zName = "power";
	ours.xOpen = vfs_open;
	if (out == -1 || sqlite3_vfs_register(&ours, 1) != SQLITE_OK)
		abort();
}
