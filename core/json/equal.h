/*
 * Equality of JSON values as JSON Schema has it: numbers by their value, objects
 * without regard to order, strings decoded.
 */
#ifndef CORE_JSON_EQUAL_H
#define CORE_JSON_EQUAL_H

#include "core/base/arena.h"
#include "core/json/parse.h"

/* The arena is for decoded strings; *nomem is set where there is no memory. */
bool	value_equal(const struct json *, uint32_t, const struct json *, uint32_t,
	    struct arena *, bool *nomem);
/*
 * The two first elements of an array that are equal, or false.  Takes
 * O(n log n) comparisons of hashes whatever the elements are.
 */
bool	value_repeated(const struct json *, uint32_t array, struct arena *,
	    uint32_t *first, uint32_t *second, bool *nomem);

#endif
