/* Reading the values of a parsed text; core/json/parse.c makes the tokens. */
#include "core/json/value.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/base/utf8.h"
#include "core/json/parse.h"

uint32_t
json_seek(const struct json *d, uint32_t object, const char *key, size_t n)
{
	const struct json_token *end = &d->tok[d->tok[object].next];
	const struct json_token *k;

	for (k = &d->tok[object + 1]; k < end; k = &d->tok[k[1].next])
		if (k->escaped ? json_string_is(d, (uint32_t)(k - d->tok), key) :
		    k->end - k->start == n + 2 &&
		    memcmp(d->text + k->start + 1, key, n) == 0)
			return (uint32_t)(k - d->tok) + 1;
	return JSON_NONE;
}

uint32_t
json_seek_value(const struct json *d, uint32_t object, const char *key, size_t n)
{
	uint32_t t = json_seek(d, object, key, n);

	return t != JSON_NONE && json_kind(d, t) == TOKEN_NULL ? JSON_NONE : t;
}

uint32_t
json_seek_kind(const struct json *d, uint32_t object, const char *key, size_t n,
    enum json_kind kind)
{
	uint32_t t = json_seek(d, object, key, n);

	return t != JSON_NONE && json_kind(d, t) == kind ? t : JSON_NONE;
}

bool
json_get_is(const struct json *d, uint32_t object, const char *key,
    const char *value)
{
	uint32_t t = json_get_kind(d, object, key, TOKEN_STRING);

	return t != JSON_NONE && json_string_is(d, t, value);
}

uint32_t
json_at(const struct json *d, uint32_t array, uint32_t i)
{
	uint32_t t;

	if (array == JSON_NONE || json_kind(d, array) != TOKEN_ARRAY ||
	    i >= d->tok[array].count)
		return JSON_NONE;
	for (t = array + 1; i > 0; i--)
		t = d->tok[t].next;
	return t;
}

static uint32_t
hex4(const char *p)
{
	uint32_t value = 0;
	int i;

	for (i = 0; i < 4; i++)
		value = value << 4 | (uint32_t)(p[i] <= '9' ? p[i] - '0' :
		    (p[i] | 0x20) - 'a' + 10);
	return value;
}

/* Is p, behind a high surrogate within a string, at the low one of the pair? */
static bool
is_low(const char *p)
{
	uint32_t cp;

	if (p[0] != '\\' || p[1] != 'u')
		return false;
	cp = hex4(p + 2);
	return cp >= 0xdc00 && cp <= 0xdfff;
}

/* Decodes the escape at p (checked by the parser); its length in bytes. */
static size_t
escape_decode(const char *p, char out[4], size_t *n)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *at;
	uint32_t cp;

	if (p[1] != 'u') {
		at = strchr(from, p[1]);
		out[0] = at == NULL ? p[1] : to[at - from];
		*n = 1;
		return 2;
	}
	cp = hex4(p + 2);
	if (cp < 0xd800 || cp > 0xdfff) {
		*n = utf8_encode(cp, out);
		return 6;
	}
	if (cp > 0xdbff || !is_low(p + 6)) {
		*n = utf8_encode(0xfffd, out);
		return 6;
	}
	cp = 0x10000 + ((cp - 0xd800) << 10) + (hex4(p + 8) - 0xdc00);
	*n = utf8_encode(cp, out);
	return 12;
}

/* As escape_decode, for a string that must fit; returns what is after it. */
static size_t
string_decode(struct slice inside, char *out)
{
	const char *p = inside.p, *end = p + inside.n, *slash;
	char *q = out;
	char one[4];
	size_t n;

	while (p < end) {
		slash = memchr(p, '\\', (size_t)(end - p));
		n = (size_t)((slash == NULL ? end : slash) - p);
		memcpy(q, p, n);
		q += n;
		if (slash == NULL)
			break;
		p = slash + escape_decode(slash, one, &n);
		memcpy(q, one, n);
		q += n;
	}
	return (size_t)(q - out);
}

size_t
json_decode_into(struct slice inside, char *out)
{
	return string_decode(inside, out);
}

