/*
 * A request and its response, as a gateway or a proxy that logs both writes them:
 * {"request":{...},"response":{...}}, with the native keys beside them.
 */
#include "core/shape/body.h"
#include "core/json/value.h"
#include "core/shape/native.h"
#include "core/shape/parts.h"
#include "core/shape/request.h"
#include "core/shape/shapes.h"

/* What the AI SDK's generateText gives back holds both beside its text. */
static bool
is_generated(const struct reading *r)
{
	return reading_has(r, KEY_text, TOKEN_STRING) && json_get_kind(r->d,
	    r->root, "finishReason", TOKEN_STRING) != JSON_NONE &&
	    !body_known(r, r->at[KEY_response]);
}

static bool
exchange_marks(const struct reading *r)
{
	return reading_has(r, KEY_request, TOKEN_OBJECT) &&
	    !is_generated(r) &&
	    reading_has(r, KEY_response, TOKEN_OBJECT) &&
	    (r->at[KEY_output] == JSON_NONE ||
	    body_known(r, r->at[KEY_response]));
}

/* Those that log HTTP have the message's body beside its head. */
static uint32_t
within(const struct reading *r, uint32_t message)
{
	uint32_t t = json_get_kind(r->d, message, "body", TOKEN_OBJECT);

	return t == JSON_NONE || body_known(r, message) ? message : t;
}

static enum status
exchange_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t request = json_get_kind(d, r->root, "request", TOKEN_OBJECT);
	uint32_t body = json_get_kind(d, r->root, "response", TOKEN_OBJECT);
	struct item base;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK || (st = native_beside(r, &base)) != STATUS_OK)
		return st;
	if (body == JSON_NONE)
		return reading_refuse(r, r->root, "no \"response\"");
	if (request != JSON_NONE)
		part_request_body(r, d, within(r, request), &base);
	return body_read_known(r, within(r, body), &base, "the response");
}

const struct shape shape_exchange = {
	.name = "exchange",
	.marks = exchange_marks,
	.by = { KEY_request, KEY_COUNT },
	.mark = "objects request and response",
	.read = exchange_read,
	.hints = { KEY_request, KEY_response, KEY_COUNT }
};
