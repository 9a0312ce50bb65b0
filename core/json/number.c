#include "core/json/number.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Exponents beyond this say nothing more: no text is that long. */
#define EXPONENT_MAX	((int64_t)1 << 56)

static int64_t
read_exponent(const char *p, const char *end)
{
	int64_t v = 0;
	bool neg = false;

	if (p < end && (*p == '+' || *p == '-'))
		neg = *p++ == '-';
	for (; p < end; p++) {
		v = v * 10 + (*p - '0');
		if (v > EXPONENT_MAX)
			v = EXPONENT_MAX;
	}
	return neg ? -v : v;
}

void
number_read(struct number *n, struct slice text)
{
	const char *p = text.p, *end = text.p + text.n;
	int64_t seen = 0, whole = -1, first = 0, last = 0;
	bool neg;

	n->text = text;
	n->first = n->last = NULL;
	n->digits = 0;
	n->exponent = 0;
	if ((neg = p < end && *p == '-'))
		p++;
	for (; p < end && *p != 'e' && *p != 'E'; p++) {
		if (*p == '.') {
			whole = seen;
			continue;
		}
		if (*p != '0') {
			if (n->first == NULL) {
				n->first = p;
				first = seen;
			}
			n->last = p;
			last = seen;
		}
		seen++;
	}
	n->sign = n->first == NULL ? 0 : neg ? -1 : 1;
	if (n->first == NULL)
		return;
	if (whole < 0)
		whole = seen;
	n->digits = (uint32_t)(last - first + 1);
	n->exponent = whole - 1 - last;
	if (p < end)
		n->exponent += read_exponent(p + 1, end);
}

bool
number_integral(const struct number *n)
{
	return n->sign == 0 || n->exponent >= 0;
}

static int
compare_digits(const struct number *a, const struct number *b)
{
	const char *p = a->first, *q = b->first;

	for (;; p++, q++) {
		if (p <= a->last && *p == '.')
			p++;
		if (q <= b->last && *q == '.')
			q++;
		if (p > a->last || q > b->last)
			return (p <= a->last) - (q <= b->last);
		if (*p != *q)
			return *p < *q ? -1 : 1;
	}
}

int
number_compare(const struct number *a, const struct number *b)
{
	int64_t x, y;

	if (a->sign != b->sign)
		return a->sign < b->sign ? -1 : 1;
	if (a->sign == 0)
		return 0;
	x = a->exponent + a->digits;
	y = b->exponent + b->digits;
	if (x != y)
		return (x < y ? -1 : 1) * a->sign;
	return compare_digits(a, b) * a->sign;
}

/* Big numbers in base 10^9, little end first. */
#define LIMB	1000000000u
#define LIMBS	(NUMBER_DIVISOR_DIGITS / 9 + 2)

struct big {
	uint32_t limb[LIMBS];
};

static void
big_shift(struct big *b, unsigned digit)
{
	uint64_t carry = digit, v;

	for (int i = 0; i < LIMBS; i++) {
		v = (uint64_t)b->limb[i] * 10 + carry;
		b->limb[i] = (uint32_t)(v % LIMB);
		carry = v / LIMB;
	}
}

static bool
big_less(const struct big *a, const struct big *b)
{
	for (int i = LIMBS - 1; i >= 0; i--) {
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i];
	}
	return false;
}

static void
big_subtract(struct big *a, const struct big *b)
{
	uint32_t borrow = 0, take;

	for (int i = 0; i < LIMBS; i++) {
		take = b->limb[i] + borrow;
		borrow = a->limb[i] < take;
		a->limb[i] = a->limb[i] + (borrow ? LIMB : 0) - take;
	}
}

/* The next digit of *n, or 0 for each of the zeros that follow them. */
static unsigned
next_digit(const struct number *n, const char **p)
{
	if (*p > n->last)
		return 0;
	if (**p == '.')
		++*p;
	return (unsigned)(*(*p)++ - '0');
}

