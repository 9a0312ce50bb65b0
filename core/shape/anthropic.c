/* Anthropic's message (anthropic-sdk-python, types/message.py). */
#include "core/shape/anthropic.h"

#include "core/shape/parts.h"
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/body.h"
#include "core/shape/gather.h"
#include "core/shape/part_value.h"
#include "core/shape/shapes.h"
#include "core/shape/usage.h"

/* input_tokens leaves out what came from or went to the cache. */
static int64_t
all_input(const struct json *d, uint32_t usage)
{
	static const char *const cached[] = { "cache_creation_input_tokens",
	    "cache_read_input_tokens" };
	int64_t n = part_count(d, usage, "input_tokens"), more;
	size_t i;

	for (i = 0; n >= 0 && i < 2; i++) {
		more = part_count(d, usage, cached[i]);
		if (more > 0 && __builtin_add_overflow(n, more, &n))
			return -1;
	}
	return n;
}

enum status
anthropic_body(struct reading *r, uint32_t body, const struct item *base)
{
	const struct json *d = r->d;
	uint32_t content = json_get_kind(d, body, "content", TOKEN_ARRAY);
	uint32_t usage = json_get_kind(d, body, "usage", TOKEN_OBJECT);
	const struct slice add[][2] = {
		{ SLICE("stop_reason"), part_json(d, body, "stop_reason",
		    TOKEN_STRING) },
		{ SLICE("cached_tokens"), part_cached(d, usage) }
	};
	struct gather g;
	struct item *item;

	if (content == JSON_NONE)
		return reading_refuse(r, body, "a message without content");
	if ((item = part_item(r, base)) == NULL)
		return r->err->code;
	if (item->id.p == NULL)
		item->id = part_string(r, d, body, "id");
	if (item->model.p == NULL)
		item->model = part_string(r, d, body, "model");
	if (usage != JSON_NONE && item->input_tokens < 0) {
		item->input_tokens = all_input(d, usage);
		item->output_tokens = part_count(d, usage, "output_tokens");
	}
	part_metadata_join(r, item, json_get_value(d, body, "metadata"), add,
	    2);
	gather_begin(&g, r, d);
	gather_content(&g, content);
	gather_end(&g, item);
	item->stop = part_stop(r, d, body);
	return STATUS_OK;
}

static bool
message_marks(const struct reading *r)
{
	return reading_is(r, KEY_type, "message") &&
	    reading_has(r, KEY_content, TOKEN_ARRAY);
}

static enum status
message_read(struct reading *r)
{
	return body_alone(r, anthropic_body);
}

const struct shape shape_anthropic = {
	.name = "anthropic",
	.marks = message_marks,
	.by = { KEY_content, KEY_COUNT },
	.mark = "type is message, an array content",
	.read = message_read,
	.hints = { KEY_type, KEY_role, KEY_content, KEY_stop_reason, KEY_usage,
	    KEY_COUNT }
};
