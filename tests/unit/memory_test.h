/*
 * An allocator that fails when it is told to, for one test program: each
 * allocation in turn.  A sanitizer has its own, so there nothing fails.
 */
#ifndef TESTS_MEMORY_TEST_H
#define TESTS_MEMORY_TEST_H

#include <stdbool.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED
#endif

/* How many more allocations are given; -1: all. */
static long left = -1;
static long live;

#ifndef SANITIZED
void	*__libc_malloc(size_t);
void	*__libc_calloc(size_t, size_t);
void	*__libc_realloc(void *, size_t);
void	*__libc_memalign(size_t, size_t);
void	 __libc_free(void *);

static bool
refused(void)
{
	if (left > 0)
		left--;
	else if (left == 0)
		return true;
	return false;
}

void *
malloc(size_t n)
{
	void *p = refused() ? NULL : __libc_malloc(n);

	live += p != NULL;
	return p;
}

void *
calloc(size_t n, size_t size)
{
	void *p = refused() ? NULL : __libc_calloc(n, size);

	live += p != NULL;
	return p;
}

void *
realloc(void *old, size_t n)
{
	void *p = refused() ? NULL : __libc_realloc(old, n);

	live += old == NULL && p != NULL;
	return p;
}

void *
aligned_alloc(size_t align, size_t n)
{
	void *p = refused() ? NULL : __libc_memalign(align, n);

	live += p != NULL;
	return p;
}

void
free(void *p)
{
	live -= p != NULL;
	__libc_free(p);
}
#endif

#endif
