#include "core/base/utf8.h"

const struct utf8_lead utf8_leads[64] = {
	{ 0, 0x00, 0x00 }, { 0, 0x00, 0x00 }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf },
	{ 2, 0x80, 0xbf }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf },
	{ 2, 0x80, 0xbf }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf },
	{ 2, 0x80, 0xbf }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf },
	{ 2, 0x80, 0xbf }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf },
	{ 2, 0x80, 0xbf }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf },
	{ 2, 0x80, 0xbf }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf },
	{ 2, 0x80, 0xbf }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf }, { 2, 0x80, 0xbf },
	{ 3, 0xa0, 0xbf }, { 3, 0x80, 0xbf }, { 3, 0x80, 0xbf }, { 3, 0x80, 0xbf },
	{ 3, 0x80, 0xbf }, { 3, 0x80, 0xbf }, { 3, 0x80, 0xbf }, { 3, 0x80, 0xbf },
	{ 3, 0x80, 0xbf }, { 3, 0x80, 0xbf }, { 3, 0x80, 0xbf }, { 3, 0x80, 0xbf },
	{ 3, 0x80, 0xbf }, { 3, 0x80, 0x9f }, { 3, 0x80, 0xbf }, { 3, 0x80, 0xbf },
	{ 4, 0x90, 0xbf }, { 4, 0x80, 0xbf }, { 4, 0x80, 0xbf }, { 4, 0x80, 0xbf },
	{ 4, 0x80, 0x8f }, { 0, 0x00, 0x00 }, { 0, 0x00, 0x00 }, { 0, 0x00, 0x00 },
	{ 0, 0x00, 0x00 }, { 0, 0x00, 0x00 }, { 0, 0x00, 0x00 }, { 0, 0x00, 0x00 },
	{ 0, 0x00, 0x00 }, { 0, 0x00, 0x00 }, { 0, 0x00, 0x00 }, { 0, 0x00, 0x00 },
};

size_t
utf8_decode(const char *p, size_t n, uint32_t *cp)
{
	size_t i, len = utf8_length(p, n);

	if (len == 0)
		return 0;
	*cp = len == 1 ? (unsigned char)*p :
	    (unsigned char)*p & (0x7fu >> len);
	for (i = 1; i < len; i++)
		*cp = *cp << 6 | ((unsigned char)p[i] & 0x3fu);
	return len;
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
		tails += utf8_is_tail(p[i]);
	return n - tails;
}

static size_t
tails_at(struct slice text, size_t i)
{
	size_t n = 0;

	while (i + n < text.n && utf8_is_tail(text.p[i + n]))
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

struct slice
utf8_clip(struct slice s, size_t n)
{
	if (s.n <= n)
		return s;
	while (n > 0 && utf8_is_tail(s.p[n]))
		n--;
	return (struct slice){ s.p, n };
}
