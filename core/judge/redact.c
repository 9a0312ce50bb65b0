#include "core/judge/redact.h"

#include <stdlib.h>

#include "core/base/arena.h"
#include "core/base/hash.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/json/decoded.h"

#define MASK_SHOWN	4	/* characters that a mask leaves at the end */

/* A finding's bytes in a text, and those that its mark stands for. */
struct mark {
	const struct finding	*f;
	size_t			 from, to, start, end;
};

/* A redaction on its way. */
struct redaction {
	const struct redact_text *of;
	struct decoded		 decoded;
	const struct finding	**f;		/* by start */
	bool			*used;		/* beside f */
	size_t			 nf;
	size_t			*active;	/* those at the current value */
	size_t			 nactive, next;
	struct mark		*ranked, *chosen;
	struct redact_edit	*edit;
	size_t			 nedits, cap;
	struct buf		 marks, line;
	bool			 whole;
};

static int
mark_rank(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;
	size_t xn = x->to - x->from, yn = y->to - y->from;

	if (x->f->score < y->f->score || x->f->score > y->f->score)
		return x->f->score > y->f->score ? -1 : 1;
	if (xn != yn)
		return xn > yn ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->f < y->f ? -1 : x->f > y->f;
}

/* The first of the marks, which are in order, that ends behind `at`. */
static size_t
mark_behind(const struct mark *v, size_t n, size_t at)
{
	size_t low = 0, high = n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (v[mid].to > at)
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
	const struct mark *m;

	for (i = 0; i < n; i++) {
		m = &ranked[i];
		at = mark_behind(out, count, m->from);
		if (at < count && out[at].from < m->to)
			continue;
		memmove(&out[at + 1], &out[at], (count - at) * sizeof(*out));
		out[at] = *m;
		count++;
	}
	for (i = 0; i < n; i++) {
		m = &ranked[i];
		at = mark_behind(out, count, m->from);
		if (m->from < out[at].start)
			out[at].start = m->from;
		for (; at + 1 < count && out[at + 1].from < m->to; at++)
			out[at].end = out[at + 1].from;
		if (m->to > out[at].end)
			out[at].end = m->to;
	}
	for (i = 0; i + 1 < count; i++) {
		if (out[i].end > out[i + 1].from)
			out[i].end = out[i + 1].from;
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
mark_text(struct buf *b, const struct mark *m, struct slice text,
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

/* The marks of one text, out of r->ranked into r->chosen, in order. */
static size_t
marks_rank(struct redaction *r, size_t n)
{
	qsort(r->ranked, n, sizeof(*r->ranked), mark_rank);
	return marks_choose(r->ranked, n, r->chosen);
}

/* The mark on r->line, written as JSON in so many strings, stands for that. */
static enum status
edit_add(struct redaction *r, uint32_t start, uint32_t end, uint32_t strings,
    struct error *err)
{
	size_t cap = r->cap == 0 ? 16 : r->cap * 2, at = r->marks.n;
	struct buf next = BUF_INIT, was;
	void *p;

	for (; strings > 0; strings--) {
		buf_clear(&next);
		text_json(&next, buf_slice(&r->line));
		was = r->line;
		r->line = next;
		next = was;
		if (r->line.n < 2)
			continue;		/* no memory: buf_check() below */
		r->line.n -= 2;
		memmove(r->line.p, r->line.p + 1, r->line.n);
	}
	r->line.failed |= next.failed;
	buf_release(&next);
	buf_add_slice(&r->marks, buf_slice(&r->line));
	if (r->nedits == r->cap) {
		if ((p = realloc(r->edit, cap * sizeof(*r->edit))) == NULL)
			return error_nomem(err);
		r->edit = p;
		r->cap = cap;
	}
	r->edit[r->nedits++] = (struct redact_edit){ start, end, (uint32_t)at,
	    (uint32_t)(r->marks.n - at) };
	if (buf_check(&r->line, err) != STATUS_OK)
		return err->code;
	return buf_check(&r->marks, err);
}

static enum status
redact_plain(struct redaction *r, struct error *err)
{
	struct slice text = r->of->text;
	enum status st;
	size_t i, n;

	for (i = 0; i < r->nf; i++)
		r->ranked[i] = (struct mark){ r->f[i], r->f[i]->start,
		    r->f[i]->end, r->f[i]->start, r->f[i]->end };
	n = marks_rank(r, r->nf);
	for (i = 0; i < n; i++) {
		buf_clear(&r->line);
		if ((st = mark_text(&r->line, &r->chosen[i], text, r->of->key,
		    err)) != STATUS_OK || (st = edit_add(r,
		    (uint32_t)r->chosen[i].start, (uint32_t)r->chosen[i].end, 0,
		    err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

/* What the marks of the value cover, as a string has it. */
static enum status
redact_string(struct redaction *r, const struct decoded_value *v, size_t n,
    struct error *err)
{
	uint32_t strings = decoded_depth(&r->decoded, v) + 1, start, end;
	const struct mark *m;
	enum status st;
	size_t i;

	for (i = 0; i < n; i++) {
		m = &r->chosen[i];
		buf_clear(&r->line);
		if ((st = mark_text(&r->line, m, (struct slice){ v->text,
		    v->n }, r->of->key, err)) != STATUS_OK ||
		    (st = decoded_place(&r->decoded, v, m->start, m->end,
		    &start, &end, err)) != STATUS_OK ||
		    (st = edit_add(r, start, end, strings, err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

static enum status
quote_add(struct redaction *r, const struct decoded_value *v, uint32_t at,
    struct error *err)
{
	buf_clear(&r->line);
	buf_putc(&r->line, '"');
	return edit_add(r, at, at, decoded_depth(&r->decoded, v), err);
}

/* A number becomes a string. */
static enum status
redact_number(struct redaction *r, const struct decoded_value *v, size_t n,
    struct error *err)
{
	uint32_t start, end;
	enum status st;

	if ((st = decoded_place(&r->decoded, v, 0, v->n, &start, &end, err)) !=
	    STATUS_OK || (st = quote_add(r, v, start, err)) != STATUS_OK ||
	    (st = redact_string(r, v, n, err)) != STATUS_OK)
		return st;
	return quote_add(r, v, end, err);
}

/* Brings r->active to the findings that have bytes of start..end. */
static void
active_move(struct redaction *r, uint32_t start, uint32_t end)
{
	size_t i, n = 0;

	while (r->next < r->nf && r->f[r->next]->start < end)
		r->active[r->nactive++] = r->next++;
	for (i = 0; i < r->nactive; i++)
		if (r->f[r->active[i]]->end > start)
			r->active[n++] = r->active[i];
	r->nactive = n;
}

static enum status
redact_value(struct redaction *r, const struct decoded_value *v,
    struct error *err)
{
	bool key = v->kind == DECODED_KEY && !r->of->keys_too;
	const struct finding *f;
	uint32_t start, end;
	enum status st;
	struct mark *m;
	size_t i;

	if ((st = decoded_place(&r->decoded, v, 0, v->n, &start, &end, err)) !=
	    STATUS_OK)
		return st;
	active_move(r, start, end);
	if (r->nactive == 0)
		return STATUS_OK;
	if (key) {
		r->whole = false;
		return STATUS_OK;
	}
	for (i = 0; i < r->nactive; i++) {
		f = r->f[r->active[i]];
		r->used[r->active[i]] = true;
		m = &r->ranked[i];
		if ((st = decoded_within(&r->decoded, v, f->start, f->end,
		    &m->from, &m->to, err)) != STATUS_OK)
			return st;
		m->f = f;
		m->start = m->from;
		m->end = m->to;
	}
	i = marks_rank(r, r->nactive);
	return v->kind == DECODED_KEY || v->kind == DECODED_STRING ?
	    redact_string(r, v, i, err) : redact_number(r, v, i, err);
}

static enum status
redact_json(struct redaction *r, struct error *err)
{
	enum status st = STATUS_OK;
	uint32_t i;
	size_t k;

	for (i = 0; i < r->decoded.n && st == STATUS_OK; i++)
		if (decoded_is_own(&r->decoded.v[i]) &&
		    r->decoded.v[i].n > 0)
			st = redact_value(r, &r->decoded.v[i], err);
	for (k = 0; k < r->nf; k++)
		r->whole &= r->used[k];
	return st;
}

/* The text with its edits, which from now on say where they are in it. */
static enum status
edits_write(struct redaction *r, struct arena *arena, struct redacted *out,
    struct error *err)
{
	struct slice text = r->of->text;
	struct redact_edit *e;
	struct buf b = BUF_INIT;
	size_t i, at = 0, from;
	enum status st;

	for (i = 0; i < r->nedits; i++) {
		e = &r->edit[i];
		buf_add(&b, text.p + at, e->start - at);
		from = e->at;
		e->at = (uint32_t)b.n;
		buf_add(&b, r->marks.p + from, e->n);
		at = e->end;
	}
	buf_add(&b, text.p + at, text.n - at);
	if ((st = buf_check(&b, err)) == STATUS_OK) {
		out->text = (struct slice){ arena_copy(arena, b.p, b.n), b.n };
		out->edit = arena_copy(arena, r->edit,
		    r->nedits * sizeof(*r->edit));
		out->nedits = r->nedits;
		if (out->text.p == NULL || out->edit == NULL)
			st = error_nomem(err);
	}
	buf_release(&b);
	return st;
}

static int
by_start(const void *a, const void *b)
{
	const struct finding *x = *(const struct finding *const *)a;
	const struct finding *y = *(const struct finding *const *)b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x < y ? -1 : x > y;
}

static bool
redaction_begin(struct redaction *r, const struct finding *f, size_t n,
    size_t count, struct arena *arena)
{
	size_t i;

	r->f = arena_alloc(arena, count * sizeof(struct finding *));
	r->used = arena_zalloc(arena, count * sizeof(*r->used));
	r->active = arena_alloc(arena, count * sizeof(*r->active));
	r->ranked = arena_alloc(arena, 2 * count * sizeof(*r->ranked));
	if (r->f == NULL || r->used == NULL || r->active == NULL ||
	    r->ranked == NULL)
		return false;
	r->chosen = r->ranked + count;
	for (i = 0; i < n; i++)
		if (is_marked(&f[i], r->of->text.n))
			r->f[r->nf++] = &f[i];
	qsort(r->f, r->nf, sizeof(struct finding *), by_start);
	return true;
}

enum status
redact_apply(const struct redact_text *of, const struct finding *f, size_t n,
    struct arena *arena, struct redacted *out, struct error *err)
{
	struct redaction r = { .of = of, .whole = true };
	enum status st;
	size_t i, count = 0;

	*out = (struct redacted){ .text = of->text, .whole = true };
	for (i = 0; i < n; i++)
		count += is_marked(&f[i], of->text.n);
	if (count == 0)
		return STATUS_OK;
	if (!redaction_begin(&r, f, n, count, arena))
		return error_nomem(err);
	st = decoded_read(&r.decoded, of->text, of->is_string, err);
	if (st == STATUS_OK)
		st = r.decoded.is_json ? redact_json(&r, err) :
		    redact_plain(&r, err);
	if (st == STATUS_OK && r.nedits > 0)
		st = edits_write(&r, arena, out, err);
	out->whole = r.whole;
	decoded_release(&r.decoded);
	buf_release(&r.marks);
	buf_release(&r.line);
	free(r.edit);
	return st;
}

uint32_t
redact_place(const struct redacted *r, uint32_t at, bool end)
{
	const struct redact_edit *e;
	size_t low = 0, high = r->nedits, mid;

	/* The last edit that begins before the place, or at it. */
	while (low < high) {
		mid = low + (high - low) / 2;
		e = &r->edit[mid];
		if (end ? e->start < at : e->start <= at)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0)
		return at;
	e = &r->edit[low - 1];
	if (at >= e->end)
		return e->at + e->n + (at - e->end);
	return e->at + (end ? e->n : 0);
}
