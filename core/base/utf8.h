/*
 * UTF-8: code points, and where they begin.
 */
#ifndef CORE_BASE_UTF8_H
#define CORE_BASE_UTF8_H

#include "core/base/buf.h"

/* By the lead byte from 0xc0: the length (0: none), the range of the second byte. */
struct utf8_lead {
	uint8_t	n, low, high;
};
extern const struct utf8_lead utf8_leads[64];

/* Any byte of a code point but its first. */
static inline bool
utf8_is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* The bytes of the code point at p (n > 0 bytes), 0 where none is valid there; here
 * since the reader of JSON asks it of every one. */
static inline size_t
utf8_length(const char *p, size_t n)
{
	unsigned char lead = (unsigned char)*p, second;
	const struct utf8_lead *l;
	size_t i;

	if (lead < 0x80)
		return 1;
	if (lead < 0xc0)
		return 0;
	l = &utf8_leads[lead - 0xc0];
	if (l->n == 0 || n < l->n)
		return 0;
	second = (unsigned char)p[1];
	if (second < l->low || second > l->high)
		return 0;
	for (i = 2; i < l->n; i++)
		if (!utf8_is_tail(p[i]))
			return 0;
	return l->n;
}

/*
 * Decodes one code point at p (n > 0 bytes): its length in bytes, or 0 where
 * the first byte begins no valid sequence (overlong, surrogate, cut off).
 */
size_t	utf8_decode(const char *p, size_t n, uint32_t *cp);
size_t	utf8_encode(uint32_t cp, char out[4]);		/* its length */
/* The byte offset of the first invalid byte, or n. */
size_t	utf8_valid(const char *p, size_t n);
/* The longest beginning of s, of at most n bytes, that cuts no code point. */
struct slice utf8_clip(struct slice s, size_t n);
/* Code points in n bytes of valid UTF-8. */
size_t	utf8_count(const char *p, size_t n);

/*
 * Turns ascending byte offsets into code point offsets in one pass over the
 * text; begin with { text, 0, 0 }.  An offset behind the last one starts anew.
 */
struct utf8_cursor {
	struct slice	text;
	size_t		byte, point;
};
size_t	utf8_point(struct utf8_cursor *, size_t byte);
size_t	utf8_byte(struct utf8_cursor *, size_t point);

#endif
