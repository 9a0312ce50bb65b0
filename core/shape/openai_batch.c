/* A line of an OpenAI Batch output file, joined with its request by custom_id. */
#include "core/shape/parts.h"
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/body.h"
#include "core/shape/part_value.h"
#include "core/shape/request.h"
#include "core/shape/shapes.h"

static bool
batch_marks(const struct reading *r)
{
	return reading_has(r, KEY_custom_id, TOKEN_STRING) &&
	    (reading_has(r, KEY_response, TOKEN_OBJECT) ||
	    reading_has(r, KEY_error, TOKEN_OBJECT));
}

/* A request that failed has no output to judge. */
static enum status
batch_failed(struct reading *r, uint32_t response, uint32_t body)
{
	const struct json *d = r->d;
	uint32_t error = json_get_kind(d, r->root, "error", TOKEN_OBJECT);
	int64_t code = -1;

	if (response != JSON_NONE)
		code = part_count(d, response, "status_code");
	/* An error beside an answer is the answer's own. */
	if (error == JSON_NONE && body != JSON_NONE && code != 200)
		error = json_get_kind(d, body, "error", TOKEN_OBJECT);
	if (error != JSON_NONE)
		return reading_refuse(r, error, "the request failed: %.*s",
		    SLICE_ARG(part_error(r, d, error)));
	if (body == JSON_NONE || (code >= 0 && code != 200))
		return reading_refuse(r, response == JSON_NONE ? r->root :
		    response, "the request failed: status %lld",
		    (long long)code);
	return STATUS_OK;
}

static enum status
batch_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t response = json_get_kind(d, r->root, "response", TOKEN_OBJECT);
	uint32_t body = response == JSON_NONE ? JSON_NONE :
	    json_get_kind(d, response, "body", TOKEN_OBJECT);
	uint32_t error;
	struct item base;
	bool known;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK || (st = batch_failed(r, response, body)) !=
	    STATUS_OK)
		return st;
	base.id = part_string(r, d, r->root, "custom_id");
	if ((st = part_request(r, base.id, &base)) != STATUS_OK)
		return st;
	st = body_read(r, body, &base, &known);
	error = json_get_value(r->d, body, "error");
	if (st == STATUS_OK && !known && error != JSON_NONE)
		return reading_refuse(r, error, "the request failed: %.*s",
		    SLICE_ARG(part_error(r, r->d, error)));
	if (st == STATUS_OK && !known)
		return reading_refuse(r, body, "the body is neither a chat "
		    "completion nor a response");
	return st;
}

const struct shape shape_openai_batch = {
	.name = "openai-batch",
	.marks = batch_marks,
	.by = { KEY_custom_id, KEY_COUNT },
	.mark = "a text custom_id, an object response or error",
	.read = batch_read,
	.hints = { KEY_custom_id, KEY_response, KEY_error, KEY_COUNT }
};
