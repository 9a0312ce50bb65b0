#include "queue/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>


enum status
file_read(const char *path, struct buf *out, struct error *err)
{
	enum status st = STATUS_OK;
	ssize_t n = 1;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return error_set(err, errno == ENOENT ? STATUS_NOT_FOUND :
		    STATUS_IO, "%s: %s%s", path, strerror(errno),
		    strcmp(path, "-") == 0 ? "; name a file, standard input is "
		    "not read here (/dev/stdin is a name for it)" : "");
	while (n != 0 && st == STATUS_OK) {
		if (!buf_reserve(out, 65536)) {
			st = error_nomem(err);
			break;
		}
		n = read(fd, out->p + out->n, 65536);
		if (n == -1 && errno != EINTR)
			st = error_set(err, STATUS_IO, "%s: %s", path,
			    strerror(errno));
		if (n > 0)
			out->n += (size_t)n;
		if (out->n > FILE_READ_MAX)
			st = error_set(err, STATUS_LIMIT, "%s: over 64 MiB",
			    path);
	}
	(void)close(fd);
	if (st == STATUS_OK)
		buf_add(out, "", 0);
	return st;
}

static enum status
loader_load(void *arg, const char *path, struct buf *out, struct error *err)
{
	(void)arg;
	return file_read(path, out, err);
}

struct folder_walk {
	enum status	(*each)(void *, const char *, struct error *);
	void		*arg;
	const char	*root;
};

static int
not_hidden(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

#define WALK_DEPTH	16

static enum status	walk_dir(const struct folder_walk *, const char *relative,
			    int depth, struct error *);

static enum status
walk_entry(const struct folder_walk *w, const char *relative, const char *name,
    int depth, struct error *err)
{
	struct buf rel = BUF_INIT, full = BUF_INIT;
	enum status st;
	struct stat sb;

	buf_printf(&rel, "%s%s%s", relative, relative[0] == '\0' ? "" : "/",
	    name);
	buf_printf(&full, "%s/%s", w->root, buf_str(&rel));
	if ((st = buf_check(&rel, err)) != STATUS_OK ||
	    (st = buf_check(&full, err)) != STATUS_OK)
		goto done;
	if (stat(buf_str(&full), &sb) == -1)
		st = error_set(err, STATUS_IO, "%s: %s", buf_str(&full),
		    strerror(errno));
	else if (S_ISDIR(sb.st_mode))
		st = walk_dir(w, buf_str(&rel), depth + 1, err);
	else
		st = w->each(w->arg, buf_str(&rel), err);
done:
	buf_release(&rel);
	buf_release(&full);
	return st;
}

static enum status
walk_dir(const struct folder_walk *w, const char *relative, int depth,
    struct error *err)
{
	struct dirent **entry = NULL;
	struct buf path = BUF_INIT;
	enum status st = STATUS_OK;
	int i, n;

	if (depth > WALK_DEPTH)
		return error_set(err, STATUS_LIMIT, "%s: folders nested too "
		    "deeply", w->root);
	buf_printf(&path, "%s/%s", w->root, relative);
	if ((st = buf_check(&path, err)) != STATUS_OK)
		return st;
	if ((n = scandir(buf_str(&path), &entry, not_hidden, alphasort)) == -1)
		st = error_set(err, STATUS_IO, "%s: %s", buf_str(&path),
		    strerror(errno));
	for (i = 0; i < n; i++) {
		if (st == STATUS_OK)
			st = walk_entry(w, relative, entry[i]->d_name, depth,
			    err);
		free(entry[i]);
	}
	free(entry);
	buf_release(&path);
	return st;
}

static enum status
loader_list(void *arg, const char *dir,
    enum status (*each)(void *, const char *, struct error *), void *each_arg,
    struct error *err)
{
	struct folder_walk w = { each, each_arg, dir };

	(void)arg;
	return walk_dir(&w, "", 0, err);
}

const struct loader file_loader = { loader_load, loader_list, NULL };

/* The folder that holds the path: "." where it names none. */
static enum status
folder_of(const char *path, struct buf *b, struct error *err)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		buf_putc(b, '.');
	else
		buf_add(b, path, slash == path ? 1 : (size_t)(slash - path));
	return buf_check(b, err);
}

