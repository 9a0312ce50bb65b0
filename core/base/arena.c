#include "core/base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct arena_block {
	struct arena_block	*next;
	size_t			 size;
	/* The bytes follow, aligned to 16. */
};

#define ARENA_HEAD	((sizeof(struct arena_block) + 15) & ~(size_t)15)
#define ARENA_FIRST	((size_t)4 * 1024 - ARENA_HEAD)	/* many hold little */
#define ARENA_BLOCK	((size_t)64 * 1024 - ARENA_HEAD)	/* each twice the last */
#define ARENA_KEPT	((size_t)32 * 1024)	/* of one that is trimmed */

static void
blocks_free(struct arena_block *b)
{
	struct arena_block *next;

	for (; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
}

void
arena_release(struct arena *a)
{
	blocks_free(a->first);
	memset(a, 0, sizeof(*a));
}

void
arena_trim(struct arena *a)
{
	struct arena_block **at = &a->first;
	size_t kept = 0;

	while (*at != NULL && kept + (*at)->size <= ARENA_KEPT) {
		kept += (*at)->size;
		at = &(*at)->next;
	}
	blocks_free(*at);
	*at = NULL;
	arena_reset(a);
}

void
arena_reset(struct arena *a)
{
	a->current = a->first;
	a->used = 0;
}

/* An arena holds somebody's text: its pages, which are its own, stay out of core
 * dumps, also of those that a handler gets whatever RLIMIT_CORE says. */
static struct arena_block *
block_new(size_t size)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct arena_block *b;

	size = (ARENA_HEAD + size + page - 1) & ~(page - 1);
	if ((b = aligned_alloc(page, size)) == NULL)
		return NULL;
	/* What a fuzzer's heap holds back would be more mappings than a process may have. */
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
	(void)madvise(b, size, MADV_DONTDUMP);
#endif
	b->size = size - ARENA_HEAD;
	return b;
}

/* Moves to a block with room for size bytes, making one where none follows. */
static struct arena_block *
arena_grow(struct arena *a, size_t size)
{
	struct arena_block *b, *after = a->current;
	size_t least;

	if (after != NULL && (b = after->next) != NULL && b->size >= size) {
		a->current = b;
		a->used = 0;
		return b;
	}
	least = after == NULL ? ARENA_FIRST : after->size >= ARENA_BLOCK / 2 ?
	    ARENA_BLOCK : after->size * 2;
	if ((b = block_new(size < least ? least : size)) == NULL)
		return NULL;
	b->next = after == NULL ? NULL : after->next;
	if (after == NULL)
		a->first = b;
	else
		after->next = b;
	a->current = b;
	a->used = 0;
	return b;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	struct arena_block *b = a->current;
	char *p;

	if (n > SIZE_MAX / 2)
		return NULL;
	n = (n + 15) & ~(size_t)15;
	if (b == NULL || b->size - a->used < n) {
		if ((b = arena_grow(a, n)) == NULL)
			return NULL;
	}
	p = (char *)b + ARENA_HEAD + a->used;
	a->used += n;
	return p;
}

void *
arena_zalloc(struct arena *a, size_t n)
{
	void *p = arena_alloc(a, n);

	if (p != NULL)
		memset(p, 0, n);
	return p;
}

void *
arena_copy(struct arena *a, const void *src, size_t n)
{
	void *p = arena_alloc(a, n == 0 ? 1 : n);

	if (p != NULL && n > 0)
		memcpy(p, src, n);
	return p;
}

char *
arena_str(struct arena *a, struct slice s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (p == NULL)
		return NULL;
	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

bool
arena_holds(const struct arena *a, const void *p)
{
	const struct arena_block *b;
	uintptr_t at = (uintptr_t)p, from;

	if (p == NULL)
		return true;
	for (b = a->current == NULL ? NULL : a->first; b != NULL; b = b->next) {
		from = (uintptr_t)b + ARENA_HEAD;
		if (b == a->current)
			return at >= from && at <= from + a->used;
		if (at >= from && at < from + b->size)
			return true;
	}
	return false;
}

struct slice
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *p;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || (p = arena_alloc(a, (size_t)n + 1)) == NULL)
		return SLICE_NONE;
	va_start(ap, fmt);
	(void)vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return (struct slice){ p, (size_t)n };
}