/* How long an escape at p is, 0 for none; the first half of a pair at the end is none,
 * since escape_decode() looks for the other half. */
static size_t
escape_length(const char *p, size_t n)
{
	size_t i;

	if (n < 2 || p[1] == '\0')
		return 0;
	if (p[1] != 'u')
		return strchr("\"\\/nrt", p[1]) != NULL ? 2 : 0;
	if (n < 6)
		return 0;
	for (i = 2; i < 6; i++)
		if (!isxdigit((unsigned char)p[i]))
			return 0;
	return n < 12 && hex4(p + 2) >= 0xd800 && hex4(p + 2) <= 0xdbff ? 0 : 6;
}

void
json_loosen(char *p, size_t n)
{
	size_t i = 0, len;

	while (i < n) {
		len = p[i] == '\\' ? escape_length(p + i, n - i) : 1;
		if (len == 0) {
			len = n - i > 1 && (p[i + 1] == 'b' ||
			    p[i + 1] == 'f') ? 2 : 1;
			memset(p + i, ' ', len);
		}
		i += len;
	}
}

void
json_decode(struct slice inside, struct buf *out)
{
	if (!buf_reserve(out, inside.n + 1))
		return;
	out->n += string_decode(inside, out->p + out->n);
	out->p[out->n] = '\0';
}

static struct slice
string_inside(const struct json *d, uint32_t t)
{
	return (struct slice){ d->text + d->tok[t].start + 1,
	    d->tok[t].end - d->tok[t].start - 2 };
}

struct slice
json_text(const struct json *d, uint32_t t, struct arena *arena)
{
	struct slice inside = string_inside(d, t);
	char *out;

	if (!d->tok[t].escaped)
		return inside;
	if ((out = arena_alloc(arena, inside.n)) == NULL)
		return SLICE_NONE;
	return (struct slice){ out, string_decode(inside, out) };
}

bool
json_escaped_is(const struct json *d, uint32_t t, const char *s)
{
	struct slice inside = string_inside(d, t);
	size_t i, n, len = strlen(s);
	char one[4];

	for (i = 0; i < inside.n; s += n, len -= n) {
		if (inside.p[i] == '\\') {
			i += escape_decode(inside.p + i, one, &n);
		} else {
			one[0] = inside.p[i++];
			n = 1;
		}
		if (n > len || memcmp(one, s, n) != 0)
			return false;
	}
	return len == 0;
}

/* Moves on until `at`, of the raw text or of the decoded one, is reached. */
static void
place_move(struct slice inside, struct json_place *p, size_t at, bool raw)
{
	size_t n, step, left;
	const char *slash;
	char one[4];

	while (p->raw < inside.n && (left = at - (raw ? p->raw :
	    p->decoded)) > 0) {
		step = inside.n - p->raw;
		if (step > left)
			step = left;
		slash = memchr(inside.p + p->raw, '\\', step);
		n = slash == NULL ? step :
		    (size_t)(slash - (inside.p + p->raw));
		p->raw += n;
		p->decoded += n;
		if (slash == NULL)
			continue;
		left -= n;
		step = escape_decode(slash, one, &n);
		if ((raw ? step : n) > left)
			return;
		p->raw += step;
		p->decoded += n;
	}
}

void
json_place_decoded(struct slice inside, struct json_place *p, size_t at)
{
	place_move(inside, p, at, false);
}

void
json_place_raw(struct slice inside, struct json_place *p, size_t at)
{
	place_move(inside, p, at, true);
}

/*
 * A number taken apart: the digits without leading zeros, times 10^exponent.
 * Of more digits than decide a double's value (767), one that is not zero
 * stands for all the rest.
 */
#define DIGITS_MAX	800
#define EXPONENT_MAX	100000

struct digits {
	char	d[DIGITS_MAX];
	int	n;
	long	exponent;
	bool	negative;
};

