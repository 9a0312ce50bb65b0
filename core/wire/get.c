#include "core/wire/get.h"
#include "core/json/value.h"

bool
wire_true(const struct json *d, uint32_t object, const char *name)
{
	return json_get_kind(d, object, name, TOKEN_TRUE) != JSON_NONE;
}

int64_t
wire_count(const struct json *d, uint32_t object, const char *name)
{
	uint32_t t = json_get_kind(d, object, name, TOKEN_NUMBER);
	int64_t n;

	return t != JSON_NONE && json_int64(d, t, &n) && n >= 0 ? n : -1;
}
