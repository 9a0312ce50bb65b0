#include "queue/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

static enum status
refuse(struct error *err, enum status st, const char *from, const char *why)
{
	return error_set(err, st, "%s: %s", from, why);
}

/* The first line of the file. */
static enum status
file_read(const char *path, char *to, size_t size, size_t *n, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	ssize_t got;
	char *end;

	if (fd == -1)
		return refuse(err, errno == ENOENT ? STATUS_NOT_FOUND :
		    STATUS_IO, path, strerror(errno));
	if (fstat(fd, &st) != 0 || (got = read(fd, to, size)) == -1) {
		(void)refuse(err, STATUS_IO, path, strerror(errno));
		(void)close(fd);
		return err->code;
	}
	(void)close(fd);
	if ((st.st_mode & 077) != 0)
		return refuse(err, STATUS_INVALID, path,
		    "others may read it: chmod 600");
	*n = (size_t)got;
	if (*n > 0 && (end = memchr(to, '\n', *n)) != NULL)
		*n = (size_t)(end - to);
	if (*n > 0 && to[*n - 1] == '\r')
		--*n;
	return STATUS_OK;
}

enum status
secret_read(const struct secret_place *p, struct buf *out, struct error *err)
{
	const char *from = p->env != NULL ? p->env : p->file, *v;
	char file[SECRET_MOST + 2], why[64];
	struct slice got = { file, 0 };
	enum status st = STATUS_OK;
	size_t i;

	if (p->env == NULL)
		st = file_read(p->file, file, sizeof(file), &got.n, err);
	else if ((v = getenv(from)) == NULL)
		st = refuse(err, STATUS_INVALID, from,
		    "the variable is not set");
	else
		got = slice_of(v);
	(void)snprintf(why, sizeof(why), "a token has %zu to %d bytes", p->least,
	    SECRET_MOST);
	if (st == STATUS_OK && (got.n < p->least || got.n > SECRET_MOST))
		st = refuse(err, STATUS_INVALID, from, why);
	for (i = 0; st == STATUS_OK && i < got.n; i++)
		if (got.p[i] <= ' ' || got.p[i] > '~')
			st = refuse(err, STATUS_INVALID, from, "a token is "
			    "made of visible ASCII characters");
	if (st == STATUS_OK) {
		buf_add_slice(out, got);
		st = buf_check(out, err);
	}
	OPENSSL_cleanse(file, sizeof(file));
	return st;
}

void
secret_release(struct buf *b)
{
	if (b->p != NULL)
		OPENSSL_cleanse(b->p, b->cap);
	buf_release(b);
}