/* No export is worth the store that it was made from, or another. */
static bool
is_database(const char *path)
{
	static const char magic[16] = "SQLite format 3";
	char begins[sizeof(magic)];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool is;

	if (fd == -1)
		return false;
	is = read(fd, begins, sizeof(begins)) == (ssize_t)sizeof(begins) &&
	    memcmp(begins, magic, sizeof(magic)) == 0;
	(void)close(fd);
	return is;
}

static enum status
not_own(const char *path, const char *what, struct error *err)
{
	return error_set(err, STATUS_INVALID, "%s: %s: what it leads to might be "
	    "somebody else's; name another file", path, what);
}

/* What it may do with what has the name already; lb as lstat() has it. */
static enum status
file_is_own(const char *path, const struct stat *lb, struct error *err)
{
	if (S_ISLNK(lb->st_mode))
		return not_own(path, "a symbolic link", err);
	if (S_ISCHR(lb->st_mode) || S_ISDIR(lb->st_mode))
		return STATUS_OK;
	if (lb->st_uid != geteuid())
		return not_own(path, "belongs to another", err);
	return STATUS_OK;
}

/* The system's own links: /dev/stderr, /dev/fd/63, /proc/self/fd/1. */
static bool
is_system(const char *path)
{
	return strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0;
}

enum status
file_open_own(const char *path, int *fd, struct error *err)
{
	enum status st = STATUS_OK;
	struct stat sb;

	*fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY |
	    (is_system(path) ? 0 : O_NOFOLLOW), 0666);
	if (*fd == -1 && errno == ELOOP)
		return not_own(path, "a symbolic link", err);
	if (*fd == -1 || fstat(*fd, &sb) != 0)
		st = error_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
	else if (!is_system(path))
		st = file_is_own(path, &sb, err);
	if (st == STATUS_OK && S_ISREG(sb.st_mode) && sb.st_nlink > 1)
		st = not_own(path, "has another name (a hard link)", err);
	if (st != STATUS_OK && *fd != -1)
		(void)close(*fd);
	return st;
}

/* Renaming over a device or a pipe would put a file in its place. */
static enum status
out_file_fits(const char *path, struct error *err)
{
	struct stat sb;
	enum status st;

	if (path[0] == '\0')
		return error_set(err, STATUS_INVALID, "the name of the file to "
		    "write is empty");
	if (lstat(path, &sb) == -1)
		return STATUS_OK;
	/* Not what a link leads to is replaced, but the link: nor is that meant. */
	if ((st = file_is_own(path, &sb, err)) != STATUS_OK)
		return st;
	if (S_ISREG(sb.st_mode))
		return !is_database(path) ? STATUS_OK : error_set(err,
		    STATUS_INVALID, "%s: a database, such as a store is; write "
		    "to another file", path);
	if (S_ISDIR(sb.st_mode))
		return error_set(err, STATUS_INVALID, "%s: a folder; name a "
		    "file in it", path);
	return error_set(err, STATUS_INVALID, "%s: not a regular file, which "
	    "alone can appear whole; without a name it goes to standard output",
	    path);
}

/*
 * A file without a name, so that nothing stays of it whatever ends the program;
 * where the file system has no such files, one with a name of its own.
 */
static int
out_file_make(struct out_file *o, const char *folder, mode_t mode)
{
	int fd = -1;

	if (access("/proc/self/fd", X_OK) == 0)
		fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
	if (fd == -1 && (fd = mkostemp(o->temporary, O_CLOEXEC)) != -1)
		o->named = true;
	return fd;
}

enum status
out_file_open(struct out_file *o, const char *path, mode_t mode,
    struct error *err)
{
	struct buf folder = BUF_INIT, t = BUF_INIT;
	enum status st;
	int fd = -1;