static bool
divides_small(const struct number *a, const struct number *b, uint64_t steps)
{
	const char *p;
	uint64_t divisor = 0, r = 0;

	p = b->first;
	for (uint32_t i = 0; i < b->digits; i++)
		divisor = divisor * 10 + next_digit(b, &p);
	p = a->first;
	for (uint64_t i = 0; i < steps; i++)
		r = (r * 10 + next_digit(a, &p)) % divisor;
	return r == 0;
}

static bool
divides_big(const struct number *a, const struct number *b, uint64_t steps)
{
	static const struct big zero;
	struct big divisor = zero, r = zero;
	const char *p;

	p = b->first;
	for (uint32_t i = 0; i < b->digits; i++)
		big_shift(&divisor, next_digit(b, &p));
	p = a->first;
	for (uint64_t i = 0; i < steps; i++) {
		big_shift(&r, next_digit(a, &p));
		while (!big_less(&r, &divisor))
			big_subtract(&r, &divisor);
	}
	return memcmp(&r, &zero, sizeof(r)) == 0;
}

bool
number_multiple(const struct number *a, const struct number *b)
{
	int64_t zeros;

	if (a->sign == 0)
		return true;
	if (b->sign == 0)
		return false;
	/* a's last digit is not 0, so no power of ten divides its digits. */
	if ((zeros = a->exponent - b->exponent) < 0)
		return false;
	/* More zeros than the divisor has factors 2 or 5 change nothing. */
	if (zeros > (int64_t)b->digits * 4)
		zeros = (int64_t)b->digits * 4;
	return (b->digits <= 18 ? divides_small : divides_big)(a, b,
	    a->digits + (uint64_t)zeros);
}

bool
number_count(const struct number *n, uint64_t *v)
{
	const char *p = n->first;

	*v = 0;
	if (n->sign < 0 || !number_integral(n))
		return false;
	if (n->sign == 0)
		return true;
	if (n->digits + n->exponent > 19) {
		*v = UINT64_MAX - 1;
		return true;
	}
	for (int64_t i = 0; i < n->digits + n->exponent; i++)
		*v = *v * 10 + next_digit(n, &p);
	return true;
}

bool
number_small(const struct number *n, int64_t *v)
{
	const char *p = n->first;

	*v = 0;
	if (!number_integral(n) || n->digits > 18 ||
	    n->exponent > 18 - (int64_t)n->digits)
		return false;
	for (int64_t i = 0; n->sign != 0 && i < n->digits + n->exponent; i++)
		*v = *v * 10 + next_digit(n, &p);
	*v *= n->sign;
	return true;
}

uint64_t
number_hash(const struct number *n, uint64_t seed)
{
	uint64_t h = seed ^ (uint64_t)n->exponent ^ ((uint64_t)n->sign << 60);
	const char *p = n->first;

	for (uint32_t i = 0; i < n->digits; i++)
		h = (h ^ next_digit(n, &p)) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 29;
}

#define DIGITS_MAX	17	/* so many tell every double from every other */

/* d.ddd times ten to the power of the exponent. */
struct decimal {
	char	digits[DIGITS_MAX];
	int	n, exponent;
};

/* v > 0, rounded to so many digits: do they read back?  The point is what the
 * locale writes there. */
static bool
decimal_of(struct decimal *d, double v, int digits)
{
	char text[40];
	const char *p;

	(void)snprintf(text, sizeof(text), "%.*e", digits - 1, v);
	d->n = 0;
	for (p = text; *p != 'e'; p++)
		if (*p >= '0' && *p <= '9' && d->n < DIGITS_MAX)
			d->digits[d->n++] = *p;
	d->exponent = (int)strtol(p + 1, NULL, 10);
	return strtod(text, NULL) == v;
}

/*
 * The last digit one up.  The next double below a power of two is half as far off
 * as the next above: of two decimals on its sides the farther one, above it, may be
 * the one that reads back.
 */
static bool
decimal_up(struct decimal *d, double v)
{
	int i = d->n - 1, exponent;
	char text[40];

	if (frexp(v, &exponent) != 0.5)
		return false;
	for (; i > 0 && d->digits[i] == '9'; i--)
		d->digits[i] = '0';
	if (d->digits[i]++ == '9')
		return false;
	(void)snprintf(text, sizeof(text), "%.*se%d", d->n, d->digits,
	    d->exponent - d->n + 1);
	return strtod(text, NULL) == v;
}

