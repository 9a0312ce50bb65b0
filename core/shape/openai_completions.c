/*
 * Legacy completions (openai-python, types/completion.py), as vLLM, Together and
 * others answer to them too: each choice has a text instead of a message.
 */
#include "core/json/value.h"
#include "core/shape/openai_chat.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"

static bool
completions_marks(const struct reading *r)
{
	const struct json *d = r->d;
	uint32_t all = r->at[KEY_choices];

	return reading_has(r, KEY_choices, TOKEN_ARRAY) &&
	    d->tok[all].count > 0 && json_kind(d, all + 1) == TOKEN_OBJECT &&
	    json_get_kind(d, all + 1, "text", TOKEN_STRING) != JSON_NONE;
}

static enum status
completions_read(struct reading *r)
{
	struct item base;
	enum status st = part_base(r, &base);
	uint32_t prompt = json_get_kind(r->d, r->root, "prompt", TOKEN_STRING);

	if (st != STATUS_OK)
		return st;
	if (prompt != JSON_NONE)
		base.messages = part_asked(r, json_raw(r->d, prompt));
	return openai_chat_body(r, r->root, &base);
}

const struct shape shape_openai_completions = {
	.name = "openai-completions",
	.marks = completions_marks,
	.by = { KEY_choices, KEY_COUNT },
	.mark = "choices hold a text",
	.read = completions_read,
	.hints = { KEY_choices, KEY_COUNT }
};
