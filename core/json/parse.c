#include "core/json/parse.h"

#include <stdlib.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "core/base/utf8.h"
#include "core/json/value.h"

#define TOKENS_FIRST	64u
#define COUNT_MAX	((1u << 28) - 1)
#define FEW_KEYS	16u	/* compared pair by pair; more are sorted */

/* An array or object that is still open. */
struct frame {
	uint64_t	seen;		/* a bit for each key so far, by its length and first bytes */
	uint32_t	tok;
	uint32_t	count;
	bool		object;
	bool		suspect;	/* two keys may be equal */
	bool		escaped;	/* a key is written with escapes */
};

struct object_key {
	const char	*p;
	uint32_t	 n;
	uint32_t	 start;		/* byte of its token */
};

/* What is kept from text to text beside the tokens. */
struct json_scratch {
	struct frame	*frame;
	size_t		 nframe;
	struct object_key	*key;
	size_t		 nkey;
	struct buf	 decoded;
};

struct parser {
	struct json		*d;
	struct json_scratch		*s;
	const char		*end;
	struct frame		*top;	/* NULL outside of every container */
	int			 depth, depth_max;
	int			 flags;
	const struct json *const *known;	/* JSON_KNOWN of them, or NULL */
	struct json_error	*why;
};

enum lead {
	LEAD_BAD, LEAD_STRING, LEAD_NUMBER, LEAD_WORD, LEAD_OPEN
};

static const uint8_t leads[256] = {
	['"'] = LEAD_STRING, ['-'] = LEAD_NUMBER, ['0'] = LEAD_NUMBER,
	['1'] = LEAD_NUMBER, ['2'] = LEAD_NUMBER, ['3'] = LEAD_NUMBER,
	['4'] = LEAD_NUMBER, ['5'] = LEAD_NUMBER, ['6'] = LEAD_NUMBER,
	['7'] = LEAD_NUMBER, ['8'] = LEAD_NUMBER, ['9'] = LEAD_NUMBER,
	['t'] = LEAD_WORD, ['f'] = LEAD_WORD, ['n'] = LEAD_WORD,
	['{'] = LEAD_OPEN, ['['] = LEAD_OPEN
};

/* Sets the error; NULL stands for "no further" everywhere below. */
static const char *
fail(struct parser *ps, const char *at, const char *reason)
{
	ps->why->offset = (size_t)(at - ps->d->text);
	ps->why->reason = at == ps->end ? "unexpected end" : reason;
	return NULL;
}

static const char *
no_memory(struct parser *ps)
{
	ps->why->offset = 0;
	ps->why->reason = "out of memory";
	return NULL;
}

static inline const char *
skip_space(const char *p, const char *end)
{
	while (p < end && (unsigned char)*p <= ' ' && (*p == ' ' ||
	    *p == '\n' || *p == '\r' || *p == '\t'))
		p++;
	return p;
}

static const char *
tokens_grow(struct parser *ps, const char *p)
{
	struct json *d = ps->d;
	size_t cap = d->cap == 0 ? TOKENS_FIRST : (size_t)d->cap * 2;
	struct json_token *tok;

	if (cap > UINT32_MAX || (tok = realloc(d->tok, cap * sizeof(*tok))) ==
	    NULL)
		return no_memory(ps);
	d->tok = tok;
	d->cap = (uint32_t)cap;
	return p;
}

static inline struct json_token *
token_add(struct parser *ps, const char *p, enum json_kind type)
{
	struct json *d = ps->d;
	struct json_token *t;

	if (d->n == d->cap && tokens_grow(ps, p) == NULL)
		return NULL;
	t = &d->tok[d->n++];
	*t = (struct json_token){ .start = (uint32_t)(p - d->text),
	    .next = d->n, .type = type & 7u };
	return t;
}

/*
 * Passes over bytes that need no look of their own: printable ASCII but quote
 * and backslash.  Stops at the latest at end.
 */
#if defined(__SSE2__)
static inline unsigned
special16(const char *p)
{
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(0x1f)), x);
	__m128i mark = _mm_or_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8('"')),
	    _mm_cmpeq_epi8(x, _mm_set1_epi8('\\')));

	/* The top bit of x itself marks what is not ASCII. */
	return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(low, mark),
	    x));
}

/* The quote that ends a short and plain string, or NULL. */
static inline const char *
quote_near(const char *p, const char *end)
{
	unsigned mask;

	if (end - p < 16 || (mask = special16(p)) == 0)
		return NULL;
	p += __builtin_ctz(mask);
	return *p == '"' ? p : NULL;
}

