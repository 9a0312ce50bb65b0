#include "core/pattern/seq.h"

#include <string.h>
#include <utf8proc.h>

#include "core/base/utf8.h"
#include "core/pattern/share.h"

#define SPELLED_OUT	2	/* sequences: a class, and what is beyond ASCII */

static const struct first_set none;

void
set_add(struct first_set *s, unsigned byte)
{
	s->w[byte >> 6] |= (uint64_t)1 << (byte & 63);
}

void
set_range(struct first_set *s, unsigned from, unsigned to)
{
	for (; from <= to; from++)
		set_add(s, from);
}

void
set_join(struct first_set *s, const struct first_set *with)
{
	unsigned i;

	for (i = 0; i < 4; i++)
		s->w[i] |= with->w[i];
}

/* Every ASCII byte that is not in the set, and none else. */
void
set_turn(struct first_set *s)
{
	s->w[0] = ~s->w[0];
	s->w[1] = ~s->w[1];
	s->w[2] = s->w[3] = 0;
}

void
set_fold(struct first_set *s)
{
	unsigned c;

	for (c = 'a'; c <= 'z'; c++)
		if (first_has(s, c) || first_has(s, c - 32)) {
			set_add(s, c);
			set_add(s, c - 32);
		}
}

/* Of a list only the part in use: there are many copies of few sequences. */
static void
list_copy(struct first_list *l, const struct first_list *from)
{
	l->n = from->n;
	memcpy(l->v, from->v, from->n * sizeof(from->v[0]));
}

/* The list of nothing but the empty match. */
void
list_empty(struct first_list *l)
{
	l->n = 1;
	l->v[0].n = 0;
	l->v[0].cut = false;
}

static bool
seq_mergeable(const struct first_seq *a, const struct first_seq *b)
{
	unsigned i, differ = 0;

	if (a->n != b->n || a->cut != b->cut)
		return false;
	for (i = 0; i < a->n; i++)
		differ += memcmp(&a->set[i], &b->set[i], sizeof(none)) != 0;
	return differ <= 1;
}

static void
seq_merge(struct first_seq *a, const struct first_seq *b)
{
	unsigned i;

	if (a->n != b->n || b->cut)
		a->cut = true;
	if (b->n < a->n)
		a->n = b->n;
	for (i = 0; i < a->n; i++)
		set_join(&a->set[i], &b->set[i]);
}

/* Merges the sequence with the one where that lets the least more through. */
static void
list_squeeze(struct first_list *l, const struct first_seq *s)
{
	struct first_seq merged;
	double more, least = 2;
	unsigned i, best = 0;

	for (i = 0; i < l->n; i++) {
		merged = l->v[i];
		seq_merge(&merged, s);
		more = first_density(&merged, 1) - first_density(&l->v[i], 1);
		if (more < least) {
			least = more;
			best = i;
		}
	}
	seq_merge(&l->v[best], s);
}

static void
list_add(struct first_list *l, const struct first_seq *s)
{
	unsigned i;

	for (i = 0; i < l->n; i++)
		if (seq_mergeable(&l->v[i], s)) {
			seq_merge(&l->v[i], s);
			return;
		}
	if (l->n == FIRST_SEQS)
		list_squeeze(l, s);
	else
		l->v[l->n++] = *s;
}

void
list_join(struct first_list *l, const struct first_list *with)
{
	unsigned i;

	for (i = 0; i < with->n; i++)
		list_add(l, &with->v[i]);
}

void
list_cut(struct first_list *l)
{
	unsigned i;

	for (i = 0; i < l->n; i++)
		l->v[i].cut = true;
}

static void
seq_append(struct first_seq *s, const struct first_seq *tail)
{
	unsigned i;

	for (i = 0; i < tail->n && s->n < FIRST_BYTES; i++)
		s->set[s->n++] = tail->set[i];
	s->cut = s->n == FIRST_BYTES || tail->cut;
}

static bool
seq_is_open(const struct first_seq *s)
{
	return !s->cut && s->n < FIRST_BYTES;
}

bool
list_is_closed(const struct first_list *l)
{
	unsigned i;

	for (i = 0; i < l->n; i++)
		if (seq_is_open(&l->v[i]))
			return false;
	return true;
}

