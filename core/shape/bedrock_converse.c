/* Amazon Bedrock's Converse (AWS API reference, Converse: response syntax). */
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/bodies.h"
#include "core/shape/gather.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"

static uint32_t
message_of(const struct json *d, uint32_t body)
{
	uint32_t output = json_get_kind(d, body, "output", TOKEN_OBJECT);

	return output == JSON_NONE ? JSON_NONE : json_get_kind(d, output,
	    "message", TOKEN_OBJECT);
}

static bool
is_converse(const struct json *d, uint32_t body)
{
	uint32_t message = message_of(d, body);

	return message != JSON_NONE && (json_get_kind(d, message, "content",
	    TOKEN_ARRAY) != JSON_NONE || json_get_value(d, body,
	    "stopReason") != JSON_NONE);
}

/* What the SDK puts around it. */
static void
envelope_read(struct reading *r, uint32_t body, struct item *item)
{
	const struct json *d = r->d;
	uint32_t about = json_get_kind(d, body, "ResponseMetadata",
	    TOKEN_OBJECT);
	uint32_t metrics = json_get_kind(d, body, "metrics", TOKEN_OBJECT);

	if (about == JSON_NONE)
		about = json_get_kind(d, body, "$metadata", TOKEN_OBJECT);
	if (item->id.p == NULL && about != JSON_NONE) {
		item->id = part_string(r, d, about, "RequestId");
		if (item->id.p == NULL)
			item->id = part_string(r, d, about, "requestId");
	}
	if (item->latency_ms < 0 && metrics != JSON_NONE)
		part_amount(&item->latency_ms, part_number(d, metrics,
		    "latencyMs"));
}

static enum status
converse_body(struct reading *r, uint32_t body, const struct item *base)
{
	static const struct body_names names = {
		.id = { "requestId", "id" }, .model = { "modelId", "model" },
		.usage = { "usage" }
	};
	const struct json *d = r->d;
	uint32_t message = message_of(d, body), content, usage;
	struct item *item;
	struct gather g;

	if (message == JSON_NONE)
		return reading_refuse(r, body, "no \"output.message\"");
	if ((item = part_item(r, base)) == NULL)
		return r->err->code;
	usage = body_common(r, body, &names, item);
	envelope_read(r, body, item);
	gather_begin(&g, r, d);
	content = json_get_value(d, message, "content");
	if (content != JSON_NONE)
		gather_content(&g, content);
	gather_end(&g, item);
	item->stop = part_stop(r, d, body);
	if (json_get_is(d, body, "stopReason", "guardrail_intervened"))
		(void)part_guard(r, item, SLICE("guardrail"), RESULT_FAIL);
	body_metadata(r, body, part_json(d, body, "stopReason", TOKEN_STRING),
	    usage, item);
	return STATUS_OK;
}

static bool
converse_marks(const struct reading *r)
{
	return reading_has(r, KEY_output, TOKEN_OBJECT) &&
	    is_converse(r->d, r->root) && (r->at[KEY_stopReason] != JSON_NONE ||
	    r->at[KEY_metrics] != JSON_NONE || r->at[KEY_usage] != JSON_NONE);
}

static enum status
converse_read(struct reading *r)
{
	return body_alone(r, converse_body);
}

const struct body body_converse = { is_converse, converse_body };

const struct shape shape_bedrock_converse = {
	.name = "bedrock-converse",
	.marks = converse_marks,
	.by = { KEY_output, KEY_COUNT },
	.mark = "output.message, and stopReason, usage or metrics",
	.read = converse_read,
	.hints = { KEY_stopReason, KEY_metrics, KEY_output, KEY_COUNT }
};
