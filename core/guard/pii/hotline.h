/*
 * Telephone numbers that are the public's: hotlines, numbers that cost the caller
 * nothing.
 */
#ifndef CORE_GUARD_PII_HOTLINE_H
#define CORE_GUARD_PII_HOTLINE_H

#include "core/base/buf.h"

/* The digits, a country code of "1" perhaps before them; where they stand. */
bool	pii_is_hotline(const char *digits, struct slice, size_t start,
	    size_t end);

#endif
