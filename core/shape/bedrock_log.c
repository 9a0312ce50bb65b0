/*
 * Amazon Bedrock's model invocation log (AWS user guide, "Monitor model invocation
 * using CloudWatch Logs and Amazon S3"): schemaType ModelInvocationLog.
 */
#include "core/json/value.h"
#include "core/shape/body.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/request.h"
#include "core/shape/shapes.h"

static bool
log_marks(const struct reading *r)
{
	return reading_is(r, KEY_schemaType, "ModelInvocationLog");
}

/* Large bodies and what was asked for by stream alone lie elsewhere. */
static enum status
body_missing(struct reading *r, uint32_t output)
{
	struct slice path = output == JSON_NONE ? SLICE_NONE : part_string(r,
	    r->d, output, "outputBodyS3Path");
	struct slice why = part_string(r, r->d, r->root, "errorCode");

	if (why.n > 0)
		return reading_refuse(r, r->root, "the request failed: %.*s",
		    SLICE_ARG(why));
	if (path.n > 0)
		return reading_refuse(r, output, "the answer is not in the log "
		    "but at %.*s", SLICE_ARG(path));
	return reading_refuse(r, r->root, "no \"output.outputBodyJson\"");
}

static void
common_read(struct reading *r, uint32_t input, uint32_t output,
    struct item *base)
{
	const struct json *d = r->d;
	const struct slice add[][2] = {
		{ SLICE("operation"), part_json(d, r->root, "operation",
		    TOKEN_STRING) },
		{ SLICE("region"), part_json(d, r->root, "region",
		    TOKEN_STRING) }
	};
	uint32_t t = input == JSON_NONE ? JSON_NONE : json_get_kind(d, input,
	    "inputBodyJson", TOKEN_OBJECT);

	base->id = part_string(r, d, r->root, "requestId");
	base->model = part_string(r, d, r->root, "modelId");
	base->created_ms = part_time(r, d, r->root, "timestamp");
	base->input_tokens = input == JSON_NONE ? -1 : part_count(d, input,
	    "inputTokenCount");
	base->output_tokens = part_count(d, output, "outputTokenCount");
	base->metadata = part_metadata(r, d, json_get_value(d, r->root,
	    "requestMetadata"), add, 2);
	if (t != JSON_NONE)
		part_request_body(r, d, t, base);
}

static enum status
log_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t input = json_get_kind(d, r->root, "input", TOKEN_OBJECT);
	uint32_t output = json_get_kind(d, r->root, "output", TOKEN_OBJECT),
	    body;
	struct item base;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	body = output == JSON_NONE ? JSON_NONE : json_get_value(d, output,
	    "outputBodyJson");
	if (body == JSON_NONE)
		return body_missing(r, output);
	if (json_kind(d, body) != TOKEN_OBJECT)
		return reading_refuse(r, body, "the answer was logged in "
		    "pieces, as a stream");
	common_read(r, input, output, &base);
	return body_read_known(r, body, &base, "outputBodyJson");
}

const struct shape shape_bedrock_log = {
	.name = "bedrock-log",
	.marks = log_marks,
	.by = { KEY_schemaType, KEY_COUNT },
	.mark = "schemaType is ModelInvocationLog",
	.read = log_read,
	.hints = { KEY_schemaType, KEY_COUNT }
};
