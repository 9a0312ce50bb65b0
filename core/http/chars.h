/*
 * What a byte may stand in: RFC 9110 for fields, RFC 3986 for targets.
 */
#ifndef CORE_HTTP_CHARS_H
#define CORE_HTTP_CHARS_H

#include "core/base/buf.h"

enum {
	CHAR_TOKEN = 1,		/* of a method or a field's name */
	CHAR_HOST = 2,		/* of a host's name; escapes nowhere */
	CHAR_PATH = 4,		/* of a path, "/" and "%" of an escape too */
	CHAR_QUERY = 8,		/* the same, and what browsers leave as it is there */
	CHAR_PLAIN = 16		/* needs no escape wherever it stands */
};

extern const uint8_t	http_chars[256];

static inline bool
http_char_is(char c, int class)
{
	return (http_chars[(unsigned char)c] & class) != 0;
}

/* Of a field's value, or of a line: no control but TAB. */
static inline bool
http_char_is_text(char c)
{
	return ((unsigned char)c >= ' ' && c != 0x7f) || c == '\t';
}

/* All bytes are of the class. */
static inline bool
http_chars_are(struct slice s, int class)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!http_char_is(s.p[i], class))
			return false;
	return true;
}

#endif
