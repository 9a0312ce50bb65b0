#include "db/part.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "db/sqlite/handle.h"
#include "db/sqlite/migrate.h"
#include "db/sqlite/place.h"

#define MARK	".part-"

/* What SQLite and the lock keep beside a file. */
static const char *const beside[] = { "-wal", "-shm", "-lock", "-journal" };
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

char *
part_name(const char *path)
{
	char suffix[32];

	(void)snprintf(suffix, sizeof(suffix), MARK "%ld", (long)getpid());
	return store_beside(path, suffix);
}

void
part_unname(struct error *err)
{
	char mark[32], *at;
	size_t n;

	(void)snprintf(mark, sizeof(mark), MARK "%ld", (long)getpid());
	n = strlen(mark);
	while ((at = strstr(err->text, mark)) != NULL)
		memmove(at, at + n, strlen(at + n) + 1);
}

void
part_settled(const char *part)
{
	char *name;
	size_t i;

	for (i = 0; i < COUNT(beside); i++) {
		if ((name = store_beside(part, beside[i])) != NULL)
			(void)unlink(name);
		free(name);
	}
}

void
part_drop(const char *part)
{
	part_settled(part);
	(void)unlink(part);
}

/* "x.part-123", with nothing behind the number. */
static bool
is_part(const char *name)
{
	const char *at = strstr(name, MARK), *next;

	while (at != NULL && (next = strstr(at + 1, MARK)) != NULL)
		at = next;
	if (at == NULL || at == name)
		return false;
	at += strlen(MARK);
	return *at != '\0' && at[strspn(at, "0123456789")] == '\0';
}

/* Empty, or a database with a store's mark: what else bears the name is somebody
 * else's. */
static bool
is_copy(int dir, const char *name, const struct stat *sb)
{
	uint8_t head[72];
	bool is = sb->st_size == 0;
	int fd;

	if (is || (fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW |
	    O_NONBLOCK)) == -1)
		return is;
	is = pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	    memcmp(head, "SQLite format 3", 16) == 0 &&
	    ((uint32_t)head[68] << 24 | (uint32_t)head[69] << 16 |
	    (uint32_t)head[70] << 8 | head[71]) == STORE_APPLICATION_ID;
	(void)close(fd);
	return is;
}

static bool
is_left(int dir, const char *name)
{
	struct stat sb;

	return is_part(name) &&
	    fstatat(dir, name, &sb, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(sb.st_mode) && sb.st_uid == geteuid() &&
	    time(NULL) - sb.st_mtime >= PART_AGE_S && is_copy(dir, name, &sb);
}

void
part_sweep(const char *path, bool sweep, part_fn *tell, void *arg)
{
	struct buf folder = BUF_INIT, part = BUF_INIT;
	struct dirent *e;
	DIR *dir = NULL;

	place_dir(path, &folder);
	if (folder.failed || (dir = opendir(folder.p)) == NULL)
		goto out;
	while ((e = readdir(dir)) != NULL) {
		if (!is_left(dirfd(dir), e->d_name))
			continue;
		buf_clear(&part);
		buf_printf(&part, "%s/%s", folder.p, e->d_name);
		if (part.failed)
			break;
		if (sweep)
			part_drop(part.p);
		if (tell != NULL)
			tell(arg, part.p);
	}
	(void)closedir(dir);
out:
	buf_release(&folder);
	buf_release(&part);
}
