#include "core/wire/get.h"

uint32_t
wire_get(const struct json *d, uint32_t object, const char *name,
    enum json_kind kind)
{
	uint32_t t;

	if (object == JSON_NONE || json_kind(d, object) != TOKEN_OBJECT)
		return JSON_NONE;
	t = json_get(d, object, name);
	return t != JSON_NONE && json_kind(d, t) == kind ? t : JSON_NONE;
}

bool
wire_is(const struct json *d, uint32_t object, const char *name,
    const char *value)
{
	uint32_t t = wire_get(d, object, name, TOKEN_STRING);

	return t != JSON_NONE && json_string_is(d, t, value);
}

bool
wire_true(const struct json *d, uint32_t object, const char *name)
{
	return wire_get(d, object, name, TOKEN_TRUE) != JSON_NONE;
}

int64_t
wire_count(const struct json *d, uint32_t object, const char *name)
{
	uint32_t t = wire_get(d, object, name, TOKEN_NUMBER);
	int64_t n;

	return t != JSON_NONE && json_int64(d, t, &n) && n >= 0 ? n : -1;
}
