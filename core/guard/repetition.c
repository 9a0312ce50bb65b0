/*
 * Guard kind "repetition": the text runs in a circle.  A phrase of up to
 * PERIOD_MAX words follows itself more than `max` times, a sentence or line of
 * some length comes back more than `max` times, or one character fills a line.
 */
#include "core/guard/guard.h"

#include <stdlib.h>

#include "core/base/arena.h"

extern const struct guard_kind guard_repetition;

#define MAX_DEFAULT	3
#define PERIOD_MAX	24	/* words of a phrase that follows itself */
#define WORDS_MIN	6	/* of all its repetitions together */
#define SENTENCE_WORDS	5
#define SAME_MAX	40	/* of one character */
#define SHORT_TEXT	((size_t)4096)
#define STRIDE		(SAME_MAX / 2)
#define SLOTS		256u	/* words that share one may be equal */

struct repetition {
	size_t	max;
	/* Bytes of words in lower case, and of gaps 0.  A NUL within a word is a
	 * space, which is no other byte of one. */
	uint8_t	folded[256];
};

struct word_seen {
	uint64_t	hash;
	uint32_t	start, end;
	uint32_t	back;		/* words to one that may be equal; 0: none */
	bool		last;		/* of a sentence or line */
};

static inline bool
is_space(unsigned char c)
{
	return c == ' ' || (unsigned)c - '\t' <= '\r' - '\t';
}

/* Punctuation around a word does not make it a different word. */
static bool
is_sign(unsigned char c)
{
	return c < 0x80 && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
	    !(c >= 'A' && c <= 'Z');
}

static uint64_t
word_hash(const struct repetition *x, const unsigned char *p, size_t n)
{
	uint64_t h = 14695981039346656037u;
	size_t i;

	while (n > 1 && is_sign(p[n - 1]))
		n--;
	while (n > 1 && is_sign(*p)) {
		p++;
		n--;
	}
	for (i = 0; i < n; i++)
		h = (h ^ x->folded[p[i]]) * 1099511628211u;
	return h ^ h >> 31;
}

/* Cuts the text into words; *n of them in v, which has room. */
static size_t
words_cut(const struct repetition *x, struct slice text, struct word_seen *v)
{
	const unsigned char *p = (const unsigned char *)text.p;
	const uint8_t *folded = x->folded;
	size_t at = 0, n = 0, start;

	for (;;) {
		for (; at < text.n && folded[p[at]] == 0; at++)
			if (p[at] == '\n' && n > 0)
				v[n - 1].last = true;
		if (at == text.n)
			break;
		for (start = at; at < text.n && folded[p[at]] != 0;)
			at++;
		v[n].start = (uint32_t)start;
		v[n].end = (uint32_t)at;
		v[n].hash = word_hash(x, p + start, at - start);
		v[n].last = p[at - 1] == '.' || p[at - 1] == '!' ||
		    p[at - 1] == '?';
		n++;
	}
	if (n > 0)
		v[n - 1].last = true;
	return n;
}

static size_t
words_count(const struct repetition *x, struct slice text)
{
	bool space, before = true;
	size_t i, n = 0;

	for (i = 0; i < text.n; i++, before = space) {
		space = x->folded[(unsigned char)text.p[i]] == 0;
		n += before & !space;
	}
	return n;
}

/* Room for the words of a text: of a long one they are counted. */
static size_t
words_room(const struct repetition *x, struct slice text)
{
	return text.n <= SHORT_TEXT ? text.n / 2 + 1 : words_count(x, text);
}

/* A rule of a table or page: "- - - -", "| --- | --- |". */
static bool
is_rule(struct slice text, const struct word_seen *from, const struct word_seen *to)
{
	size_t i;

	for (i = from->start; i < to->end; i++)
		if (!is_space((unsigned char)text.p[i]) &&
		    !is_sign((unsigned char)text.p[i]))
			return false;
	return true;
}

/* Links each word to the last one before it that may be equal. */
static void
words_link(struct word_seen *v, size_t n)
{
	uint32_t at[SLOTS] = { 0 }, *last;	/* index plus one */
	size_t i;

	for (i = 0; i < n; i++) {
		last = &at[v[i].hash % SLOTS];
		v[i].back = *last == 0 ? 0 : (uint32_t)i + 1 - *last;
		*last = (uint32_t)i + 1;
	}
}

/* So many words running, up to one of them, equal those a period before. */
struct same {
	size_t	n, at;
};

/* The shortest period with which the words up to i go in a circle, or 0. */
static size_t
circle_at(const struct repetition *x, const struct word_seen *v, size_t i,
    struct same same[PERIOD_MAX + 1])
{
	size_t p = 0, back;

	while ((back = v[i - p].back) != 0 && (p += back) <= PERIOD_MAX) {
		if (v[i].hash != v[i - p].hash)
			continue;
		same[p].n = same[p].at + 1 == i ? same[p].n + 1 : 1;
		same[p].at = i;
		if (same[p].n >= p * x->max && same[p].n + p >= WORDS_MIN)
			return p;
	}
	return 0;
}

