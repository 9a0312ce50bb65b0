/*
 * Bytes of text, ASCII alone.
 */
#ifndef CORE_GUARD_PII_ASCII_H
#define CORE_GUARD_PII_ASCII_H

#include "core/base/buf.h"

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_letter(char c)
{
	return ((unsigned char)c | 0x20u) - 'a' < 26u;
}

static inline bool
is_alnum(char c)
{
	return is_digit(c) || is_letter(c);
}

static inline char
to_upper(char c)
{
	return (char)(c >= 'a' && c <= 'z' ? c - 0x20 : c);
}

static inline char
to_lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 0x20 : c);
}

/* The byte at i, NUL before the beginning and behind the end. */
static inline char
byte_at(struct slice t, size_t i)
{
	return i < t.n ? t.p[i] : '\0';
}

#endif
