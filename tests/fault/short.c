/*
 * Preloaded: write number SHORT_FROM, and each that follows, takes only the first half
 * of its bytes; with SHORT_THEN only that one does, and those that follow fail by that
 * error: a disk that became full.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "next.h"

static atomic_long made;

static long
number(const char *name)
{
	const char *v = getenv(name);

	return v == NULL || *v == '\0' ? 0 : strtol(v, NULL, 10);
}

/* How many of n bytes a write takes; -1: it fails. */
static ssize_t
taken(int fd, size_t n)
{
	long from = number("SHORT_FROM"), then = number("SHORT_THEN"), at;
	struct stat sb;

	if (from == 0 || n < 2 || fstat(fd, &sb) != 0 || !S_ISREG(sb.st_mode) ||
	    (at = ++made) < from)
		return (ssize_t)n;
	if (at > from && then != 0) {
		errno = (int)then;
		return -1;
	}
	return (ssize_t)(n / 2);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	ssize_t k = taken(fd, n);

	return k == -1 ? -1 : NEXT(write)(fd, p, (size_t)k);
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	ssize_t k = taken(fd, n);

	return k == -1 ? -1 : NEXT(pwrite)(fd, p, (size_t)k, at);
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	ssize_t k = taken(fd, n);

	return k == -1 ? -1 : NEXT(pwrite64)(fd, p, (size_t)k, at);
}
