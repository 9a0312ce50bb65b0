#include "core/base/utf8.h"

/* What may follow a lead byte: the length, and the range of the second byte. */
struct lead_row {
	uint8_t	first, last;
	uint8_t	n, low, high;
};

static const struct lead_row leads[] = {
	{ 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f },
	{ 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f }
};

size_t
utf8_decode(const char *p, size_t n, uint32_t *cp)
{
	const unsigned char *u = (const unsigned char *)p;
	const struct lead_row *l = leads;
	uint32_t value;
	size_t i;

	if (u[0] < 0x80) {
		*cp = u[0];
		return 1;
	}
	while (l < leads + sizeof(leads) / sizeof(leads[0]) &&
	    u[0] > l->last)
		l++;
	if (l == leads + sizeof(leads) / sizeof(leads[0]) || u[0] < l->first ||
	    n < l->n || u[1] < l->low || u[1] > l->high)
		return 0;
	value = u[0] & (0x7fu >> l->n);
	for (i = 1; i < l->n; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (u[i] & 0x3fu);
	}
	*cp = value;
	return l->n;
}

size_t
utf8_encode(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

static bool
ascii8(const char *p)
{
	uint64_t x;

	memcpy(&x, p, 8);
	return (x & 0x8080808080808080u) == 0;
}

size_t
utf8_valid(const char *p, size_t n)
{
	size_t i = 0, step;
	uint32_t cp;

	while (i < n) {
		if (n - i >= 8 && ascii8(p + i)) {
			i += 8;
			continue;
		}
		if ((step = utf8_decode(p + i, n - i, &cp)) == 0)
			return i;
		i += step;
	}
	return n;
}

size_t
utf8_count(const char *p, size_t n)
{
	const uint64_t ones = 0x0101010101010101u;
	size_t i = 0, tails = 0;
	uint64_t x;

	/* A byte is a tail if its top bit is set and the next one is not. */
	for (; n - i >= 8; i += 8) {
		memcpy(&x, p + i, 8);
		x = (x >> 7) & ~(x >> 6) & ones;
		tails += (size_t)((x * ones) >> 56);
	}
	for (; i < n; i++)
		tails += ((unsigned char)p[i] & 0xc0) == 0x80;
	return n - tails;
}

static size_t
tails_at(struct slice text, size_t i)
{
	size_t n = 0;

	while (i + n < text.n && ((unsigned char)text.p[i + n] & 0xc0) == 0x80)
		n++;
	return n;
}

size_t
utf8_point(struct utf8_cursor *c, size_t byte)
{
	if (byte > c->text.n)
		byte = c->text.n;
	if (byte < c->byte)
		c->byte = c->point = 0;
	if (byte > c->byte)
		c->point += utf8_count(c->text.p + c->byte, byte - c->byte);
	c->byte = byte;
	return c->point;
}

size_t
utf8_byte(struct utf8_cursor *c, size_t point)
{
	size_t n;

	if (point < c->point)
		c->byte = c->point = 0;
	while (c->point < point && c->byte < c->text.n) {
		n = point - c->point;
		if (n > c->text.n - c->byte)
			n = c->text.n - c->byte;
		/* n bytes hold at most n points: never too far. */
		c->point += utf8_count(c->text.p + c->byte, n);
		c->byte += n;
		c->byte += tails_at(c->text, c->byte);
	}
	return c->byte;
}
