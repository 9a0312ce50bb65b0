#include "queue/ingest/input_stream.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "core/base/buf.h"

#define PACKED_IN	((size_t)256 * 1024)	/* bytes read at once when packed */

enum packing { PACK_NONE, PACK_GZIP, PACK_ZSTD };

struct input_stream {
	char		*path;
	int		 fd;
	enum packing	 packing;
	uint64_t	 offset;
	bool		 eof;		/* of the file */
	bool		 open_frame;	/* packed: inside a member or frame */
	unsigned char	*in;		/* packed bytes (plain: those sniffed) */
	size_t		 in_at, in_n;
	z_stream	 gzip;
	ZSTD_DStream	*zstd;
};

static enum status
list_add(struct input_list *l, const char *path, struct error *err)
{
	char **p;
	size_t cap;

	if (l->n == l->cap) {
		cap = l->cap == 0 ? 16 : l->cap * 2;
		if ((p = realloc(l->path, cap * sizeof(*p))) == NULL)
			return error_nomem(err);
		l->path = p;
		l->cap = cap;
	}
	if ((l->path[l->n] = strdup(path)) == NULL)
		return error_nomem(err);
	l->n++;
	return STATUS_OK;
}

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && memcmp(s + n - m, end, m) == 0;
}

static int
record_file(const struct dirent *d)
{
	return ends_with(d->d_name, ".jsonl") ||
	    ends_with(d->d_name, ".json") ||
	    ends_with(d->d_name, ".ndjson") ||
	    ends_with(d->d_name, ".gz") || ends_with(d->d_name, ".zst");
}

static enum status	list_add_path(struct input_list *, const char *, bool,
			    struct error *);

static enum status
list_add_dir(struct input_list *l, const char *dir, struct error *err)
{
	struct dirent **entry = NULL;
	enum status st = STATUS_OK;
	struct buf path = BUF_INIT;
	int i, n;

	if ((n = scandir(dir, &entry, record_file, alphasort)) == -1)
		return error_set(err, STATUS_IO, "%s: %s", dir, strerror(errno));
	if (n == 0)
		st = error_set(err, STATUS_NOT_FOUND, "%s: no *.jsonl, "
		    "*.json, *.ndjson, *.gz or *.zst in this folder", dir);
	for (i = 0; i < n; i++) {
		if (st == STATUS_OK) {
			buf_clear(&path);
			buf_printf(&path, "%s/%s", dir, entry[i]->d_name);
			if ((st = buf_check(&path, err)) == STATUS_OK)
				st = list_add_path(l, buf_str(&path), false, err);
		}
		free(entry[i]);
	}
	free(entry);
	buf_release(&path);
	return st;
}

static enum status
list_add_path(struct input_list *l, const char *path, bool folders,
    struct error *err)
{
	struct stat sb;

	if (strcmp(path, "-") == 0)
		return list_add(l, path, err);
	if (stat(path, &sb) == -1)
		return error_set(err, errno == ENOENT ? STATUS_NOT_FOUND :
		    STATUS_IO, "%s: %s", path, strerror(errno));
	if (S_ISDIR(sb.st_mode)) {
		if (folders)
			return list_add_dir(l, path, err);
		return error_set(err, STATUS_INVALID, "%s: is a folder", path);
	}
	if (access(path, R_OK) == -1)
		return error_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
	if (S_ISREG(sb.st_mode))
		l->bytes += (uint64_t)sb.st_size;
	return list_add(l, path, err);
}

enum status
input_list_make(struct input_list *l, const char *const *paths, size_t n,
    struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	memset(l, 0, sizeof(*l));
	if (n == 0)
		st = list_add(l, "-", err);
	for (i = 0; i < n && st == STATUS_OK; i++)
		st = list_add_path(l, paths[i], true, err);
	if (st != STATUS_OK)
		input_list_release(l);
	return st;
}

void
input_list_release(struct input_list *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		free(l->path[i]);
	free(l->path);
	memset(l, 0, sizeof(*l));
}

/* Fills the packed side's buffer once it is empty. */
static enum status
input_stream_fill(struct input_stream *s, struct error *err)
{
	ssize_t n;

	if (s->in_at < s->in_n || s->eof)
		return STATUS_OK;
	do
		n = read(s->fd, s->in, PACKED_IN);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return error_set(err, STATUS_IO, "%s: %s", s->path,
		    strerror(errno));
	s->in_at = 0;
	s->in_n = (size_t)n;
	s->offset += (uint64_t)n;
	s->eof = n == 0;
	return STATUS_OK;
}

/* Tells a packed file by its first bytes; a short first read of a pipe is
 * taken as it is, so that a slow writer of plain lines is not waited for. */
static enum status
input_stream_sniff(struct input_stream *s, struct error *err)
{
	static const unsigned char gz[] = { 0x1f, 0x8b };
	static const unsigned char zst[] = { 0x28, 0xb5, 0x2f, 0xfd };
	enum status st;

	if ((st = input_stream_fill(s, err)) != STATUS_OK)
		return st;
	if (s->in_n >= sizeof(gz) && memcmp(s->in, gz, sizeof(gz)) == 0) {
		if (inflateInit2(&s->gzip, 15 + 16) != Z_OK)
			return error_nomem(err);
		s->packing = PACK_GZIP;
	} else if (s->in_n >= sizeof(zst) &&
	    memcmp(s->in, zst, sizeof(zst)) == 0) {
		if ((s->zstd = ZSTD_createDStream()) == NULL)
			return error_nomem(err);
		s->packing = PACK_ZSTD;
	}
	return STATUS_OK;
}

enum status
input_stream_open(struct input_stream **out, const char *path,
    struct error *err)
{
	struct input_stream *s;
	enum status st;

