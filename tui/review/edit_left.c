#include "tui/review/edit_left.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/utf8.h"
#include "queue/file.h"
#include "tui/review/edit.h"

#define LEFT_PATH	900

static bool
is_own(const char *name)
{
	return strcmp(name, edit_file(false)) == 0 ||
	    strcmp(name, edit_file(true)) == 0;
}

void
edit_left_own(const char *folder, struct buf *out)
{
	struct error ignored = { STATUS_OK, "" };
	char path[LEFT_PATH];
	int json;

	for (json = 0; json < 2; json++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder,
		    edit_file(json != 0));
		buf_clear(out);
		error_clear(&ignored);
		if (file_read(path, out, &ignored) == STATUS_OK)
			return;
	}
	buf_clear(out);
}

/* A regular file that holds anything; *ms: when it was written. */
static bool
is_file(const char *path, int64_t *ms)
{
	struct stat sb;

	if (lstat(path, &sb) != 0 || !S_ISREG(sb.st_mode) || sb.st_size == 0)
		return false;
	*ms = (int64_t)sb.st_mtim.tv_sec * 1000 + sb.st_mtim.tv_nsec / 1000000;
	return true;
}

bool
edit_left_is(const char *folder, const char *name, struct slice own)
{
	struct error ignored = { STATUS_OK, "" };
	struct buf text = BUF_INIT;
	size_t n = strlen(name);
	char path[LEFT_PATH];
	int64_t ms;
	bool same;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (is_own(name) || name[n - 1] == '~' || !is_file(path, &ms))
		return false;
	same = file_read(path, &text, &ignored) == STATUS_OK &&
	    slice_eq(buf_slice(&text), own);
	buf_release(&text);
	return !same;
}

static bool
is_text(const char *folder, const char *name, int64_t *ms)
{
	struct error ignored = { STATUS_OK, "" };
	struct buf text = BUF_INIT;
	char path[LEFT_PATH];
	bool is;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	is = is_file(path, ms) && file_read(path, &text, &ignored) == STATUS_OK &&
	    utf8_valid(buf_str(&text), text.n) == text.n &&
	    memchr(buf_str(&text), '\0', text.n) == NULL;
	buf_release(&text);
	return is;
}

/* How many there are; the newest that is text, or "". */
static size_t
left_look(const char *folder, char name[EDIT_LEFT], int64_t *ms)
{
	struct buf own = BUF_INIT;
	struct dirent *e;
	size_t n = 0;
	int64_t at;
	DIR *dir;

	name[0] = '\0';
	*ms = -1;
	if ((dir = opendir(folder)) == NULL)
		return 0;
	edit_left_own(folder, &own);
	while ((e = readdir(dir)) != NULL) {
		if (!edit_left_is(folder, e->d_name, buf_slice(&own)))
			continue;
		n++;
		if (!is_text(folder, e->d_name, &at) || at < *ms)
			continue;
		*ms = at;
		(void)snprintf(name, EDIT_LEFT, "%s", e->d_name);
	}
	(void)closedir(dir);
	buf_release(&own);
	return n;
}

bool
edit_left_any(const char *folder)
{
	char name[EDIT_LEFT];
	int64_t ms;

	return left_look(folder, name, &ms) > 0;
}

/* When the edit's file was written; -1: there is none. */
static int64_t
own_ms(const char *folder)
{
	char path[LEFT_PATH];
	int64_t ms, newest = -1;
	int json;

	for (json = 0; json < 2; json++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder,
		    edit_file(json != 0));
		if (is_file(path, &ms) && ms > newest)
			newest = ms;
	}
	return newest;
}

bool
edit_left_text(const char *folder, char name[EDIT_LEFT], int64_t *ms)
{
	return left_look(folder, name, ms) > 0 && name[0] != '\0' &&
	    *ms >= own_ms(folder);
}

/* By way of a third name, so that no end of the program between loses either. */
static enum status
names_swap(const char *own, const char *left, struct error *err)
{
	char aside[LEFT_PATH + 8];
	int fd;

	(void)snprintf(aside, sizeof(aside), "%s.XXXXXX", own);
	if ((fd = mkstemp(aside)) < 0)
		return error_set(err, STATUS_IO, "%s: %s", aside, strerror(errno));
	(void)close(fd);
	if (rename(own, aside) != 0) {
		(void)error_set(err, STATUS_IO, "%s: %s", own, strerror(errno));
		(void)unlink(aside);
		return err->code;
	}
	if (rename(left, own) != 0) {
		(void)error_set(err, STATUS_IO, "%s: %s", left, strerror(errno));
		(void)rename(aside, own);
		return err->code;
	}
	if (rename(aside, left) != 0)
		return error_set(err, STATUS_IO, "%s: %s", aside, strerror(errno));
	return STATUS_OK;
}

enum status
edit_left_take(const char *folder, const char *name, bool json,
    struct slice before, bool *swapped, struct error *err)
{
	char from[LEFT_PATH], to[LEFT_PATH];
	struct buf own = BUF_INIT;

	(void)snprintf(from, sizeof(from), "%s/%s", folder, name);
	(void)snprintf(to, sizeof(to), "%s/%s", folder, edit_file(json));
	edit_left_own(folder, &own);
	*swapped = access(to, F_OK) == 0 && !slice_eq(buf_slice(&own), before);
	buf_release(&own);
	if (*swapped)
		return names_swap(to, from, err);
	if (rename(from, to) != 0)
		return error_set(err, STATUS_IO, "%s: %s", from, strerror(errno));
	return STATUS_OK;
}
