#include "tui/review/draft.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "queue/state_folder.h"

size_t
draft_left(char *path, size_t n)
{
	struct error ignored = { STATUS_OK, "" };
	struct dirent *e;
	size_t left = 0;
	DIR *dir;

	if (state_folder_name(path, n, &ignored) != STATUS_OK ||
	    (dir = opendir(path)) == NULL)
		return 0;
	while ((e = readdir(dir)) != NULL)
		left += e->d_name[0] != '.';
	(void)closedir(dir);
	return left;
}

enum status
draft_folder(char *path, size_t n, struct error *err)
{
	const char *tmp = getenv("TMPDIR");
	struct error ignored = { STATUS_OK, "" };
	size_t at;

	if (state_folder(path, n, NULL, &ignored) == STATUS_OK &&
	    (at = strlen(path)) + 13 < n) {
		memcpy(path + at, "/edit.XXXXXX", 13);
		if (mkdtemp(path) != NULL)
			return STATUS_OK;
	}
	(void)snprintf(path, n, "%s/handrail.XXXXXX",
	    tmp != NULL && tmp[0] == '/' ? tmp : "/tmp");
	if (mkdtemp(path) == NULL)
		return error_set(err, STATUS_IO, "%s: %s", path,
		    strerror(errno));
	return STATUS_OK;
}

static enum status
all_written(int fd, struct slice text, const char *path, struct error *err)
{
	ssize_t got;

	while (text.n > 0) {
		got = write(fd, text.p, text.n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set(err, STATUS_IO, "%s: %s", path,
			    strerror(errno));
		text.p += got;
		text.n -= (size_t)got;
	}
	if (fsync(fd) != 0)
		return error_set(err, STATUS_IO, "%s: %s", path,
		    strerror(errno));
	return STATUS_OK;
}

enum status
draft_save(const char *what, int64_t item, struct slice text, char *path,
    size_t n, struct error *err)
{
	char folder[400];
	enum status st;
	int fd;

	st = state_folder(folder, sizeof(folder), NULL, err);
	if (st != STATUS_OK)
		return error_prefix(err, "draft");
	(void)snprintf(path, n, "%s/%s-%lld.XXXXXX", folder, what,
	    (long long)item);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return error_set(err, STATUS_IO, "%s: %s", path,
		    strerror(errno));
	st = all_written(fd, text, path, err);
	if (close(fd) != 0 && st == STATUS_OK)
		st = error_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
	if (st != STATUS_OK)
		(void)unlink(path);
	return st;
}