	*out = NULL;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return error_nomem(err);
	s->fd = -1;
	if ((s->path = strdup(strcmp(path, "-") == 0 ? "standard input" :
	    path)) == NULL || (s->in = malloc(PACKED_IN)) == NULL) {
		st = error_nomem(err);
		goto fail;
	}
	s->fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
	    : open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd == -1) {
		st = error_set(err, STATUS_IO, "%s: %s", s->path,
		    strerror(errno));
		goto fail;
	}
	if ((st = input_stream_sniff(s, err)) != STATUS_OK)
		goto fail;
	*out = s;
	return STATUS_OK;
fail:
	input_stream_close(s);
	return st;
}

void
input_stream_close(struct input_stream *s)
{
	if (s == NULL)
		return;
	if (s->packing == PACK_GZIP)
		(void)inflateEnd(&s->gzip);
	ZSTD_freeDStream(s->zstd);
	if (s->fd != -1)
		(void)close(s->fd);
	free(s->in);
	free(s->path);
	free(s);
}

static enum status
input_stream_cut_off(const struct input_stream *s, struct error *err)
{
	return error_set(err, STATUS_IO, "%s: the compressed file is cut off",
	    s->path);
}

static enum status
read_gzip(struct input_stream *s, unsigned char *out, size_t n, size_t *got,
    struct error *err)
{
	enum status st;
	int rc;

	while (*got == 0) {
		if ((st = input_stream_fill(s, err)) != STATUS_OK)
			return st;
		if (s->in_at == s->in_n)
			return s->open_frame ? input_stream_cut_off(s, err) :
			    STATUS_OK;
		s->open_frame = true;
		s->gzip.next_in = s->in + s->in_at;
		s->gzip.avail_in = (uInt)(s->in_n - s->in_at);
		s->gzip.next_out = out;
		s->gzip.avail_out = (uInt)n;
		rc = inflate(&s->gzip, Z_NO_FLUSH);
		s->in_at = s->in_n - s->gzip.avail_in;
		*got = n - s->gzip.avail_out;
		if (rc == Z_STREAM_END) {	/* another member may follow */
			s->open_frame = false;
			if (inflateReset(&s->gzip) != Z_OK)
				return error_nomem(err);
		} else if (rc != Z_OK && rc != Z_BUF_ERROR)
			return error_set(err, STATUS_IO, "%s: gzip: %s", s->path,
			    s->gzip.msg == NULL ? "damaged" : s->gzip.msg);
	}
	return STATUS_OK;
}

static enum status
read_zstd(struct input_stream *s, void *out, size_t n, size_t *got,
    struct error *err)
{
	ZSTD_inBuffer in;
	ZSTD_outBuffer to;
	enum status st;
	size_t rc;

	while (*got == 0) {
		if ((st = input_stream_fill(s, err)) != STATUS_OK)
			return st;
		if (s->in_at == s->in_n && !s->open_frame)
			return STATUS_OK;
		in = (ZSTD_inBuffer){ s->in, s->in_n, s->in_at };
		to = (ZSTD_outBuffer){ out, n, 0 };
		rc = ZSTD_decompressStream(s->zstd, &to, &in);
		if (ZSTD_isError(rc))
			return error_set(err, STATUS_IO, "%s: zstd: %s", s->path,
			    ZSTD_getErrorName(rc));
		if (s->eof && to.pos == 0 && rc != 0)
			return input_stream_cut_off(s, err);
		s->open_frame = rc != 0;
		s->in_at = in.pos;
		*got = to.pos;
	}
	return STATUS_OK;
}

static enum status
read_plain(struct input_stream *s, void *out, size_t n, size_t *got,
    struct error *err)
{
	ssize_t r;

	if (s->in_at < s->in_n) {		/* what was sniffed */
		*got = s->in_n - s->in_at < n ? s->in_n - s->in_at : n;
		memcpy(out, s->in + s->in_at, *got);
		s->in_at += *got;
		return STATUS_OK;
	}
	if (s->eof)
		return STATUS_OK;
	do
		r = read(s->fd, out, n);
	while (r == -1 && errno == EINTR);
	if (r == -1)
		return error_set(err, STATUS_IO, "%s: %s", s->path,
		    strerror(errno));
	*got = (size_t)r;
	s->offset += (uint64_t)r;
	s->eof = r == 0;
	return STATUS_OK;
}

enum status
input_stream_read(struct input_stream *s, void *out, size_t n, size_t *got,
    struct error *err)
{
	*got = 0;
	switch (s->packing) {
	case PACK_GZIP:
		return read_gzip(s, out, n > UINT32_MAX ? UINT32_MAX : n, got,
		    err);
	case PACK_ZSTD:
		return read_zstd(s, out, n, got, err);
	case PACK_NONE:
		break;
	}
	return read_plain(s, out, n, got, err);
}

bool
input_stream_ready(const struct input_stream *s, int timeout_ms)
{
	struct pollfd p = { s->fd, POLLIN, 0 };

	if (s->in_at < s->in_n || s->eof)
		return true;
	return poll(&p, 1, timeout_ms) > 0;
}

uint64_t
input_stream_offset(const struct input_stream *s)
{
	return s->offset;
}

int
input_stream_dup(const struct input_stream *s)
{
	struct stat sb;

	/* Standard input may have been read from before. */
	if (s->packing != PACK_NONE || fstat(s->fd, &sb) == -1 ||
	    !S_ISREG(sb.st_mode) ||
	    lseek(s->fd, 0, SEEK_CUR) != (off_t)s->offset)
		return -1;
	return fcntl(s->fd, F_DUPFD_CLOEXEC, 3);
}
