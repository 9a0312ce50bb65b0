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

/* As mkstemp names it; other files of one person lie in the folder too. */
static bool
is_draft(const char *name)
{
	size_t n = strlen(name);

	return name[0] != '.' && n > 7 && name[n - 7] == '.';
}

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
		left += is_draft(e->d_name);
	(void)closedir(dir);
	return left;
}

void
draft_key(char key[DRAFT_KEY], const char *store, struct slice queue,
    struct slice id)
{
	char *real = realpath(store, NULL);
	struct slice parts[3] = { slice_of(real != NULL ? real : store), queue,
	    id };
	uint64_t h = 0xcbf29ce484222325;	/* FNV-1a; it only tells apart */
	size_t i, j, n = 0;

	for (i = 0; i < 3; i++) {
		for (j = 0; j <= parts[i].n; j++) {
			h ^= j < parts[i].n ? (unsigned char)parts[i].p[j] : 0;
			h *= 0x100000001b3;
		}
	}
	for (i = 0; i < id.n && n < 40; i++) {
		if (strchr("/.", id.p[i]) == NULL && id.p[i] > ' ' &&
		    id.p[i] < 0x7f)
			key[n++] = id.p[i];
	}
	(void)snprintf(key + n, DRAFT_KEY - n, "-%08llx",
	    (unsigned long long)(h >> 32));
	free(real);
}

bool
draft_find(const char *key, char *path, size_t n, bool *edit, int64_t *ms)
{
	struct error ignored = { STATUS_OK, "" };
	char folder[400], one[700];
	size_t len = strlen(key);
	const char *at;
	struct dirent *e;
	struct stat sb;
	DIR *dir;

	*ms = -1;
	if (state_folder_name(folder, sizeof(folder), &ignored) != STATUS_OK ||
	    (dir = opendir(folder)) == NULL)
		return false;
	while ((e = readdir(dir)) != NULL) {
		at = strchr(e->d_name, '-');
		if (e->d_name[0] == '.' || at == NULL ||
		    strncmp(at + 1, key, len) != 0 || at[1 + len] != '.')
			continue;
		(void)snprintf(one, sizeof(one), "%s/%s", folder, e->d_name);
		if (lstat(one, &sb) != 0 || (int64_t)sb.st_mtime * 1000 <= *ms ||
		    !(S_ISDIR(sb.st_mode) || S_ISREG(sb.st_mode)))
			continue;
		*ms = (int64_t)sb.st_mtime * 1000;
		*edit = S_ISDIR(sb.st_mode);
		(void)snprintf(path, n, "%s", one);
	}
	(void)closedir(dir);
	return *ms >= 0;
}

enum status
draft_folder(const char *key, char *path, size_t n, struct error *err)
{
	const char *tmp = getenv("TMPDIR");
	struct error ignored = { STATUS_OK, "" };
	size_t at;

	if (state_folder(path, n, NULL, &ignored) == STATUS_OK &&
	    (at = strlen(path)) + DRAFT_KEY + 14 < n) {
		(void)snprintf(path + at, n - at, "/edit-%s.XXXXXX", key);
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
draft_save(const char *what, const char *key, struct slice text, char *path,
    size_t n, struct error *err)
{
	char folder[400];
	enum status st;
	int fd;

	st = state_folder(folder, sizeof(folder), NULL, err);
	if (st != STATUS_OK)
		return error_prefix(err, "draft");
	(void)snprintf(path, n, "%s/%s-%s.XXXXXX", folder, what, key);
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
