#include "core/route.h"

#include <stdlib.h>

#include "core/text.h"

#define MASK_SHOWN	4	/* characters that a mask leaves at the end */

/* A finding that is redacted, and the bytes that its mark stands for. */
struct mark {
	const struct finding	*f;
	size_t			 start, end;
};

static int
mark_rank(const void *a, const void *b)
{
	const struct finding *x = ((const struct mark *)a)->f;
	const struct finding *y = ((const struct mark *)b)->f;
	uint32_t xn = x->end - x->start, yn = y->end - y->start;

	if (x->score < y->score || x->score > y->score)
		return x->score > y->score ? -1 : 1;
	if (xn != yn)
		return xn > yn ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* The first of the marks, which are in order, that ends behind `at`. */
static size_t
mark_behind(const struct mark *v, size_t n, size_t at)
{
	size_t low = 0, high = n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (v[mid].f->end > at)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

/*
 * From the best to the worst: what overlaps none that was taken is taken; of
 * the others the part that sticks out is covered by the mark it overlaps.
 */
static size_t
marks_choose(const struct mark *ranked, size_t n, struct mark *out)
{
	size_t i, at, count = 0;
	const struct finding *f;

	for (i = 0; i < n; i++) {
		f = ranked[i].f;
		at = mark_behind(out, count, f->start);
		if (at < count && out[at].f->start < f->end)
			continue;
		memmove(&out[at + 1], &out[at], (count - at) * sizeof(*out));
		out[at] = ranked[i];
		count++;
	}
	for (i = 0; i < n; i++) {
		f = ranked[i].f;
		at = mark_behind(out, count, f->start);
		if (f->start < out[at].start)
			out[at].start = f->start;
		for (; at + 1 < count && out[at + 1].f->start < f->end; at++)
			out[at].end = out[at + 1].f->start;
		if (f->end > out[at].end)
			out[at].end = f->end;
	}
	for (i = 0; i + 1 < count; i++) {
		if (out[i].end > out[i + 1].f->start)
			out[i].end = out[i + 1].f->start;
		if (out[i + 1].start < out[i].end)
			out[i + 1].start = out[i].end;
	}
	return count;
}

static void
mask_write(struct buf *b, struct slice value)
{
	size_t at = 0, n = utf8_count(value.p, value.n);
	size_t hidden = n > MASK_SHOWN ? n - MASK_SHOWN : n;
	struct utf8_cursor c = { value, 0, 0 };

	for (; at < hidden; at++)
		buf_putc(b, '*');
	at = utf8_byte(&c, hidden);
	buf_add(b, value.p + at, value.n - at);
}

static enum status
mark_write(struct buf *b, const struct mark *m, struct slice text,
    struct slice key, struct error *err)
{
	struct slice value = { text.p + m->start, m->end - m->start };
	char hex[HASH_HEX];
	struct hash h;
	enum status st;

	if (m->f->redact == REDACT_MASK) {
		mask_write(b, value);
		return STATUS_OK;
	}
	buf_putc(b, '<');
	buf_add_slice(b, m->f->kind);
	if (m->f->redact == REDACT_HASH && key.p != NULL) {
		if ((st = hash_hmac(key, value, &h, err)) != STATUS_OK)
			return st;
		hash_hex(&h, hex);
		buf_printf(b, ":%.8s", hex);
	}
	buf_putc(b, '>');
	return STATUS_OK;
}

static bool
is_marked(const struct finding *f, size_t len)
{
	return f->redact != REDACT_OFF && f->on.p == NULL &&
	    f->start < f->end && f->end <= len;
}

static enum status
marks_write(struct slice text, const struct mark *v, size_t n,
    struct slice key, struct arena *arena, struct slice *out,
    struct error *err)
{
	struct buf b = BUF_INIT;
	enum status st = STATUS_OK;
	size_t i, at = 0;

	for (i = 0; i < n && st == STATUS_OK; i++) {
		buf_add(&b, text.p + at, v[i].start - at);
		st = mark_write(&b, &v[i], text, key, err);
		at = v[i].end;
	}
	buf_add(&b, text.p + at, text.n - at);
	if (st == STATUS_OK && (st = buf_check(&b, err)) == STATUS_OK) {
		out->p = arena_copy(arena, b.p, b.n);
		out->n = b.n;
		if (out->p == NULL)
			st = error_nomem(err);
	}
	buf_release(&b);
	return st;
}

enum status
redact_apply(struct slice text, const struct finding *f, size_t n,
    struct slice key, struct arena *arena, struct slice *out,
    struct error *err)
{
	struct mark *ranked, *chosen;
	size_t i, count = 0;

	*out = text;
	for (i = 0; i < n; i++)
		count += is_marked(&f[i], text.n);
	if (count == 0)
		return STATUS_OK;
	ranked = arena_alloc(arena, 2 * count * sizeof(*ranked));
	if (ranked == NULL)
		return error_nomem(err);
	chosen = ranked + count;
	for (i = count = 0; i < n; i++)
		if (is_marked(&f[i], text.n))
			ranked[count++] = (struct mark){ &f[i], f[i].start,
			    f[i].end };
	qsort(ranked, count, sizeof(*ranked), mark_rank);
	count = marks_choose(ranked, count, chosen);
	return marks_write(text, chosen, count, key, arena, out, err);
}
