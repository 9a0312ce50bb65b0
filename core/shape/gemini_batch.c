/*
 * A line of a batch of Gemini's: Vertex AI's {"request","response","status"} and the
 * Gemini API's {"key","response"}.
 */
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/bodies.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/request.h"
#include "core/shape/shapes.h"

static bool
batch_marks(const struct reading *r)
{
	return (reading_has(r, KEY_response, TOKEN_OBJECT) &&
	    body_gemini.is(r->d, r->at[KEY_response]) &&
	    (r->at[KEY_request] == JSON_NONE || r->at[KEY_id] ==
	    JSON_NONE)) || (r->at[KEY_processed_time] != JSON_NONE &&
	    reading_has(r, KEY_status, TOKEN_STRING));
}

static enum status
batch_failed(struct reading *r)
{
	uint32_t error = json_get_value(r->d, r->root, "error");
	struct slice why = part_error(r, r->d, error);

	if (why.p == NULL)
		why = part_string(r, r->d, r->root, "status");
	return why.n > 0 ? reading_refuse(r, r->root,
	    "the request failed: %.*s", SLICE_ARG(why)) :
	    reading_refuse(r, r->root, "no \"response\"");
}

static enum status
batch_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t body = json_get_kind(d, r->root, "response", TOKEN_OBJECT);
	uint32_t request = json_get_kind(d, r->root, "request", TOKEN_OBJECT);
	struct item base;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	if (body == JSON_NONE || d->tok[body].count == 0)
		return batch_failed(r);
	base.id = part_string(r, d, r->root, "key");
	if (base.id.p == NULL)
		base.id = part_string(r, d, r->root, "custom_id");
	if (request != JSON_NONE)
		part_request_body(r, d, request, &base);
	else if (base.id.p != NULL && (st = part_request(r, base.id, &base)) !=
	    STATUS_OK)
		return st;
	return body_read_known(r, body, &base, "the response");
}

const struct shape shape_gemini_batch = {
	.name = "gemini-batch",
	.marks = batch_marks,
	.by = { KEY_response, KEY_processed_time, KEY_COUNT },
	.mark = "an object response with candidates",
	.read = batch_read,
	.hints = { KEY_response, KEY_processed_time, KEY_COUNT }
};
