#include "tui/review/edit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/item/item.h"
#include "queue/file.h"
#include "tui/review/draft.h"
#include "tui/review/edit_left.h"
#include "core/base/utf8.h"
#include "tui/screen/tty.h"

#define EDIT_PATH	600

const char *
edit_file(bool json)
{
	return json ? "output.json" : "output.txt";
}

enum status
edit_begin(const char *key, char *folder, size_t n, bool json,
    struct slice text, struct error *err)
{
	char path[EDIT_PATH];
	enum status st = STATUS_OK;
	ssize_t got;
	int fd;

	if (draft_folder(key, folder, n, err) != STATUS_OK)
		return err->code;
	(void)snprintf(path, sizeof(path), "%s/%s", folder, edit_file(json));
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set(err, STATUS_IO, "%s: %s", path,
		    strerror(errno));
	while (text.n > 0) {
		got = write(fd, text.p, text.n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			st = error_set(err, STATUS_IO, "%s: %s", path,
			    strerror(errno));
			break;
		}
		text.p += got;
		text.n -= (size_t)got;
	}
	if (close(fd) != 0 && st == STATUS_OK)
		st = error_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
	if (st != STATUS_OK)
		(void)edit_remove(folder);
	return st;
}

static struct slice
edit_trim(struct slice before, struct slice after)
{
	bool had = before.n > 0 && before.p[before.n - 1] == '\n';

	if (!had && after.n > 0 && after.p[after.n - 1] == '\n')
		after.n--;
	return after;
}

static enum status
edit_read(const char *path, struct slice before, struct buf *out,
    struct error *err)
{
	struct buf file = BUF_INIT;
	struct slice text;
	enum status st;
	size_t bad;

	st = file_read(path, &file, err);
	text = edit_trim(before, (struct slice){ buf_str(&file), file.n });
	if (st != STATUS_OK)
		goto out;
	if (text.n > ITEM_RECORD_MAX) {
		st = error_set(err, STATUS_LIMIT, "%s: over 8 MiB", path);
		goto out;
	}
	bad = utf8_valid(text.p, text.n);
	if (bad < text.n || memchr(text.p, '\0', text.n) != NULL) {
		st = error_set(err, STATUS_INVALID,
		    "%s: not UTF-8 text at byte %zu", path, bad);
		goto out;
	}
	buf_clear(out);
	buf_add_slice(out, text);
	st = buf_check(out, err);
out:
	buf_release(&file);
	return st;
}

enum status
edit_run(const char *folder, bool json, struct slice before, struct buf *out,
    struct error *err)
{
	const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR");
	char path[EDIT_PATH];
	char *argv[6], *run = "vi \"$@\"";
	enum status st;
	int code = 0;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, edit_file(json));
	if (visual != NULL && visual[0] != '\0')
		run = "$VISUAL \"$@\"";
	else if (editor != NULL && editor[0] != '\0')
		run = "$EDITOR \"$@\"";
	argv[0] = "sh";
	argv[1] = "-c";
	argv[2] = run;
	argv[3] = "sh";
	argv[4] = path;
	argv[5] = NULL;
	st = tty_run(argv, NULL, SLICE_NONE, &code, err);
	if (st != STATUS_OK)
		return st;
	if (code == 127)	/* the shell's word for a command not found */
		return error_set(err, STATUS_INVALID, "there is no editor %s: "
		    "set VISUAL or EDITOR", run[0] != '$' ? "vi" :
		    run[1] == 'V' ? visual : editor);
	if (code != 0)
		return error_set(err, STATUS_INVALID,
		    "the editor ended with %d", code);
	return edit_read(path, before, out, err);
}

bool
edit_untouched(const char *folder, bool json, struct slice text)
{
	struct error ignored = { STATUS_OK, "" };
	struct buf file = BUF_INIT;
	char path[EDIT_PATH];
	enum status st;
	bool same;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, edit_file(json));
	st = file_read(path, &file, &ignored);
	/* An editor may take the file away, and leave nothing. */
	same = st == STATUS_NOT_FOUND || (st == STATUS_OK &&
	    slice_eq((struct slice){ buf_str(&file), file.n }, text));
	buf_release(&file);
	return same && !edit_left_any(folder);
}

bool
edit_remove(const char *folder)
{
	char path[EDIT_PATH + 256];
	struct buf own = BUF_INIT;
	struct dirent *e;
	bool all = true;
	DIR *dir;

	dir = opendir(folder);
	if (dir == NULL)
		return true;
	edit_left_own(folder, &own);
	while ((e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (edit_left_is(folder, e->d_name, buf_slice(&own))) {
			all = false;
			continue;
		}
		(void)snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		(void)unlink(path);
	}
	(void)closedir(dir);
	buf_release(&own);
	if (all)
		(void)rmdir(folder);
	return all;
}
