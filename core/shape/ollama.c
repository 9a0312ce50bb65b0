/* Ollama's own /api/chat and /api/generate (ollama, its API reference). */
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/bodies.h"
#include "core/shape/openai_chat.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/shape/usage.h"

static bool
is_ollama(const struct json *d, uint32_t body)
{
	uint32_t done = json_get_value(d, body, "done");

	return done != JSON_NONE && (json_kind(d, done) == TOKEN_TRUE ||
	    json_kind(d, done) == TOKEN_FALSE) && (json_get_kind(d, body,
	    "message", TOKEN_OBJECT) != JSON_NONE || json_get_kind(d, body,
	    "response", TOKEN_STRING) != JSON_NONE);
}

static enum status
ollama_body(struct reading *r, uint32_t body, const struct item *base)
{
	static const struct body_names names = {
		.id = { "id" }, .model = { "model" },
		.created = { "created_at" }
	};
	const struct json *d = r->d;
	uint32_t message = json_get_kind(d, body, "message", TOKEN_OBJECT);
	struct item *item;

	if (json_get_kind(d, body, "done", TOKEN_FALSE) != JSON_NONE)
		return reading_refuse(r, body, "a piece of a stream (done is "
		    "false): give all its lines in a file that begins with "
		    "them, which are joined, or the whole response");
	if (message == JSON_NONE && json_get_kind(d, body, "response",
	    TOKEN_STRING) == JSON_NONE)
		return reading_refuse(r, body, "no \"message\" and no "
		    "\"response\"");
	if ((item = part_item(r, base)) == NULL)
		return r->err->code;
	(void)body_common(r, body, &names, item);
	part_usage(d, body, item);
	if (item->latency_ms < 0)
		part_amount(&item->latency_ms, part_number(d, body,
		    "total_duration") / 1e6);
	if (message != JSON_NONE)
		openai_message(r, d, message, item);
	else
		part_output(r, d, json_get(d, body, "response"), item);
	item->stop = part_stop(r, d, body);
	if (item->stop == STOP_END && !item->output_is_string)
		item->stop = STOP_TOOL;
	body_metadata(r, body, part_json(d, body, "done_reason",
	    TOKEN_STRING), JSON_NONE, item);
	return STATUS_OK;
}

static bool
ollama_marks(const struct reading *r)
{
	return is_ollama(r->d, r->root);
}

static enum status
ollama_read(struct reading *r)
{
	uint32_t context = r->at[KEY_context];

	/* Its context is not ours but the tokens of what was said. */
	if (context != JSON_NONE && json_kind(r->d, context) == TOKEN_ARRAY &&
	    r->d->tok[context].count > 0 && json_kind(r->d, context + 1) ==
	    TOKEN_NUMBER)
		r->at[KEY_context] = JSON_NONE;
	return body_alone(r, ollama_body);
}

const struct body body_ollama = { is_ollama, ollama_body };

const struct shape shape_ollama = {
	.name = "ollama",
	.marks = ollama_marks,
	.by = { KEY_done, KEY_COUNT },
	.mark = "done, and an object message or a text response",
	.read = ollama_read,
	.hints = { KEY_done, KEY_message, KEY_response, KEY_COUNT }
};
