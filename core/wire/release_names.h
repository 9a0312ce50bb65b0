/*
 * Another id and model of an answer.
 */
#ifndef CORE_WIRE_RELEASE_NAMES_H
#define CORE_WIRE_RELEASE_NAMES_H

#include "core/wire/patch.h"
#include "core/wire/release.h"

#define RELEASE_NAMES	2

/* Which members are otherwise, RELEASE_NAMES at most, and how many; the buffer, an
 * empty one, holds their values. */
size_t	release_names(const struct wire_release *, struct buf *,
	    struct wire_member *);

#endif