static inline const char *
skip_plain_wide(const char *p, const char *end)
{
	unsigned mask;

	while (end - p >= 16) {
		if ((mask = special16(p)) != 0)
			return p + __builtin_ctz(mask);
		p += 16;
	}
	return p;
}
#else
static inline const char *
quote_near(const char *p, const char *end)
{
	(void)p;
	(void)end;
	return NULL;
}

static inline const char *
skip_plain_wide(const char *p, const char *end)
{
	const uint64_t ones = 0x0101010101010101u, tops = ones * 0x80;
	uint64_t x, quote, slash;

	/* Borrows can only set a mark too many above one that is right. */
	while (end - p >= 8) {
		memcpy(&x, p, 8);
		quote = x ^ ones * '"';
		slash = x ^ ones * '\\';
		if (((x | (x - ones * 0x20) | (quote - ones) |
		    (slash - ones)) & tops) != 0)
			break;
		p += 8;
	}
	return p;
}
#endif

static inline bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static inline const char *
skip_plain(const char *p, const char *end)
{
	p = skip_plain_wide(p, end);
	while (p < end && is_plain((unsigned char)*p))
		p++;
	return p;
}

/* Passes over code points that are not ASCII; NULL where one is not valid. */
static inline const char *
skip_wide_points(const char *p, const char *end)
{
	size_t n;

	for (; p < end && (unsigned char)*p >= 0x80; p += n)
		if ((n = utf8_length(p, (size_t)(end - p))) == 0)
			return NULL;
	return p;
}

