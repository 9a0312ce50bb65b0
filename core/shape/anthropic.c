/* Anthropic's message (anthropic-sdk-python, types/message.py). */
#include "core/shape/anthropic.h"

#include "core/shape/parts.h"
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/gather.h"
#include "core/shape/part_value.h"
#include "core/shape/shapes.h"

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
	uint32_t content = part_get(d, body, "content", TOKEN_ARRAY);
	uint32_t usage = part_get(d, body, "usage", TOKEN_OBJECT);
	const struct slice stop[][2] = {
		{ SLICE("stop_reason"), part_json(d, body, "stop_reason",
		    TOKEN_STRING) }
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
	if (item->metadata.p == NULL)
		item->metadata = part_metadata(r, d, part_get(d, body,
		    "metadata", TOKEN_OBJECT), stop, 1);
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
	struct item base;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	base.messages = part_json(r->d, r->root, "messages", TOKEN_ARRAY);
	return anthropic_body(r, r->root, &base);
}

const struct shape shape_anthropic = {
	.name = "anthropic",
	.marks = message_marks,
	.read = message_read,
	.hints = { KEY_type, KEY_role, KEY_content, KEY_stop_reason, KEY_usage,
	    KEY_COUNT }
};
