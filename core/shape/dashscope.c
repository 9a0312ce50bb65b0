/* Alibaba's DashScope, its own form (help.aliyun.com, "Qwen API reference"). */
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/bodies.h"
#include "core/shape/openai_chat.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"

static uint32_t
answers_of(const struct json *d, uint32_t body)
{
	uint32_t output = json_get_kind(d, body, "output", TOKEN_OBJECT), t;

	if (output == JSON_NONE)
		return JSON_NONE;
	t = json_get_kind(d, output, "choices", TOKEN_ARRAY);
	return t != JSON_NONE ? t : json_get_kind(d, output, "text",
	    TOKEN_STRING);
}

static bool
is_dashscope(const struct json *d, uint32_t body)
{
	return answers_of(d, body) != JSON_NONE && json_get_value(d, body,
	    "request_id") != JSON_NONE;
}

static enum status
dashscope_body(struct reading *r, uint32_t body, const struct item *base)
{
	static const struct body_names names = {
		.id = { "request_id" }, .model = { "model" },
		.usage = { "usage" }
	};
	const struct json *d = r->d;
	uint32_t output = json_get_kind(d, body, "output", TOKEN_OBJECT);
	uint32_t t = answers_of(d, body), usage;
	struct item common = *base, *item;

	if (t == JSON_NONE)
		return reading_refuse(r, body, "no \"output.choices\" and no "
		    "\"output.text\"");
	usage = body_common(r, body, &names, &common);
	if (json_kind(d, t) == TOKEN_ARRAY)
		return openai_chat_body(r, output, &common);
	if ((item = part_item(r, &common)) == NULL)
		return r->err->code;
	part_output(r, d, t, item);
	item->stop = part_stop(r, d, output);
	body_metadata(r, body, part_json(d, output, "finish_reason",
	    TOKEN_STRING), usage, item);
	return STATUS_OK;
}

static bool
dashscope_marks(const struct reading *r)
{
	return is_dashscope(r->d, r->root);
}

static enum status
dashscope_read(struct reading *r)
{
	return body_alone(r, dashscope_body);
}

const struct body body_dashscope = { is_dashscope, dashscope_body };

const struct shape shape_dashscope = {
	.name = "dashscope",
	.marks = dashscope_marks,
	.by = { KEY_request_id, KEY_COUNT },
	.mark = "request_id, and output.choices or output.text",
	.read = dashscope_read,
	.hints = { KEY_request_id, KEY_output, KEY_usage, KEY_COUNT }
};
