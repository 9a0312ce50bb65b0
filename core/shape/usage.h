/*
 * Tokens, whatever a provider calls them.
 */
#ifndef CORE_SHAPE_USAGE_H
#define CORE_SHAPE_USAGE_H

#include "core/shape/shape.h"

/* Sets the item's tokens from a usage object (JSON_NONE: none), unless they are
 * set already. */
void		part_usage(const struct json *d, uint32_t usage, struct item *);
/* Raw counts within it, absent where there are none: tokens that came from a
 * cache, and tokens that were only thought. */
struct slice	part_cached(const struct json *d, uint32_t usage);
struct slice	part_reasoned(const struct json *d, uint32_t usage);

#endif
