/*
 * What the files of formats share.
 */
#ifndef CORE_SCHEMA_FORMAT_PART_H
#define CORE_SCHEMA_FORMAT_PART_H

#include <stdbool.h>

#include "core/base/buf.h"

static inline bool
format_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
format_alpha(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static inline bool
format_hex(char c)
{
	return format_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

/* Goes past the character that is wanted here. */
static inline bool
format_take(struct slice *s, char c)
{
	if (s->n == 0 || *s->p != c)
		return false;
	s->p++;
	s->n--;
	return true;
}

#endif
