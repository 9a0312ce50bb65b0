/*
 * Preloaded: allocation number NOMEM_AT fails, or with NOMEM_FROM it and all that
 * follow.  What the loader and the C library took before main() is not counted.
 * With NOMEM_COUNT the number of allocations goes to that file at the end.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

extern void	*__libc_malloc(size_t);
extern void	*__libc_calloc(size_t, size_t);
extern void	*__libc_realloc(void *, size_t);

static atomic_long made;
static long at = -1, from = -1;
static _Bool counting;

static _Bool
refused(void)
{
	long n;

	if (!counting)
		return 0;
	n = ++made;
	if (n != at && (from < 0 || n < from))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *
malloc(size_t n)
{
	return refused() ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return refused() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return refused() ? NULL : __libc_realloc(p, n);
}

static long
number(const char *name)
{
	const char *v = getenv(name);

	return v == NULL ? -1 : strtol(v, NULL, 10);
}

__attribute__((constructor)) static void
begin(void)
{
	at = number("NOMEM_AT");
	from = number("NOMEM_FROM");
	counting = 1;
}

__attribute__((destructor)) static void
end(void)
{
	const char *file = getenv("NOMEM_COUNT");
	char text[24];
	size_t i = sizeof(text);
	long n = made;
	int fd;

	counting = 0;
	if (file == NULL || (fd = open(file, O_WRONLY | O_CREAT | O_TRUNC,
	    0600)) == -1)
		return;
	text[--i] = '\n';
	do
		text[--i] = (char)('0' + n % 10);
	while ((n /= 10) > 0);
	(void)!write(fd, text + i, sizeof(text) - i);
	(void)close(fd);
}
