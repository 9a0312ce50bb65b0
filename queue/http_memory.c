#include "queue/http_memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SIZE_FIRST	((size_t)32)	/* each next one twice as large */
#define SIZE_LAST	((size_t)16 * 1024 + 64)	/* what is read into, and its NUL */
#define DOUBLED		(HTTP_MEMORY_SIZES - 1)	/* sizes below the last */
#define NO_SIZE		UINT32_MAX	/* of a piece that is not kept */

/* A sanitizer is to see each piece go. */
#if defined(__SANITIZE_ADDRESS__)
#define KEPT		((size_t)0)
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KEPT		((size_t)0)
#endif
#endif
#ifndef KEPT
#define KEPT		((size_t)2 << 20)
#endif

/* The bytes follow, aligned as malloc() aligns, also where a pointer has 32 bits. */
struct http_piece {
	_Alignas(max_align_t) struct http_piece *next;
	size_t		 size;		/* its number, or NO_SIZE */
};

static _Thread_local struct http_memory *mine;

static inline size_t
size_bytes(size_t size)
{
	return size == DOUBLED ? SIZE_LAST : SIZE_FIRST << size;
}

/* The number of the least that has room. */
static inline size_t
size_of(size_t n)
{
	if (n > SIZE_FIRST << (DOUBLED - 1))
		return n <= SIZE_LAST ? DOUBLED : NO_SIZE;
	return n <= SIZE_FIRST ? 0 : (size_t)(59 - __builtin_clzll(n - 1));
}

static inline struct http_piece *
piece_of(void *p)
{
	return (struct http_piece *)p - 1;
}

void
http_memory_use(struct http_memory *m)
{
	mine = m;
}

void
http_memory_release(struct http_memory *m)
{
	struct http_piece *p;
	size_t i;

	for (i = 0; i < HTTP_MEMORY_SIZES; i++)
		while ((p = m->piece[i]) != NULL) {
			m->piece[i] = p->next;
			free(p);
		}
	m->bytes = 0;
}

void *
http_memory_alloc(size_t n)
{
	size_t size = size_of(n);
	struct http_piece *p;

	if (size != NO_SIZE) {
		n = size_bytes(size);
		if (mine != NULL && (p = mine->piece[size]) != NULL) {
			mine->piece[size] = p->next;
			mine->bytes -= n;
			return p + 1;
		}
	}
	if (n > SIZE_MAX - sizeof(*p) || (p = malloc(sizeof(*p) + n)) == NULL)
		return NULL;
	p->size = size;
	return p + 1;
}

void
http_memory_free(void *bytes)
{
	struct http_piece *p;
	size_t n;

	if (bytes == NULL)
		return;
	p = piece_of(bytes);
	if (mine == NULL || p->size == NO_SIZE ||
	    (n = size_bytes(p->size)) > KEPT - mine->bytes) {
		free(p);
		return;
	}
	p->next = mine->piece[p->size];
	mine->piece[p->size] = p;
	mine->bytes += n;
}

void *
http_memory_zalloc(size_t n, size_t size)
{
	size_t bytes;
	void *p;

	if (__builtin_mul_overflow(n, size, &bytes) ||
	    (p = http_memory_alloc(bytes)) == NULL)
		return NULL;
	return memset(p, 0, bytes);
}

void *
http_memory_resize(void *bytes, size_t n)
{
	struct http_piece *p;
	size_t had;
	void *more;

	if (bytes == NULL)
		return http_memory_alloc(n);
	p = piece_of(bytes);
	if (p->size == NO_SIZE) {
		if (n > SIZE_MAX - sizeof(*p) ||
		    (p = realloc(p, sizeof(*p) + n)) == NULL)
			return NULL;
		return p + 1;
	}
	if ((had = size_bytes(p->size)) >= n)
		return bytes;
	if ((more = http_memory_alloc(n)) == NULL)
		return NULL;
	memcpy(more, bytes, had);
	http_memory_free(bytes);
	return more;
}

char *
http_memory_string(const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = http_memory_alloc(n);

	return copy == NULL ? NULL : memcpy(copy, s, n);
}
