/* Hugging Face's text generation: TGI's /generate and the Inference API, alone or
 * in an array (text-generation-inference, docs/openapi.json). */
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/bodies.h"
#include "core/shape/logprobs.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/shape/usage.h"

static bool
is_tgi(const struct json *d, uint32_t body)
{
	return json_get_kind(d, body, "generated_text", TOKEN_STRING) !=
	    JSON_NONE;
}

static enum status
tgi_body(struct reading *r, uint32_t body, const struct item *base)
{
	static const struct body_names names = {
		.id = { "id" }, .model = { "model", "model_id" }
	};
	const struct json *d = r->d;
	uint32_t details = json_get_kind(d, body, "details", TOKEN_OBJECT);
	struct slice reason = SLICE_NONE;
	struct item *item;

	if (!is_tgi(d, body))
		return reading_refuse(r, body, "no \"generated_text\"");
	if ((item = part_item(r, base)) == NULL)
		return r->err->code;
	(void)body_common(r, body, &names, item);
	part_output(r, d, json_get(d, body, "generated_text"), item);
	if (r->mapping >= MAPPING_WRAPPED)	/* NLP Cloud's */
		part_usage(d, body, item);
	if (details != JSON_NONE) {
		part_usage(d, details, item);
		item->stop = part_stop(r, d, details);
		reason = part_json(d, details, "finish_reason", TOKEN_STRING);
		logprobs_flat(r, item, json_get_value(d, details, "tokens"));
	}
	body_metadata(r, body, reason, JSON_NONE, item);
	return STATUS_OK;
}

static bool
tgi_marks(const struct reading *r)
{
	return is_tgi(r->d, r->root);
}

static enum status
tgi_read(struct reading *r)
{
	return body_alone(r, tgi_body);
}

const struct body body_tgi = { is_tgi, tgi_body };

const struct shape shape_tgi = {
	.name = "tgi",
	.in_array = true,
	.marks = tgi_marks,
	.by = { KEY_generated_text, KEY_COUNT },
	.mark = "a text generated_text",
	.read = tgi_read,
	.hints = { KEY_generated_text, KEY_COUNT }
};
