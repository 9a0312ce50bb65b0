/* llama.cpp's /completion (llama.cpp, tools/server/README.md). */
#include "core/json/value.h"
#include "core/shape/bodies.h"
#include "core/shape/logprobs.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/shape/usage.h"

static bool
is_llamacpp(const struct json *d, uint32_t body)
{
	return json_get_kind(d, body, "content", TOKEN_STRING) != JSON_NONE &&
	    (json_get_value(d, body, "tokens_predicted") != JSON_NONE ||
	    json_get_kind(d, body, "stop_type", TOKEN_STRING) != JSON_NONE);
}

/* Newer builds name one kind of stop, older ones had a yes or no for each. */
static enum stop
stop_read(const struct json *d, uint32_t body)
{
	static const struct {
		const char	*type, *flag;
		enum stop	 stop;
	} rows[] = {
		{ "eos", "stopped_eos", STOP_END },
		{ "word", "stopped_word", STOP_END },
		{ "limit", "stopped_limit", STOP_LENGTH }
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (json_get_is(d, body, "stop_type", rows[i].type) ||
		    json_get_kind(d, body, rows[i].flag, TOKEN_TRUE) !=
		    JSON_NONE)
			return rows[i].stop;
	return json_get_is(d, body, "stop_type", "incomplete") ? STOP_ERROR :
	    STOP_UNKNOWN;
}

static enum status
llamacpp_body(struct reading *r, uint32_t body, const struct item *base)
{
	static const struct body_names names = {
		.id = { "id" }, .model = { "model" }
	};
	const struct json *d = r->d;
	uint32_t content = json_get_kind(d, body, "content", TOKEN_STRING),
	    timings;
	struct item *item;

	if (content == JSON_NONE)
		return reading_refuse(r, body, "no \"content\"");
	if (json_get_kind(d, body, "stop", TOKEN_FALSE) != JSON_NONE)
		return reading_refuse(r, body, "a piece of a stream (stop is "
		    "false)");
	if ((item = part_item(r, base)) == NULL)
		return r->err->code;
	(void)body_common(r, body, &names, item);
	part_usage(d, body, item);
	part_output(r, d, content, item);
	item->stop = stop_read(d, body);
	if (item->messages.p == NULL && json_get_kind(d, body, "prompt",
	    TOKEN_STRING) != JSON_NONE)
		item->messages = part_asked(r, json_raw(d, json_get(d, body,
		    "prompt")));
	timings = json_get_kind(d, body, "timings", TOKEN_OBJECT);
	if (timings != JSON_NONE && item->latency_ms < 0)
		part_amount(&item->latency_ms, part_number(d, timings,
		    "prompt_ms") + part_number(d, timings, "predicted_ms"));
	logprobs_flat(r, item, json_get_value(d, body,
	    "completion_probabilities"));
	body_metadata(r, body, part_json(d, body, "stop_type", TOKEN_STRING),
	    body, item);
	return STATUS_OK;
}

static bool
llamacpp_marks(const struct reading *r)
{
	return is_llamacpp(r->d, r->root);
}

static enum status
llamacpp_read(struct reading *r)
{
	return body_alone(r, llamacpp_body);
}

const struct body body_llamacpp = { is_llamacpp, llamacpp_body };

const struct shape shape_llamacpp = {
	.name = "llama.cpp",
	.marks = llamacpp_marks,
	.by = { KEY_tokens_predicted, KEY_stop_type, KEY_COUNT },
	.mark = "a text content, and tokens_predicted or stop_type",
	.read = llamacpp_read,
	.hints = { KEY_content, KEY_tokens_predicted, KEY_stop_type, KEY_COUNT }
};