/* Appends what follows to every sequence that has not ended. */
void
list_append(struct first_list *l, const struct first_list *tail)
{
	struct first_list out;
	struct first_seq s, whole;
	unsigned i, k, open = 0;
	bool merge;

	for (i = 0; i < l->n; i++)
		open += seq_is_open(&l->v[i]);
	if (open == 0)
		return;
	merge = l->n - open + open * tail->n > FIRST_SEQS;
	whole = tail->v[0];
	for (k = 1; merge && k < tail->n; k++)
		seq_merge(&whole, &tail->v[k]);
	out.n = 0;
	for (i = 0; i < l->n; i++) {
		if (!seq_is_open(&l->v[i])) {
			list_add(&out, &l->v[i]);
			continue;
		}
		for (k = 0; k < (merge ? 1 : tail->n); k++) {
			s = l->v[i];
			seq_append(&s, merge ? &whole : &tail->v[k]);
			list_add(&out, &s);
		}
	}
	list_copy(l, &out);
}

/*
 * As often as `times` at most: spelled out where that makes few sequences.  Not
 * where there is no bound, as what is filtered by them is matched at each of
 * many places, and "a*" within "aaaa" is slow at each.
 */
static void
list_times(struct first_list *e, uint32_t times)
{
	struct first_list one, more;

	list_copy(&one, e);
	if (times > 1 && (times >= FIRST_BYTES || e->n > SPELLED_OUT)) {
		list_cut(&one);
		times = 1;
	}
	for (list_empty(e); times > 0; times--) {
		list_copy(&more, &one);
		list_append(&more, e);
		list_empty(e);
		list_join(e, &more);
	}
}

void
list_repeat(struct first_list *e, uint32_t min, uint32_t max)
{
	struct first_list out;
	uint32_t i;

	list_empty(&out);
	for (i = 0; i < min && i <= FIRST_BYTES; i++)
		list_append(&out, e);
	if (min > FIRST_BYTES)
		list_cut(&out);
	if (max > min) {
		list_times(e, max - min);
		list_append(&out, e);
	}
	list_copy(e, &out);
}

/* A set of ASCII bytes and, where wide, any character beyond ASCII. */
void
list_class(struct first_list *l, const struct first_set *ascii, bool wide)
{
	struct first_seq s;

	l->n = 0;
	memset(&s, 0, sizeof(s));
	s.n = 1;
	s.set[0] = *ascii;
	if (memcmp(ascii, &none, sizeof(none)) != 0)
		list_add(l, &s);
	if (!wide && l->n > 0)
		return;
	s.set[0] = none;
	set_range(&s.set[0], 0xc2, 0xf4);
	s.cut = true;
	list_add(l, &s);
}

static void
list_bytes(struct first_list *l, const char *p, size_t n)
{
	struct first_seq s;
	size_t i;

	memset(&s, 0, sizeof(s));
	for (i = 0; i < n && i < FIRST_BYTES; i++)
		set_add(&s.set[s.n++], (unsigned char)p[i]);
	list_add(l, &s);
}

bool
has_case(uint32_t cp)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);

	return c < UTF8PROC_CATEGORY_PC || c > UTF8PROC_CATEGORY_PO;
}

/* One character.  Of ASCII only k and s have another case beyond it (U+212A,
 * U+017F); what has another case beyond ASCII is taken as any such character. */
void
list_char(struct first_list *l, uint32_t cp, bool caseless)
{
	struct first_set s = none;
	char utf8[4];

	l->n = 0;
	if (cp < 0x80) {
		set_add(&s, cp);
		if (caseless)
			set_fold(&s);
		list_class(l, &s, false);
		if (caseless && (cp | 32) == 'k')
			list_bytes(l, "\xe2\x84\xaa", 3);
		if (caseless && (cp | 32) == 's')
			list_bytes(l, "\xc5\xbf", 2);
	} else if (caseless && has_case(cp)) {
		if (cp == 0x212a || cp == 0x17f)
			set_add(&s, cp == 0x17f ? 's' : 'k');
		set_fold(&s);
		list_class(l, &s, true);
	} else {
		list_bytes(l, utf8, utf8_encode(cp, utf8));
	}
}
