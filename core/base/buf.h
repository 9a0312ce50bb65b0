/*
 * Bytes: slices that point at them, buffers that grow.  None knows an encoding.
 */
#ifndef CORE_BASE_BUF_H
#define CORE_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/base/error.h"

/* Bytes that belong to someone else; p is NULL where the value is absent. */
struct slice {
	const char	*p;
	size_t		 n;
};

#define SLICE(lit)	((struct slice){ (lit), sizeof(lit) - 1 })
#define SLICE_NONE	((struct slice){ NULL, 0 })
/* For "%.*s"; never for text that a terminal sees (text.h does that). */
#define SLICE_ARG(s)	(int)(s).n, slice_bytes(s)

static inline const char *
slice_bytes(struct slice s)
{
	return s.p == NULL ? "" : s.p;
}

static inline struct slice
slice_of(const char *s)
{
	return (struct slice){ s, s == NULL ? 0 : strlen(s) };
}

static inline bool
slice_eq(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
slice_is(struct slice a, const char *s)
{
	return a.p != NULL && slice_eq(a, slice_of(s));
}

/* The first place of what, or NULL.  For few bytes that are rare in text:
 * memmem() takes long to begin and looks at each byte. */
static inline const char *
slice_find(struct slice s, struct slice what)
{
	const char *p = s.p, *end = p == NULL ? p : p + s.n;

	while (p != NULL && (size_t)(end - p) >= what.n &&
	    (p = memchr(p, what.p[0], (size_t)(end - p) - what.n + 1)) != NULL) {
		if (memcmp(p, what.p, what.n) == 0)
			return p;
		p++;
	}
	return NULL;
}

/* What a hexadecimal digit of either case stands for; -1: it is none. */
static inline int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* What a digit of base64 stands for, of either alphabet (RFC 4648, 4 and 5); -1: it
 * is none. */
static inline int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* For tables: FNV-1a, its high half folded into the low one. */
static inline uint64_t
slice_hash(struct slice s)
{
	uint64_t h = 14695981039346656037u;
	size_t i;

	for (i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
	return h ^ h >> 32;
}

/*
 * A buffer that grows.  Its calls return nothing: a failed allocation sets
 * `failed`, after which nothing more is added, and the one who uses the bytes
 * asks buf_check() once.  buf_str() is always NUL-terminated.
 */
struct buf {
	char	*p;
	size_t	 n, cap;
	bool	 failed;
};

#define BUF_INIT	{ NULL, 0, 0, false }

void		buf_init(struct buf *);
void		buf_release(struct buf *);
void		buf_clear(struct buf *);		/* keeps the memory */
bool		buf_grow(struct buf *, size_t more);	/* buf_reserve()'s */
void		buf_add(struct buf *, const void *, size_t);
void		buf_add_slice(struct buf *, struct slice);
void		buf_putc(struct buf *, char);
void		buf_uint(struct buf *, uint64_t);	/* in decimal */
void		buf_printf(struct buf *, const char *, ...) PRINTF(2, 3);
const char	*buf_str(struct buf *);
struct slice	buf_slice(const struct buf *);
enum status	buf_check(const struct buf *, struct error *) MUST_CHECK;

/* Of what stands in the source the compiler knows the length. */
static inline void
buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

/* Room for that many, and a NUL.  Mostly there is. */
static inline bool
buf_reserve(struct buf *b, size_t more)
{
	return (!b->failed && more < b->cap - b->n) || buf_grow(b, more);
}

/*
 * Did anything of this process go without memory?  A text that could not be made
 * is an empty one to whoever forgot to ask, so that nothing is printed or stored
 * any more once that happened.
 */
void	 memory_lacked(void);		/* it did */
bool	 memory_short(void);

#endif
