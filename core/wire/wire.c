#include "core/wire/wire.h"

#include "core/wire/api.h"
#include "core/wire/get.h"

enum status
wire_usage_read(enum wire_api api, struct slice response, struct wire_usage *u,
    struct error *err)
{
	struct json d = JSON_INIT;
	struct json_error why;
	enum status st = json_parse(&d, response, JSON_DEPTH_MAX, 0, &why);
	uint32_t t;

	*u = WIRE_USAGE_NONE;
	if (st == STATUS_OK && (t = wire_get(&d, 0, "usage", TOKEN_OBJECT)) !=
	    JSON_NONE)
		wire_row(api)->usage(&d, t, u);
	json_release(&d);
	return st == STATUS_NOMEM ? error_nomem(err) : STATUS_OK;
}