/* The value of four hexadecimal digits, or -1. */
static int
hex4(const char *p, const char *end)
{
	int i, digit, value = 0;

	if (end - p < 4)
		return -1;
	for (i = 0; i < 4; i++) {
		if ((digit = hex_digit(p[i])) < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* Passes over \uXXXX, or a pair of them; p is at the backslash. */
static const char *
skip_unicode_escape(struct parser *ps, const char *p)
{
	int low, value = hex4(p + 2, ps->end);

	if (value < 0)
		return fail(ps, p, "invalid escape in a string");
	if (value == 0 && (ps->flags & JSON_NUL_ALLOWED) == 0)
		return fail(ps, p, "NUL in a string");
	if (value < 0xd800 || value > 0xdfff)
		return p + 6;
	if (value <= 0xdbff && ps->end - p >= 12 && p[6] == '\\' &&
	    p[7] == 'u') {
		low = hex4(p + 8, ps->end);
		if (low >= 0xdc00 && low <= 0xdfff)
			return p + 12;
	}
	if ((ps->flags & JSON_LENIENT) != 0)
		return p + 6;
	return fail(ps, p, "lone surrogate in a string");
}

static const char *
skip_escape(struct parser *ps, const char *p)
{
	if (ps->end - p < 2)
		return fail(ps, ps->end, "");
	switch (p[1]) {
	case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r':
	case 't':
		return p + 2;
	case 'u':
		return skip_unicode_escape(ps, p);
	default:
		return fail(ps, p, "invalid escape in a string");
	}
}

/* p is behind the opening quote; the end is behind the closing one. */
static inline const char *
skip_string(struct parser *ps, const char *p, bool *escaped)
{
	const char *q;

	for (;;) {
		p = skip_plain(p, ps->end);
		if (p == ps->end)
			return fail(ps, p, "");
		if (*p == '"')
			return p + 1;
		if (*p == '\\') {
			*escaped = true;
			if ((p = skip_escape(ps, p)) == NULL)
				return NULL;
		} else if ((unsigned char)*p < 0x20) {
			return fail(ps, p, *p == '\0' ? "NUL in a string" :
			    "control character in a string");
		} else if ((q = skip_wide_points(p, ps->end)) == NULL) {
			return fail(ps, p, "invalid UTF-8");
		} else {
			p = q;
		}
	}
}

static inline const char *
parse_string(struct parser *ps, const char *p)
{
	struct json_token *t = token_add(ps, p, TOKEN_STRING);
	bool escaped = false;
	const char *quote;

	if (t == NULL)
		return NULL;
	if ((quote = quote_near(p + 1, ps->end)) != NULL)
		p = quote + 1;
	else if ((p = skip_string(ps, p + 1, &escaped)) == NULL)
		return NULL;
	t->escaped = escaped;
	t->end = (uint32_t)(p - ps->d->text);
	return p;
}

static inline const char *
skip_digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

static const char *
parse_number(struct parser *ps, const char *p)
{
	struct json_token *t = token_add(ps, p, TOKEN_NUMBER);
	const char *digits, *end = ps->end;

	if (t == NULL)
		return NULL;
	if (*p == '-')
		p++;
	digits = p;
	p = skip_digits(p, end);
	if (p == digits)
		return fail(ps, p, "invalid number");
	if (*digits == '0' && p - digits > 1)
		return fail(ps, digits, "a number with a leading zero");
	if (p < end && *p == '.') {
		digits = ++p;
		if ((p = skip_digits(p, end)) == digits)
			return fail(ps, p, "invalid number");
	}
	if (p < end && (*p | 0x20) == 'e') {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		digits = p;
		if ((p = skip_digits(p, end)) == digits)
			return fail(ps, p, "invalid number");
	}
	t->end = (uint32_t)(p - ps->d->text);
	return p;
}

static const char *
parse_word(struct parser *ps, const char *p)
{
	static const struct {
		struct slice	text;
		enum json_kind	type;
	} words[] = {
		{ { "null", 4 }, TOKEN_NULL }, { { "true", 4 }, TOKEN_TRUE },
		{ { "false", 5 }, TOKEN_FALSE }
	};
	struct json_token *t;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if ((size_t)(ps->end - p) < words[i].text.n ||
		    memcmp(p, words[i].text.p, words[i].text.n) != 0)
			continue;
		if ((t = token_add(ps, p, words[i].type)) == NULL)
			return NULL;
		p += words[i].text.n;
		t->end = (uint32_t)(p - ps->d->text);
		return p;
	}
	return fail(ps, p, "expected a value");
}

static bool
scratch_reserve(void **p, size_t *cap, size_t need, size_t size)
{
	size_t n = *cap == 0 ? 16 : *cap;
	void *grown;

	while (n < need)
		n *= 2;
	if (n == *cap)
		return true;
	if ((grown = realloc(*p, n * size)) == NULL)
		return false;
	*p = grown;
	*cap = n;
	return true;
}

static int
key_order(const void *va, const void *vb)
{
	const struct object_key *a = va, *b = vb;
	int order;

	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	if ((order = memcmp(a->p, b->p, a->n)) != 0)
		return order;
	return a->start < b->start ? -1 : a->start > b->start;
}

static bool
key_equal(const struct object_key *a, const struct object_key *b)
{
	return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

/* Puts the decoded keys of an object into the scratch. */
static bool
keys_collect(struct parser *ps, const struct frame *f)
{
	struct json_scratch *s = ps->s;
	const struct json_token *t;
	struct slice inside;
	uint32_t i, at = f->tok + 1;
	size_t room = 0, from;

	if (!scratch_reserve((void **)&s->key, &s->nkey, f->count,
	    sizeof(*s->key)))
		return false;
	for (i = 0; i < f->count; i++, at = ps->d->tok[at + 1].next) {
		t = &ps->d->tok[at];
		s->key[i].p = ps->d->text + t->start + 1;
		s->key[i].n = t->end - t->start - 2;
		s->key[i].start = t->start;
		room += t->escaped ? s->key[i].n : 0;
	}
	/* Decoding never makes longer, so that the bytes will not move. */
	buf_clear(&s->decoded);
	if (!buf_reserve(&s->decoded, room + 8))
		return false;
	at = f->tok + 1;
	for (i = 0; i < f->count; i++, at = ps->d->tok[at + 1].next) {
		if (!ps->d->tok[at].escaped)
			continue;
		inside = (struct slice){ s->key[i].p, s->key[i].n };
		from = s->decoded.n;
		json_decode(inside, &s->decoded);
		s->key[i].p = s->decoded.p + from;
		s->key[i].n = (uint32_t)(s->decoded.n - from);
	}
	return true;
}

/* The first byte of the first key that an earlier one equals, or UINT32_MAX. */
static uint32_t
keys_repeated(struct object_key *key, uint32_t n)
{
	uint32_t i, j, first = UINT32_MAX;

	if (n <= FEW_KEYS) {
		for (i = 1; i < n; i++)
			for (j = 0; j < i; j++)
				if (key_equal(&key[i], &key[j]))
					return key[i].start;
		return first;
	}
	qsort(key, n, sizeof(*key), key_order);
	for (i = 1; i < n; i++)
		if (key_equal(&key[i], &key[i - 1]) && key[i].start < first)
			first = key[i].start;
	return first;
}

static const char *
keys_check(struct parser *ps, const char *p, const struct frame *f)
{
	uint32_t at;

	if (!keys_collect(ps, f))
		return no_memory(ps);
	if ((at = keys_repeated(ps->s->key, f->count)) != UINT32_MAX)
		return fail(ps, ps->d->text + at, "duplicate key");
	return p;
}

/* Is this key, the last so far, equal to an earlier one as both are written? */
static bool
key_is_there(const struct json *d, const struct frame *f,
    const struct json_token *key)
{
	const struct json_token *t = &d->tok[f->tok + 1];
	size_t n = key->end - key->start;

	for (; t < key; t = &d->tok[t[1].next])
		if (t->end - t->start == n && memcmp(d->text + t->start,
		    d->text + key->start, n) == 0)
			return true;
	return false;
}

/* A key and its colon. */
static inline const char *
parse_key(struct parser *ps, const char *p)
{
	struct frame *f = ps->top;
	const struct json_token *t;
	const char *inside;
	uint64_t bit;

	p = skip_space(p, ps->end);
	if (p == ps->end || *p != '"')
		return fail(ps, p, "expected a key");
	inside = p + 1;
	if ((p = parse_string(ps, p)) == NULL)
		return NULL;
	t = &ps->d->tok[ps->d->n - 1];
	bit = (uint64_t)1 << json_key_hash(inside, (size_t)(p - inside) - 1);
	f->escaped |= t->escaped;
	f->suspect |= t->escaped || ((f->seen & bit) != 0 &&
	    (f->count > FEW_KEYS || key_is_there(ps->d, f, t)));
	f->seen |= bit;
	p = skip_space(p, ps->end);
	if (p == ps->end || *p != ':')
		return fail(ps, p, "expected a colon");
	return p + 1;
}

/* The bits of all keys, as json_key_bit() has them. */
static inline uint32_t
keys_mask(const struct frame *f)
{
	return f->escaped ? UINT32_MAX :
	    (uint32_t)(f->seen | f->seen >> 28 | f->seen >> 56);
}

static const char *
close_container(struct parser *ps, const char *p)
{
	struct frame *f = ps->top;
	struct json_token *t = &ps->d->tok[f->tok];

	if (f->suspect && f->count > 1 &&
	    (ps->flags & JSON_LENIENT) == 0 && keys_check(ps, p, f) == NULL)
		return NULL;
	t->end = (uint32_t)(p + 1 - ps->d->text);
	t->next = ps->d->n;
	t->count = f->count & COUNT_MAX;
	if (f->object && f->count > 0)
		t[1].count = keys_mask(f) & COUNT_MAX;
	ps->top = --ps->depth == 0 ? NULL : f - 1;
	return p + 1;
}

static inline const char *
count_member(struct parser *ps, const char *p)
{
	if (ps->top->count++ == COUNT_MAX)
		return fail(ps, p, "too many members");
	return p;
}

/*
 * Opens a container.  *due tells whether a value must follow; else it was empty
 * and is closed again.
 */
static const char *
open_container(struct parser *ps, const char *p, bool *due)
{
	struct json_scratch *s = ps->s;
	bool object = *p == '{';
	struct frame *f;

	if (ps->depth >= ps->depth_max)
		return fail(ps, p, "nested too deeply");
	if (!scratch_reserve((void **)&s->frame, &s->nframe,
	    (size_t)ps->depth + 1, sizeof(*s->frame)))
		return no_memory(ps);
	f = ps->top = &s->frame[ps->depth++];
	if (ps->depth > ps->d->depth)
		ps->d->depth = ps->depth;
	*f = (struct frame){ .tok = ps->d->n, .object = object };
	if (token_add(ps, p, object ? TOKEN_OBJECT : TOKEN_ARRAY) == NULL)
		return NULL;
	p = skip_space(p + 1, ps->end);
	if (p < ps->end && *p == (object ? '}' : ']')) {
		*due = false;
		return close_container(ps, p);
	}
	*due = true;
	f->count = 1;
	return object ? parse_key(ps, p) : p;
}

/* What follows a value: closing, or a comma and a further value (*due). */
static inline const char *
after_value(struct parser *ps, const char *p, bool *due)
{
	struct frame *f;

	*due = false;
	while ((f = ps->top) != NULL) {
		p = skip_space(p, ps->end);
		if (p < ps->end && *p == ',') {
			*due = true;
			if (count_member(ps, p) == NULL)
				return NULL;
			return f->object ? parse_key(ps, p + 1) : p + 1;
		}
		if (p == ps->end || *p != (f->object ? '}' : ']'))
			return fail(ps, p, f->object ? "expected a comma or }" :
			    "expected a comma or ]");
		if ((p = close_container(ps, p)) == NULL)
			return NULL;
	}
	return p;
}

/* The tokens of a value that is parsed already, which begins at p; behind it. */
static const char *
known_copy(struct parser *ps, const char *p, const struct json *k)
{
	struct json *d = ps->d;
	const uint32_t base = d->n;
	const uint32_t moved = (uint32_t)(p - d->text) - k->tok[0].start;
	struct json_token *t;
	uint32_t i;

	while (d->cap - d->n < k->n)
		if (tokens_grow(ps, p) == NULL)
			return NULL;
	for (i = 0; i < k->n; i++) {
		t = &d->tok[base + i];
		*t = k->tok[i];
		t->start += moved;		/* unsigned: it may wrap back */
		t->end += moved;
		t->next += base;
	}
	d->n += k->n;
	if (ps->depth + k->depth > d->depth)
		d->depth = ps->depth + k->depth;
	return p + (k->tok[0].end - k->tok[0].start);
}

/* The known value that begins at p and would be taken there, or NULL. */
static const struct json *
known_find(const struct parser *ps, const char *p)
{
	const struct json *k;
	size_t i, n;

	if (ps->known == NULL || ps->depth != 1)
		return NULL;
	for (i = 0; i < JSON_KNOWN; i++) {
		k = ps->known[i];
		if (k == NULL || k->n == 0 || k->flags != ps->flags ||
		    k->depth == 0 || ps->depth + k->depth > ps->depth_max)
			continue;
		n = k->tok[0].end - k->tok[0].start;
		if ((size_t)(ps->end - p) >= n &&
		    memcmp(p, k->text + k->tok[0].start, n) == 0)
			return k;
	}
	return NULL;
}

static const char *
parse_container(struct parser *ps, const char *p, bool *due)
{
	const struct json *k = known_find(ps, p);

	return k != NULL ? known_copy(ps, p, k) : open_container(ps, p, due);
}

/* One value that is not yet closed, if it is a container with members. */
static inline const char *
parse_value(struct parser *ps, const char *p, bool *due)
{
	*due = false;
	p = skip_space(p, ps->end);
	if (p == ps->end)
		return fail(ps, p, "");
	switch ((enum lead)leads[(unsigned char)*p]) {
	case LEAD_STRING:
		return parse_string(ps, p);
	case LEAD_NUMBER:
		return parse_number(ps, p);
	case LEAD_WORD:
		return parse_word(ps, p);
	case LEAD_OPEN:
		return parse_container(ps, p, due);
	case LEAD_BAD:
		break;
	}
	return fail(ps, p, memcmp(p, "\xef\xbb\xbf", ps->end - p < 3 ?
	    (size_t)(ps->end - p) : 3) == 0 ? "a byte order mark" :
	    "expected a value");
}

static const char *
parse_text(struct parser *ps, const char *p)
{
	bool due = true;

	while (due) {
		if ((p = parse_value(ps, p, &due)) == NULL)
			return NULL;
		if (!due && (p = after_value(ps, p, &due)) == NULL)
			return NULL;
	}
	p = skip_space(p, ps->end);
	if (p < ps->end)
		return fail(ps, p, "text after the value");
	return p;
}

enum status
json_parse(struct json *d, struct slice text, int depth_max, int flags,
    struct json_error *why)
{
	return json_parse_known(d, text, depth_max, flags, NULL, why);
}

enum status
json_parse_known(struct json *d, struct slice text, int depth_max, int flags,
    const struct json *const known[JSON_KNOWN], struct json_error *why)
{
	struct parser ps = { .d = d, .depth_max = depth_max, .flags = flags,
	    .known = known, .why = why };

	d->text = text.p == NULL ? "" : text.p;
	d->len = text.n;
	d->n = 0;
	d->depth = 0;
	d->flags = flags;
	ps.end = d->text + d->len;
	if (text.n > JSON_LEN_MAX) {
		why->offset = JSON_LEN_MAX;
		why->reason = "longer than 1 GiB";
		return STATUS_INVALID;
	}
	if (d->scratch == NULL && (d->scratch = calloc(1,
	    sizeof(struct json_scratch))) == NULL) {
		(void)no_memory(&ps);
		return STATUS_NOMEM;
	}
	ps.s = d->scratch;
	why->reason = NULL;
	if (parse_text(&ps, d->text) != NULL)
		return STATUS_OK;
	d->n = 0;
	return strcmp(why->reason, "out of memory") == 0 ? STATUS_NOMEM :
	    STATUS_INVALID;
}

void
json_release(struct json *d)
{
	struct json_scratch *s = d->scratch;

	if (s != NULL) {
		free(s->frame);
		free(s->key);
		buf_release(&s->decoded);
		free(s);
	}
	free(d->tok);
	memset(d, 0, sizeof(*d));
}
