/* Our guards over what a JSON output says: core/json/decoded.h. */
#include "core/judge/decoded.h"

#include <stdlib.h>

#include "core/base/cpu.h"
#include "core/base/utf8.h"
#include "core/judge/guards.h"
#include "core/judge/stages.h"


#define KEY_MAX	128	/* bytes of a key, its end, that are read with a value */
#define VALUES_NS	20000000	/* CPU time of a pattern over 10 kB of values */
#define LOOK	256	/* bytes of values between two looks at the clock */

/* What guard n reads of a value; the value begins at byte *at of it. */
static enum status
value_text(struct judge *j, const struct guard *g,
    const struct decoded_value *v, struct slice *text, size_t *at,
    struct error *err)
{
	const struct decoded_value *key;
	struct buf *b = &j->value;
	size_t from;

	*at = 0;
	*text = (struct slice){ v->text, v->n };
	if (!g->reads_keys || v->kind == DECODED_KEY || v->key == DECODED_NONE)
		return STATUS_OK;
	key = &j->decoded.v[v->key];
	from = key->n > KEY_MAX ? key->n - KEY_MAX : 0;
	while (from > 0 && from < key->n &&
	    utf8_is_tail(key->text[from]))
		from++;
	buf_clear(b);
	buf_add(b, key->text + from, key->n - from);
	buf_puts(b, ": ");
	*at = b->n;
	buf_add(b, v->text, v->n);
	*text = buf_slice(b);
	return buf_check(b, err);
}

/* Moves the findings from `from` on, of the value's text, into the output; those
 * in the key before it are the key's own. */
static enum status
value_place(struct judge *j, const struct decoded_value *v, size_t at,
    size_t from, struct error *err)
{
	struct findings *all = &j->found;
	struct slice pointer = SLICE_NONE;
	struct finding *f;
	enum status st;
	size_t i, start, to = from;

	for (i = from; i < all->n; i++) {
		f = &all->v[i];
		if (f->end <= at && at > 0)
			continue;
		if (j->decoded.is_json && pointer.p == NULL &&
		    (pointer = decoded_pointer(&j->decoded, v,
		    j->out)).p == NULL)
			return error_nomem(err);
		start = f->start < at ? 0 : f->start - at;
		if ((st = decoded_place(&j->decoded, v, start, f->end - at,
		    &f->start, &f->end, err)) != STATUS_OK)
			return st;
		f->pointer = pointer;
		all->v[to++] = *f;
	}
	all->n = to;
	return STATUS_OK;
}

static bool
overlaps(const struct finding *a, const struct finding *b)
{
	return a->start < b->end && b->start < a->end;
}

/* Is f, found in the bytes, what was found in a value?  Read with its escapes
 * it may begin or end elsewhere, or pass for another kind. */
static bool
found_already(const struct finding *f, const struct finding *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (overlaps(f, &v[i]) && (slice_eq(f->kind, v[i].kind) ||
		    (f->start >= v[i].start && f->end <= v[i].end &&
		    f->severity <= v[i].severity)))
			return true;
	return false;
}

/* Does guard g read the value by itself? */
static bool
value_reads(const struct judge *j, const struct guard *g,
    const struct decoded_value *v)
{
	if (v->n == 0 || !(decoded_is_leaf(v) ||
	    (v->kind == DECODED_LOOSE && g->reads_bytes)))
		return false;
	return !g->reads_bytes || decoded_is_other(&j->decoded, v);
}

/* What was found from `from` on takes the place of the same, found before with
 * an escape unread beside it or in it; what is known is taken out. */
static void
found_new(struct findings *all, size_t first, size_t from)
{
	const struct finding *f;
	size_t i, k, to = from;

	for (i = from; i < all->n; i++) {
		f = &all->v[i];
		for (k = first; k < from; k++)
			if (slice_eq(f->kind, all->v[k].kind) &&
			    overlaps(f, &all->v[k]))
				break;
		if (k < from)
			all->v[k] = *f;
		else if (!found_already(f, &all->v[first], from - first))
			all->v[to++] = *f;
	}
	all->n = to;
}

/* A pattern of the policy's has its time for every value: what they may take
 * together, it is asked here. */
struct values_time {
	bool	on;
	int64_t	until;
	size_t	bytes;		/* since the last look */
};