	memset(o, 0, sizeof(*o));
	buf_printf(&t, "%s.XXXXXX", path);
	if ((st = out_file_fits(path, err)) != STATUS_OK ||
	    (st = folder_of(path, &folder, err)) != STATUS_OK ||
	    (st = buf_check(&t, err)) != STATUS_OK)
		goto out;
	o->temporary = t.p;
	t = (struct buf)BUF_INIT;
	if ((o->path = strdup(path)) == NULL)
		st = error_nomem(err);
	else if ((fd = out_file_make(o, buf_str(&folder), mode)) == -1 ||
	    fchmod(fd, mode) == -1 || (o->f = fdopen(fd, "w")) == NULL)
		st = error_set(err, STATUS_IO, "%s: cannot be made in %s: %s",
		    path, buf_str(&folder), strerror(errno));
out:
	if (st != STATUS_OK) {
		if (fd != -1)
			(void)close(fd);
		out_file_drop(o);
	}
	buf_release(&folder);
	buf_release(&t);
	return st;
}

static enum status
out_file_failed(const struct out_file *o, struct error *err)
{
	return error_set(err, STATUS_IO, "%s: %s; it was not written", o->path,
	    strerror(errno));
}

enum status
out_file_add(struct out_file *o, struct slice s, struct error *err)
{
	if (s.n > 0 && fwrite(s.p, 1, s.n, o->f) != s.n)
		return out_file_failed(o, err);
	return STATUS_OK;
}

enum status
out_file_sync(struct out_file *o, struct error *err)
{
	if (fflush(o->f) != 0 || fsync(fileno(o->f)) == -1)
		return out_file_failed(o, err);
	return STATUS_OK;
}

/* A new name is safe only once its folder is synced. */
static enum status
sync_folder(const char *path, struct error *err)
{
	struct buf folder = BUF_INIT;
	enum status st;
	int fd = -1;

	if ((st = folder_of(path, &folder, err)) != STATUS_OK)
		goto out;
	fd = open(buf_str(&folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* EACCES: a folder that can be written to and not be read; EINVAL: a
	 * file system that has no such thing. */
	if ((fd == -1 && errno != EACCES) ||
	    (fd != -1 && fsync(fd) != 0 && errno != EINVAL))
		st = error_set(err, STATUS_IO, "%s: written, but its folder %s "
		    "could not be synced: %s; a power cut may take it away",
		    path, buf_str(&folder), strerror(errno));
out:
	if (fd != -1)
		(void)close(fd);
	buf_release(&folder);
	return st;
}

/* Gives the file without a name one that nothing else has: its own where that
 * is free, which leaves nothing to rename, else the temporary one. */
static bool
out_file_link(struct out_file *o)
{
	char from[64];
	size_t n = strlen(o->temporary);
	unsigned try;

	(void)snprintf(from, sizeof(from), "/proc/self/fd/%d", fileno(o->f));
	if (linkat(AT_FDCWD, from, AT_FDCWD, o->path, AT_SYMLINK_FOLLOW) == 0)
		return true;
	for (try = 0; errno == EEXIST && try < 1000000; try++) {
		(void)snprintf(o->temporary + n - 6, 7, "%06u",
		    ((unsigned)getpid() + try) % 1000000);
		if (linkat(AT_FDCWD, from, AT_FDCWD, o->temporary,
		    AT_SYMLINK_FOLLOW) == 0) {
			o->named = true;
			return true;
		}
	}
	return false;
}

enum status
out_file_commit(struct out_file *o, struct error *err)
{
	enum status st = out_file_sync(o, err);

	if (st == STATUS_OK && ((!o->named && !out_file_link(o)) ||
	    (o->named && rename(o->temporary, o->path) == -1)))
		st = out_file_failed(o, err);
	if (st == STATUS_OK) {
		o->named = false;
		st = sync_folder(o->path, err);
	}
	out_file_drop(o);
	return st;
}

void
out_file_drop(struct out_file *o)
{
	if (o->f != NULL)
		(void)fclose(o->f);
	if (o->named)
		(void)unlink(o->temporary);
	free(o->temporary);
	free(o->path);
	memset(o, 0, sizeof(*o));
}
