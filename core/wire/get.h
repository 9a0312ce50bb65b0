/*
 * Members of objects that others wrote.
 */
#ifndef CORE_WIRE_GET_H
#define CORE_WIRE_GET_H

#include "core/json/parse.h"

bool	wire_true(const struct json *, uint32_t object, const char *name);
/* A whole number of 0 or more, or -1. */
int64_t	wire_count(const struct json *, uint32_t object, const char *name);

#endif