static void
time_begin(struct values_time *w, const struct judge *j, const struct guard *g)
{
	*w = (struct values_time){ .on = g->kind->pattern != NULL || g->nown > 0 };
	if (w->on)
		w->until = cpu_ns() + VALUES_NS *
		    (int64_t)(1 + j->item->output.n / 10240);
}

/* After a value of n bytes: is there no time for another? */
static bool
time_ends(struct values_time *w, size_t n, bool failed)
{
	if (!w->on || ((w->bytes += n) < LOOK && !failed))
		return false;
	w->bytes = 0;
	return cpu_ns() > w->until;
}

/*
 * A guard that reads the bytes too sees there what is written as it is.
 * Errors of single values do not keep it from the others: the first is reported.
 */
static enum status
guard_each(struct judge *j, size_t n, struct error *err)
{
	const struct guard *g = j->verdict->queue->guards[n];
	const struct decoded_value *v;
	enum status st = STATUS_OK, one;
	struct error why;
	size_t first = j->found.n, from, at;
	struct values_time time;
	struct slice text;
	uint32_t i;

	time_begin(&time, j, g);
	for (i = 0; i < j->decoded.n && j->found.n - first < FINDINGS_MAX;
	    i++) {
		v = &j->decoded.v[i];
		if (!value_reads(j, g, v))
			continue;
		from = j->found.n;
		error_clear(&why);
		one = value_text(j, g, v, &text, &at, &why);
		if (one == STATUS_OK)
			one = guard_call(j, n, text, true, &why);
		if (value_place(j, v, at, from, err) != STATUS_OK)
			return err->code;
		if (v->kind == DECODED_LOOSE)
			found_new(&j->found, first, from);
		if (one == STATUS_NOMEM)
			return error_nomem(err);
		if (one != STATUS_OK && st == STATUS_OK)
			st = error_set(err, one, "%s", why.text);
		if (time_ends(&time, text.n, one != STATUS_OK))
			return st != STATUS_OK ? st : error_set(err,
			    STATUS_LIMIT, "no answer in the time that the "
			    "values of an output of this length have");
	}
	return st;
}

static bool
part_add(struct joined *x, uint32_t value)
{
	uint32_t cap = x->cap == 0 ? 64 : x->cap * 2;
	void *p;

	if (x->n == x->cap) {
		if ((p = realloc(x->part, cap * sizeof(*x->part))) == NULL)
			return false;
		x->part = p;
		x->cap = cap;
	}
	x->part[x->n++] = (struct joined_part){ (uint32_t)x->text.n, value };
	return true;
}

static enum status
joined_make(struct judge *j, struct error *err)
{
	struct joined *x = &j->joined;
	const struct decoded_value *v;
	uint32_t i;

	if (x->made)
		return STATUS_OK;
	buf_clear(&x->text);
	x->n = 0;
	for (i = 0; i < j->decoded.n; i++) {
		v = &j->decoded.v[i];
		if (v->kind != DECODED_STRING)
			continue;
		if (x->n > 0)
			buf_putc(&x->text, '\n');
		if (!part_add(x, i))
			return error_nomem(err);
		buf_add(&x->text, v->text, v->n);
	}
	x->made = true;
	return buf_check(&x->text, err);
}

/* The part that byte `at` of the joined text is in, or the LF behind it. */
static const struct joined_part *
part_at(const struct joined *x, size_t at)
{
	uint32_t low = 0, high = x->n, mid;

	while (high - low > 1) {
		mid = low + (high - low) / 2;
		if (x->part[mid].at <= at)
			low = mid;
		else
			high = mid;
	}
	return &x->part[low];
}

/* A finding over several values has no pointer; one over all of them is of the
 * output as a whole. */
static enum status
joined_place(struct judge *j, struct finding *f, struct error *err)
{
	const struct joined *x = &j->joined;
	const struct joined_part *a = part_at(x, f->start);
	const struct joined_part *b = part_at(x, f->end > f->start ?
	    f->end - 1 : f->end);
	const struct decoded_value *va = &j->decoded.v[a->value];
	const struct decoded_value *vb = &j->decoded.v[b->value];
	size_t from = f->start - a->at, to = f->end - b->at;
	bool all = f->start == 0 && f->end == x->text.n && x->n > 1;
	uint32_t unused;
	enum status st;

	if (all) {
		f->end = (uint32_t)j->item->output.n;
		return STATUS_OK;
	}
	if (a == b) {
		f->pointer = decoded_pointer(&j->decoded, va, j->out);
		if (f->pointer.p == NULL)
			return error_nomem(err);
	}
	from = from > va->n ? va->n : from;
	to = to > vb->n ? vb->n : to;
	st = decoded_place(&j->decoded, va, from, from, &f->start, &unused,
	    err);
	return st != STATUS_OK ? st : decoded_place(&j->decoded, vb, to, to,
	    &unused, &f->end, err);
}

