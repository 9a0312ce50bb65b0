#include "queue/ingest/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "queue/file.h"
#include "queue/ingest/input_stream.h"

static enum status
failed(const struct ingest_out *o, struct error *err)
{
	return error_set(err, STATUS_IO, "%s: %s", o->path, strerror(errno));
}

static bool
same_file(const struct stat *a, const char *path)
{
	struct stat b;

	return (strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &b) :
	    stat(path, &b)) == 0 && a->st_dev == b.st_dev &&
	    a->st_ino == b.st_ino;
}

static enum status
check_store(const struct ingest_out *o, const struct stat *sb,
    const char *store, struct error *err)
{
	static const char *const suffix[] = { "", "-wal", "-shm", "-lock" };
	struct buf name = BUF_INIT;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < sizeof(suffix) / sizeof(suffix[0]) && st == STATUS_OK;
	    i++) {
		buf_clear(&name);
		buf_puts(&name, store);
		buf_puts(&name, suffix[i]);
		if ((st = buf_check(&name, err)) == STATUS_OK &&
		    same_file(sb, buf_str(&name)))
			st = error_set(err, STATUS_INVALID, "%s: is the store; "
			    "write to another file", o->path);
	}
	buf_release(&name);
	return st;
}

static enum status
check_inputs(const struct ingest_out *o, const struct stat *sb,
    const struct ingest_options *io, struct error *err)
{
	struct input_list l;
	enum status st;
	bool read;
	size_t i;

	if ((st = input_list_make(&l, io->paths, io->npaths, err)) != STATUS_OK)
		return st;
	read = io->inputs_path != NULL && same_file(sb, io->inputs_path);
	for (i = 0; i < l.n && !read; i++)
		read = same_file(sb, l.path[i]);
	input_list_release(&l);
	return !read ? STATUS_OK : error_set(err, STATUS_INVALID, "%s: is read "
	    "by the same run; write to another file", o->path);
}

/* Only a regular file is emptied: a pipe or a terminal may well be both. */
static enum status
make_empty(const struct ingest_out *o, int fd, const struct ingest_options *io,
    const char *store, struct error *err)
{
	struct stat sb;
	enum status st;

	if (fstat(fd, &sb) != 0)
		return failed(o, err);
	if (!S_ISREG(sb.st_mode))
		return STATUS_OK;
	if ((st = check_store(o, &sb, store, err)) != STATUS_OK ||
	    (st = check_inputs(o, &sb, io, err)) != STATUS_OK)
		return st;
	return ftruncate(fd, 0) == 0 ? STATUS_OK : failed(o, err);
}

enum status
ingest_out_open(struct ingest_out *o, const char *path,
    const struct ingest_options *io, const char *store, struct error *err)
{
	bool out = path != NULL && strcmp(path, "-") == 0;
	enum status st;
	int fd;

	memset(o, 0, sizeof(*o));
	if ((o->path = path) == NULL)
		return STATUS_OK;
	if (!out && (st = file_open_own(path, &fd, err)) != STATUS_OK)
		return st;
	if (out && (fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)) == -1)
		return failed(o, err);
	if (!out && (st = make_empty(o, fd, io, store, err)) != STATUS_OK) {
		(void)close(fd);
		return st;
	}
	if ((o->f = fdopen(fd, "w")) == NULL) {
		st = failed(o, err);
		(void)close(fd);
		return st;
	}
	return STATUS_OK;
}

enum status
ingest_out_tell(struct ingest_out *o, struct error *err)
{
	enum status st;

	if (o->f == NULL || (st = buf_check(&o->pending, err)) != STATUS_OK)
		return o->f == NULL ? STATUS_OK : err->code;
	if (o->pending.n > 0 && fwrite(o->pending.p, 1, o->pending.n, o->f) !=
	    o->pending.n)
		return failed(o, err);
	buf_clear(&o->pending);
	return STATUS_OK;
}

enum status
ingest_out_flush(struct ingest_out *o, struct error *err)
{
	return o->f != NULL && (ferror(o->f) || fflush(o->f) != 0) ?
	    failed(o, err) : STATUS_OK;
}

enum status
ingest_out_close(struct ingest_out *o, struct error *err)
{
	enum status st = ingest_out_flush(o, err);

	if (o->f != NULL && fclose(o->f) != 0 && st == STATUS_OK)
		st = failed(o, err);
	o->f = NULL;
	buf_release(&o->pending);
	return st;
}
