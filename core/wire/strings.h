/*
 * The strings of a request that somebody wrote.
 */
#ifndef CORE_WIRE_STRINGS_H
#define CORE_WIRE_STRINGS_H

#include "core/json/parse.h"
#include "core/wire/api.h"

struct strings {
	const struct json *d;
	uint32_t	*t;		/* their tokens, in the order of the text */
	size_t		 n, cap;
};

enum status	strings_find(struct strings *, const struct wire_asks *,
		    struct error *) MUST_CHECK;
void		strings_release(struct strings *);

#endif
