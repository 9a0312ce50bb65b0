/* A line of Anthropic's Message Batches results. */
#include "core/shape/parts.h"
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/anthropic.h"
#include "core/shape/part_value.h"
#include "core/shape/request.h"
#include "core/shape/shapes.h"

static bool
batch_marks(const struct reading *r)
{
	return reading_has(r, KEY_custom_id, TOKEN_STRING) &&
	    reading_has(r, KEY_result, TOKEN_OBJECT);
}

static enum status
batch_failed(struct reading *r, uint32_t result)
{
	const struct json *d = r->d;
	uint32_t error = json_get_value(d, result, "error");
	struct slice why = part_error(r, d, error);

	if (why.p == NULL)
		return reading_refuse(r, result, "the request has no message: "
		    "%.*s", SLICE_ARG(part_string(r, d, result, "type")));
	return reading_refuse(r, result, "the request failed: %.*s",
	    SLICE_ARG(why));
}

static enum status
batch_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t result = json_get_kind(d, r->root, "result", TOKEN_OBJECT);
	uint32_t message;
	struct item base;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	if (result == JSON_NONE)
		return reading_refuse(r, r->root, "no \"result\"");
	message = json_get_kind(d, result, "message", TOKEN_OBJECT);
	if (!json_get_is(d, result, "type", "succeeded") || message ==
	    JSON_NONE)
		return batch_failed(r, result);
	base.id = part_string(r, d, r->root, "custom_id");
	st = part_request(r, base.id, &base);
	return st != STATUS_OK ? st : anthropic_body(r, message, &base);
}

const struct shape shape_anthropic_batch = {
	.name = "anthropic-batch",
	.marks = batch_marks,
	.by = { KEY_custom_id, KEY_COUNT },
	.mark = "a text custom_id, an object result",
	.read = batch_read,
	.hints = { KEY_custom_id, KEY_result, KEY_COUNT }
};
