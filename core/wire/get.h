/*
 * Members of objects that others wrote.
 */
#ifndef CORE_WIRE_GET_H
#define CORE_WIRE_GET_H

#include "core/json/value.h"

/* What is missing or of another type is JSON_NONE, so that what is asked of it is
 * missing too. */
uint32_t wire_get(const struct json *, uint32_t object, const char *name,
	    enum json_kind);
bool	wire_is(const struct json *, uint32_t object, const char *name,
	    const char *value);
bool	wire_true(const struct json *, uint32_t object, const char *name);
/* A whole number of 0 or more, or -1. */
int64_t	wire_count(const struct json *, uint32_t object, const char *name);

#endif
