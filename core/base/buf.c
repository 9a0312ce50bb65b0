#include "core/base/buf.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static atomic_bool lacked;

void
memory_lacked(void)
{
	atomic_store_explicit(&lacked, true, memory_order_relaxed);
}

bool
memory_short(void)
{
	return atomic_load_explicit(&lacked, memory_order_relaxed);
}

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

static bool
buf_fail(struct buf *b)
{
	b->failed = true;
	memory_lacked();
	return false;
}

/* One byte stays for the NUL. */
bool
buf_grow(struct buf *b, size_t more)
{
	size_t want, cap;
	char *p;

	if (b->failed)
		return false;
	if (more > SIZE_MAX / 4 - b->n)
		return buf_fail(b);
	want = b->n + more + 1;
	for (cap = b->cap < 64 ? 64 : b->cap; cap < want; cap += cap / 2)
		;
	if ((p = realloc(b->p, cap)) == NULL)
		return buf_fail(b);
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
buf_putc(struct buf *b, char c)
{
	if (!buf_reserve(b, 1))
		return;
	b->p[b->n++] = c;
	b->p[b->n] = '\0';
}

void
buf_uint(struct buf *b, uint64_t v)
{
	char text[20];
	size_t at = sizeof(text);

	do
		text[--at] = (char)('0' + v % 10);
	while ((v /= 10) != 0);
	buf_add(b, text + at, sizeof(text) - at);
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
		(void)buf_fail(b);
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