/* Phrases that follow themselves; the shortest is reported. */
static enum status
circles(const struct repetition *x, struct guard_run *r, const struct word_seen *v,
    size_t n, struct error *err)
{
	struct same same[PERIOD_MAX + 1] = { { 0, 0 } };
	size_t i, p, first, count;

	for (i = 1; i < n; i++) {
		if ((p = circle_at(x, v, i, same)) == 0)
			continue;
		first = i + 1 - same[p].n - p;
		while (i + 1 < n && v[i + 1].hash == v[i + 1 - p].hash)
			i++;
		count = (i + 1 - first) / p;
		memset(same, 0, sizeof(same));
		if (is_rule(r->text, &v[first], &v[first + p - 1]))
			continue;
		if (finding_add(r, "phrase", v[first].start, v[i].end,
		    "a phrase of %zu word%s stands %zu times running", p,
		    p == 1 ? "" : "s", count) == NULL)
			return finding_stop(r, err);
	}
	return STATUS_OK;
}

struct sentence {
	uint64_t	hash;
	uint32_t	start, end;
	uint32_t	words;
};

static int
sentence_cmp(const void *pa, const void *pb)
{
	const struct sentence *a = pa, *b = pb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return a->start < b->start ? -1 : a->start > b->start;
}

static size_t
sentences_cut(const struct word_seen *v, size_t n, struct sentence *s)
{
	size_t i, k = 0;
	bool fresh = true;

	for (i = 0; i < n; i++) {
		if (fresh)
			s[k] = (struct sentence){ 0, v[i].start, 0, 0 };
		s[k].hash = (s[k].hash ^ v[i].hash) * 0x9e3779b97f4a7c15u;
		s[k].hash ^= s[k].hash >> 29;
		s[k].end = v[i].end;
		s[k].words++;
		fresh = v[i].last;
		k += fresh && s[k].words >= SENTENCE_WORDS;
	}
	return k;
}

/* Sentences that come back, wherever they stand; the last one is marked. */
static enum status
returns(const struct repetition *x, struct guard_run *r, struct sentence *s,
    size_t n, struct error *err)
{
	size_t i, k;

	qsort(s, n, sizeof(*s), sentence_cmp);
	for (i = 0; i < n; i = k) {
		for (k = i + 1; k < n && s[k].hash == s[i].hash; k++)
			;
		if (k - i > x->max && finding_add(r, "sentence", s[k - 1].start,
		    s[k - 1].end, "a sentence stands %zu times", k - i) == NULL)
			return finding_stop(r, err);
	}
	return STATUS_OK;
}

/*
 * One character many times, but for what rules and gaps are made of.  Of so many
 * two stand STRIDE apart, so that few places of a text need a look.
 */
static enum status
same_character(struct guard_run *r, struct error *err)
{
	struct slice text = r->text;
	size_t at = 0, start, end;

	while (at + STRIDE < text.n) {
		if (text.p[at] != text.p[at + STRIDE]) {
			at += STRIDE;
			continue;
		}
		for (start = at; start > 0 && text.p[start - 1] == text.p[at];)
			start--;
		for (end = at + 1; end < text.n && text.p[end] == text.p[at];)
			end++;
		if (end - start > SAME_MAX && strchr("-=_*#.~+|\\/ \t\r\n",
		    text.p[at]) == NULL && finding_add(r, "character", start,
		    end, "one character stands %zu times running",
		    end - start) == NULL)
			return finding_stop(r, err);
		at = end;
	}
	return STATUS_OK;
}

static enum status
repetition_run(const void *compiled, struct guard_run *r, struct error *err)
{
	const struct repetition *x = compiled;
	size_t n = words_room(x, r->text), before = r->out->n;
	struct sentence *s;
	struct word_seen *v;
	enum status st;

	if ((st = same_character(r, err)) != STATUS_OK)
		return st;
	v = arena_alloc(r->arena, n * sizeof(*v));
	s = arena_alloc(r->arena, n * sizeof(*s));
	if (v == NULL || s == NULL)
		return error_nomem(err);
	if ((n = words_cut(x, r->text, v)) <= x->max)
		return STATUS_OK;
	words_link(v, n);
	if ((st = circles(x, r, v, n, err)) != STATUS_OK || r->out->n > before)
		return st;
	return returns(x, r, s, sentences_cut(v, n, s), err);
}

static enum status
repetition_compile(const struct guard_config *c, void **out, struct error *err)
{
	struct repetition *x;
	enum status st;
	unsigned i;

	if ((x = malloc(sizeof(*x))) == NULL)
		return error_nomem(err);
	for (i = 0; i < 256; i++)
		x->folded[i] = (uint8_t)(is_space((unsigned char)i) ? 0 :
		    i == 0 ? ' ' : i >= 'A' && i <= 'Z' ? i + 32 : i);
	x->max = MAX_DEFAULT;
	if ((st = guard_option_size(c, "max", 1, &x->max, err)) != STATUS_OK) {
		free(x);
		return st;
	}
	*out = x;
	return STATUS_OK;
}

static const struct option_row repetition_options[] = {
	{ "max", OPTION_NUMBER, NULL, false },
	{ NULL, OPTION_STRING, NULL, false }
};

const struct guard_kind guard_repetition = {
	.name = "repetition",
	.options = repetition_options,
	.severity = SEVERITY_MEDIUM,
	.cost = 8,
	.reads = READS_JOINED,
	.leaves = READS_JOINED,
	.compile = repetition_compile,
	.run = repetition_run,
	.free = free
};