#define SHORT_SCALE	6
/*
 * With six places at most, as people write prices and shares: a whole number of
 * millionths, below 10^15 of them, that divided again gives the same double.  No two
 * decimals of 15 digits share one, so that none is shorter.
 */
static bool
decimal_short(struct decimal *d, double v)
{
	double scaled = nearbyint(v * 1e6);
	uint64_t left;
	int n = 0, i;

	if (scaled < 1 || scaled >= 1e15 || scaled / 1e6 < v || scaled / 1e6 > v)
		return false;
	for (left = (uint64_t)scaled; left > 0; left /= 10)
		n++;
	for (left = (uint64_t)scaled, i = n; i-- > 0; left /= 10)
		d->digits[i] = (char)('0' + left % 10);
	d->exponent = n - 1 - SHORT_SCALE;
	for (d->n = n; d->n > 1 && d->digits[d->n - 1] == '0'; d->n--)
		;
	return true;
}

/*
 * A decimal of 15 digits is the only one of 15 or fewer that reads back as its
 * double, so that what is shorter is that without its zeros; but not among the
 * smallest doubles, which have fewer digits than that.
 */
static void
decimal_shortest(struct decimal *d, double v)
{
	int digits;

	if (decimal_short(d, v))
		return;
	for (digits = v < DBL_MIN ? 1 : DBL_DIG; !decimal_of(d, v, digits) &&
	    !decimal_up(d, v); digits++)
		assert(digits < DIGITS_MAX);
	while (d->n > 1 && d->digits[d->n - 1] == '0')
		d->n--;
}

static char *
put_zeros(char *to, int n)
{
	while (n-- > 0)
		*to++ = '0';
	return to;
}

static char *
put_part(char *to, const struct decimal *d, int from, int end)
{
	memcpy(to, d->digits + from, (size_t)(end - from));
	return to + (end - from);
}

/* 1e+21 and up, 1e-7 and down. */
static char *
put_scaled(char *to, const struct decimal *d)
{
	to = put_part(to, d, 0, 1);
	if (d->n > 1) {
		*to++ = '.';
		to = put_part(to, d, 1, d->n);
	}
	return to + snprintf(to, 6, "e%+d", d->exponent);
}

/* Whole numbers below 2^53 are their digits: no other is so near. */
static size_t
whole_text(double v, char *out)
{
	uint64_t left = (uint64_t)fabs(v);
	char digits[20];
	size_t n = sizeof(digits), sign = v < 0;

	do
		digits[--n] = (char)('0' + left % 10);
	while ((left /= 10) != 0);
	out[0] = '-';
	memcpy(out + sign, digits + n, sizeof(digits) - n);
	out[sign + sizeof(digits) - n] = '\0';
	return sign + sizeof(digits) - n;
}

size_t
number_text(double v, char out[NUMBER_TEXT])
{
	struct decimal d = { .n = 0 };
	char *to = out;
	int whole;		/* digits in front of the point */

	assert(isfinite(v));
	if (v == trunc(v) && fabs(v) < 9007199254740992.0)
		return whole_text(v, out);
	if (v < 0)
		*to++ = '-';
	decimal_shortest(&d, fabs(v));
	whole = d.exponent + 1;
	if (whole > 21 || whole < -5) {
		to = put_scaled(to, &d);
	} else if (whole >= d.n) {
		to = put_part(to, &d, 0, d.n);
		to = put_zeros(to, whole - d.n);
	} else if (whole > 0) {
		to = put_part(to, &d, 0, whole);
		*to++ = '.';
		to = put_part(to, &d, whole, d.n);
	} else {
		*to++ = '0';
		*to++ = '.';
		to = put_zeros(to, -whole);
		to = put_part(to, &d, 0, d.n);
	}
	*to = '\0';
	return (size_t)(to - out);
}
