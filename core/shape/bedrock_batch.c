/* A line of an Amazon Bedrock batch: recordId, modelInput, modelOutput or error. */
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/body.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/request.h"
#include "core/shape/shapes.h"

static bool
batch_marks(const struct reading *r)
{
	return reading_has(r, KEY_recordId, TOKEN_STRING) &&
	    (r->at[KEY_modelOutput] != JSON_NONE || r->at[KEY_error] !=
	    JSON_NONE);
}

static enum status
batch_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t body = json_get_kind(d, r->root, "modelOutput", TOKEN_OBJECT);
	uint32_t request = json_get_kind(d, r->root, "modelInput",
	    TOKEN_OBJECT);
	uint32_t error = json_get_value(d, r->root, "error");
	struct slice why = part_error(r, d, error);
	struct item base;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	if (body == JSON_NONE)
		return why.p != NULL ? reading_refuse(r, error,
		    "the request failed: %.*s", SLICE_ARG(why)) :
		    reading_refuse(r, r->root, "no \"modelOutput\"");
	base.id = part_string(r, d, r->root, "recordId");
	if (request != JSON_NONE)
		part_request_body(r, d, request, &base);
	else if ((st = part_request(r, base.id, &base)) != STATUS_OK)
		return st;
	return body_read_known(r, body, &base, "modelOutput");
}

const struct shape shape_bedrock_batch = {
	.name = "bedrock-batch",
	.marks = batch_marks,
	.by = { KEY_recordId, KEY_COUNT },
	.mark = "a text recordId, an object modelOutput or error",
	.read = batch_read,
	.hints = { KEY_recordId, KEY_modelInput, KEY_modelOutput, KEY_COUNT }
};
