/*
 * UTF-8: code points, and where they begin.
 */
#ifndef CORE_BASE_UTF8_H
#define CORE_BASE_UTF8_H

#include "core/base/buf.h"

/*
 * Decodes one code point at p (n > 0 bytes): its length in bytes, or 0 where
 * the first byte begins no valid sequence (overlong, surrogate, cut off).
 */
size_t	utf8_decode(const char *p, size_t n, uint32_t *cp);
size_t	utf8_encode(uint32_t cp, char out[4]);		/* its length */
/* The byte offset of the first invalid byte, or n. */
size_t	utf8_valid(const char *p, size_t n);
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
