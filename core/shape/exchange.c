/*
 * A request and its response, as a gateway or a proxy that logs both writes them:
 * {"request":{...},"response":{...}}, with the native keys beside them.
 */
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/body.h"
#include "core/shape/native.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"

static bool
exchange_marks(const struct reading *r)
{
	return reading_has(r, KEY_request, TOKEN_OBJECT) &&
	    reading_has(r, KEY_response, TOKEN_OBJECT) &&
	    (r->at[KEY_output] == JSON_NONE ||
	    body_known(r, r->at[KEY_response]));
}

static enum status
response_unknown(struct reading *r, uint32_t body)
{
	uint32_t error = json_get_value(r->d, body, "error");
	struct slice why = part_error(r, r->d, error);

	return why.p != NULL ? reading_refuse(r, error,
	    "the request failed: %.*s", SLICE_ARG(why)) :
	    reading_refuse(r, body, "the response is of no known shape");
}

static enum status
exchange_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t request = part_get(d, r->root, "request", TOKEN_OBJECT);
	uint32_t body = part_get(d, r->root, "response", TOKEN_OBJECT);
	struct item base;
	bool known;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK || (st = native_beside(r, &base)) != STATUS_OK)
		return st;
	if (body == JSON_NONE)
		return reading_refuse(r, r->root, "no \"response\"");
	base.metadata = SLICE_NONE;
	r->beside = part_get(d, r->root, "metadata", TOKEN_OBJECT);
	if (request != JSON_NONE)
		part_request_body(r, d, request, &base);
	st = body_read(r, body, &base, &known);
	return st != STATUS_OK || known ? st : response_unknown(r, body);
}

const struct shape shape_exchange = {
	.name = "exchange",
	.marks = exchange_marks,
	.read = exchange_read,
	.hints = { KEY_request, KEY_response, KEY_COUNT }
};
