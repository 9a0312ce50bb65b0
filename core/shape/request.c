#include "core/shape/request.h"

#include "core/json/value.h"
#include "core/shape/asked.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"

/* Chat's and Anthropic's messages, Gemini's contents, a Responses input, a prompt. */
static struct slice
request_messages(struct reading *r, const struct json *d, uint32_t body)
{
	static const char *const lists[] = { "messages", "contents", "input",
	    "chat_history" };
	static const char *const texts[] = { "input", "prompt", "inputText",
	    "message", "inputs" };
	uint32_t t;
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if ((t = json_get_kind(d, body, lists[i], TOKEN_ARRAY)) !=
		    JSON_NONE)
			return i == 2 ? json_raw(d, t) :
			    d->tok[t].count == 0 ? json_raw(d, t) :
			    asked_messages(r, d, t);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if ((t = json_get_kind(d, body, texts[i], TOKEN_STRING)) !=
		    JSON_NONE)
			return part_asked(r, json_raw(d, t));
	return SLICE_NONE;
}

/* What the model was told beforehand: a text, or whatever it is. */
static struct slice
request_system(struct reading *r, const struct json *d, uint32_t body)
{
	static const char *const keys[] = { "system", "instructions",
	    "systemInstruction", "system_instruction", "preamble" };
	struct slice one;
	uint32_t t = JSON_NONE;
	size_t i;

	for (i = 0; t == JSON_NONE && i < sizeof(keys) / sizeof(keys[0]); i++)
		t = json_get_value(d, body, keys[i]);
	if (t == JSON_NONE)
		return SLICE_NONE;
	if (json_kind(d, t) != TOKEN_STRING && (one = asked_text(r, d, t)).p !=
	    NULL)
		return one;
	return json_raw(d, t);
}

void
part_request_body(struct reading *r, const struct json *d, uint32_t body,
    struct item *base)
{
	uint32_t config;

	if (base->messages.p == NULL)
		base->messages = part_messages(r, request_system(r, d, body),
		    request_messages(r, d, body));
	base->tools = part_json(d, body, "tools", TOKEN_ARRAY);
	config = json_get_kind(d, body, "toolConfig", TOKEN_OBJECT);
	if (base->tools.p == NULL && config != JSON_NONE)
		base->tools = part_json(d, config, "tools", TOKEN_ARRAY);
}

enum status
part_inputs(struct reading *r, struct slice id, struct item *base)
{
	return r->joined || r->reader->inputs == NULL || id.n == 0 ? STATUS_OK :
	    r->reader->inputs(r->reader->inputs_arg, id, r->reader->arena,
	    &base->input, r->err);
}

enum status
part_request(struct reading *r, struct slice custom_id, struct item *base)
{
	static const char *const bodies[] = { "body", "params", "modelInput",
	    "request" };
	struct json *d = &r->reader->inner;
	struct json_error why;
	enum status st;
	uint32_t body;
	size_t i;

	if ((st = part_inputs(r, custom_id, base)) != STATUS_OK)
		return st;
	if (base->input.p == NULL)
		return STATUS_OK;
	st = json_parse(d, base->input, JSON_DEPTH_MAX, 0, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(r->err);
	if (st != STATUS_OK)
		return reading_refuse(r, JSON_NONE, "its request: byte %zu: %s",
		    why.offset, why.reason);
	/* OpenAI's, Anthropic's, Bedrock's and Gemini's lines. */
	body = JSON_NONE;
	for (i = 0; json_kind(d, 0) == TOKEN_OBJECT && body == JSON_NONE &&
	    i < sizeof(bodies) / sizeof(bodies[0]); i++)
		body = json_get_kind(d, 0, bodies[i], TOKEN_OBJECT);
	if (body != JSON_NONE)
		part_request_body(r, d, body, base);
	return STATUS_OK;
}
