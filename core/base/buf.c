#include "core/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
buf_init(struct buf *b)
{
	memset(b, 0, sizeof(*b));
}

void
buf_release(struct buf *b)
{
	free(b->p);
	buf_init(b);
}

void
buf_clear(struct buf *b)
{
	b->n = 0;
	b->failed = false;
	if (b->p != NULL)
		b->p[0] = '\0';
}

bool
buf_reserve(struct buf *b, size_t more)
{
	size_t want, cap;
	char *p;

	if (b->failed)
		return false;
	if (more < b->cap - b->n)	/* one byte stays for the NUL */
		return true;
	if (more > SIZE_MAX / 4 - b->n) {
		b->failed = true;
		return false;
	}
	want = b->n + more + 1;
	for (cap = b->cap < 64 ? 64 : b->cap; cap < want; cap += cap / 2)
		;
	if ((p = realloc(b->p, cap)) == NULL) {
		b->failed = true;
		return false;
	}
	b->p = p;
	b->cap = cap;
	return true;
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0 || !buf_reserve(b, n))
		return;
	memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void
buf_add_slice(struct buf *b, struct slice s)
{
	buf_add(b, s.p, s.n);
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

/* Mostly there is room, and once is enough. */
void
buf_printf(struct buf *b, const char *fmt, ...)
{
	size_t room;
	va_list ap;
	int n;

	if (!buf_reserve(b, 0))
		return;
	room = b->cap - b->n;
	va_start(ap, fmt);
	n = vsnprintf(b->p + b->n, room, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n >= room) {
		b->p[b->n] = '\0';
		if (!buf_reserve(b, (size_t)n))
			return;
		va_start(ap, fmt);
		n = vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	if (n < 0)
		b->failed = true;
	else
		b->n += (size_t)n;
}

const char *
buf_str(struct buf *b)
{
	return b->p == NULL ? "" : b->p;
}

struct slice
buf_slice(const struct buf *b)
{
	return (struct slice){ b->p == NULL ? "" : b->p, b->n };
}

enum status
buf_check(const struct buf *b, struct error *err)
{
	return b->failed ? error_nomem(err) : STATUS_OK;
}

struct arena_block {
	struct arena_block	*next;
	size_t			 size;
	/* The bytes follow, aligned to 16. */
};

#define ARENA_HEAD	((sizeof(struct arena_block) + 15) & ~(size_t)15)
#define ARENA_BLOCK	((size_t)64 * 1024)

void
arena_release(struct arena *a)
{
	struct arena_block *b, *next;

	for (b = a->first; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	memset(a, 0, sizeof(*a));
}

void
arena_reset(struct arena *a)
{
	a->current = a->first;
	a->used = 0;
}

/* Moves to a block with room for size bytes, making one where none follows. */
static struct arena_block *
arena_grow(struct arena *a, size_t size)
{
	struct arena_block *b, *after = a->current;

	if (after != NULL && (b = after->next) != NULL && b->size >= size) {
		a->current = b;
		a->used = 0;
		return b;
	}
	if (size < ARENA_BLOCK)
		size = ARENA_BLOCK;
	if ((b = malloc(ARENA_HEAD + size)) == NULL)
		return NULL;
	b->size = size;
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