static void
digit_add(struct digits *x, char c, bool fraction)
{
	if (x->n == 0 && c == '0') {
		x->exponent -= fraction;
		return;
	}
	if (x->n < DIGITS_MAX) {
		x->d[x->n++] = c;
		x->exponent -= fraction;
		return;
	}
	if (c != '0')
		x->d[DIGITS_MAX - 1] = '1';
	x->exponent += !fraction;
}

static void
number_digits(struct slice raw, struct digits *x)
{
	const char *p = raw.p, *end = p + raw.n;
	bool fraction = false, below;
	long e = 0;

	x->n = 0;
	x->exponent = 0;
	x->negative = *p == '-';
	for (p += x->negative; p < end && (*p | 0x20) != 'e'; p++) {
		if (*p == '.')
			fraction = true;
		else
			digit_add(x, *p, fraction);
	}
	if (p == end)
		return;
	below = *++p == '-';
	for (p += *p == '-' || *p == '+'; p < end; p++)
		if (e < (long)JSON_LEN_MAX * 4)
			e = e * 10 + (*p - '0');
	x->exponent += below ? -e : e;
}

/* Few digits and a small power of ten: both exact, so is what they give. */
static bool
double_simple(struct slice raw, double *out)
{
	static const double tens[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
	    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	const char *p = raw.p, *end = p + raw.n;
	bool negative = *p == '-', fraction = false;
	int64_t value = 0;
	int places = 0;

	if (raw.n > 16)
		return false;
	for (p += negative; p < end; p++) {
		if (*p == '.') {
			fraction = true;
		} else if (*p >= '0' && *p <= '9') {
			value = value * 10 + (*p - '0');
			places += fraction;
		} else {
			return false;
		}
	}
	if (value > (int64_t)1 << 53)
		return false;
	*out = (double)value / tens[places];
	if (negative)
		*out = -*out;
	return true;
}

double
json_double(const struct json *d, uint32_t t)
{
	struct slice raw = json_raw(d, t);
	char text[DIGITS_MAX + 32];
	struct digits x;
	double value;

	if (double_simple(raw, &value))
		return value;
	number_digits(raw, &x);
	if (x.n == 0)
		return x.negative ? -0.0 : 0.0;
	if (x.exponent > EXPONENT_MAX)
		x.exponent = EXPONENT_MAX;
	if (x.exponent < -EXPONENT_MAX)
		x.exponent = -EXPONENT_MAX;
	/* Without a point, so that no locale changes what is read. */
	(void)snprintf(text, sizeof(text), "%s%.*se%ld", x.negative ? "-" : "",
	    x.n, x.d, x.exponent);
	return strtod(text, NULL);
}

/* Nothing but digits, and few enough to fit. */
static bool
int64_simple(struct slice raw, int64_t *out)
{
	int64_t value = 0;
	size_t i;

	if (raw.n > 18)
		return false;
	for (i = 0; i < raw.n; i++) {
		if (raw.p[i] < '0' || raw.p[i] > '9')
			return false;
		value = value * 10 + (raw.p[i] - '0');
	}
	*out = value;
	return true;
}

/* Any number that is an integer and fits, however it is written. */
static bool
int64_any(struct slice raw, int64_t *out)
{
	struct digits x;
	int64_t value = 0;
	int i;

	number_digits(raw, &x);
	while (x.n > 0 && x.d[x.n - 1] == '0') {
		x.n--;
		x.exponent++;
	}
	if (x.n == 0) {
		*out = 0;
		return true;
	}
	if (x.exponent < 0 || x.exponent > 19 || x.n + x.exponent > 19)
		return false;
	/* Counted downwards: INT64_MIN has no positive counterpart. */
	for (i = 0; i < x.n + (int)x.exponent; i++)
		if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
		    __builtin_sub_overflow(value, i < x.n ? x.d[i] - '0' : 0,
		    &value))
			return false;
	if (!x.negative && value == INT64_MIN)
		return false;
	*out = x.negative ? value : -value;
	return true;
}

bool
json_int64(const struct json *d, uint32_t t, int64_t *out)
{
	return json_kind(d, t) == TOKEN_NUMBER &&
	    (int64_simple(json_raw(d, t), out) ||
	    int64_any(json_raw(d, t), out));
}