static enum status
guard_joined(struct judge *j, size_t n, struct error *err)
{
	size_t from = j->found.n;
	enum status st, placed;

	if ((st = joined_make(j, err)) != STATUS_OK)
		return st;
	/* Of an output that says nothing there are its bytes. */
	if (j->joined.n == 0)
		return guard_call(j, n, j->item->output,
		    j->item->output_is_string, err);
	st = guard_call(j, n, buf_slice(&j->joined.text), true, err);
	for (; from < j->found.n; from++)
		if ((placed = joined_place(j, &j->found.v[from], err)) !=
		    STATUS_OK)
			return placed;
	return st;
}

static int
by_place(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->end < y->end ? -1 : x->end > y->end;
}

/* Of what was found in the bytes that which is new, and the values it is in. */
static enum status
bytes_place(struct judge *j, size_t first, size_t from, struct error *err)
{
	struct findings *all = &j->found;
	const struct decoded_value *v;
	struct finding *f;
	size_t i, to = from;
	enum status st;

	for (i = from; i < all->n; i++) {
		f = &all->v[i];
		if (found_already(f, &all->v[first], from - first))
			continue;
		v = NULL;
		if (j->decoded.is_json && (st = decoded_at(&j->decoded, f->start, f->end, &v, err)) !=
		    STATUS_OK)
			return st;
		if (v != NULL && (f->pointer = decoded_pointer(&j->decoded, v,
		    j->out)).p == NULL)
			return error_nomem(err);
		all->v[to++] = *f;
	}
	all->n = to;
	if (to > from && from > first)
		qsort(&all->v[first], to - first, sizeof(*all->v), by_place);
	return STATUS_OK;
}

static enum status
guard_bytes(struct judge *j, size_t n, size_t first, struct error *err)
{
	const struct item *it = j->item;
	size_t from = j->found.n;
	enum status st, placed;

	st = guard_call(j, n, it->output, it->output_is_string, err);
	if (st == STATUS_NOMEM || j->found.n == from ||
	    (!j->is_decoded && !decoded_looks(it->output,
	    it->output_is_string)))
		return st;
	if ((placed = output_decode(j, err)) != STATUS_OK)
		return placed;
	if (j->decoded.n > 0 &&
	    (placed = bytes_place(j, first, from, err)) != STATUS_OK)
		return placed;
	return st;
}

/* Is there more to read than the bytes?  Only then they are decoded. */
static enum status
wants_decoded(struct judge *j, const struct guard *g, bool *wants,
    struct error *err)
{
	bool loose = g->reads == READS_EACH && g->reads_bytes;
	const struct item *it = j->item;
	enum status st;

	*wants = loose ? j->differs :
	    decoded_looks(it->output, it->output_is_string);
	if (!*wants)
		return STATUS_OK;
	st = output_decode(j, err);
	*wants = st == STATUS_OK && (j->decoded.is_json ||
	    (loose && j->decoded.n > 0));
	return st;
}

enum status
guard_decoded(struct judge *j, size_t n, struct error *err)
{
	const struct guard *g = j->verdict->queue->guards[n];
	size_t first = j->found.n;
	struct error why = { STATUS_OK, "" };
	enum status st, bytes;
	bool wants;

	if ((st = wants_decoded(j, g, &wants, err)) != STATUS_OK)
		return st;
	if (!wants)
		return guard_bytes(j, n, first, err);
	st = g->reads == READS_EACH ? guard_each(j, n, err) :
	    guard_joined(j, n, err);
	if (st == STATUS_OK && j->decoded.deeper)
		st = error_set(err, STATUS_LIMIT, "JSON stands in strings of "
		    "JSON more than %d deep", DECODED_NEST);
	if (st == STATUS_NOMEM || !g->reads_bytes)
		return st;
	bytes = guard_bytes(j, n, first, &why);
	if (st != STATUS_OK || bytes == STATUS_OK)
		return st;
	return error_set(err, bytes, "%s", why.text);
}
