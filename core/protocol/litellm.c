/*
 * LiteLLM's generic guardrail (docs.litellm.ai, adding_provider/generic_guardrail_api):
 * {"texts":["..."],"input_type":"request",...} to {"action":"NONE"}, BLOCKED with
 * blocked_reason, or GUARDRAIL_INTERVENED with as many texts.
 */
#include "core/json/value.h"
#include "core/protocol/content.h"
#include "core/protocol/protocol.h"

static enum status
texts_read(struct asked *a, struct error *err)
{
	const struct json *d = &a->json;
	uint32_t list = json_get_value(d, 0, "texts"), t;

	if (list == JSON_NONE)
		return STATUS_OK;
	if (json_kind(d, list) != TOKEN_ARRAY)
		return error_set(err, STATUS_INVALID, "texts is a list of texts");
	if (d->tok[list].count > ASKED_TEXTS_MAX)
		return error_set(err, STATUS_INVALID, "texts has more than %d",
		    ASKED_TEXTS_MAX);
	for (t = json_first(d, list); t != JSON_NONE; t = json_next(d, list, t)) {
		if (json_kind(d, t) != TOKEN_STRING)
			return error_set(err, STATUS_INVALID,
			    "texts is a list of texts");
		(void)asked_add(a, t, true);
	}
	return STATUS_OK;
}

/* Calls of tools have no place in the answer: they pass, or all is blocked. */
static void
others_read(struct asked *a)
{
	const struct json *d = &a->json;
	uint32_t calls = json_get_value(d, 0, "tool_calls");
	uint32_t images = json_get_value(d, 0, "images");

	if (calls != JSON_NONE)
		content_calls(a, calls, false);
	if (images != JSON_NONE && (json_kind(d, images) != TOKEN_ARRAY ||
	    d->tok[images].count > 0))
		a->unread = true;
}

static struct slice
object_at(const struct json *d, const char *key)
{
	uint32_t t = json_get_value(d, 0, key);

	return t == JSON_NONE || json_kind(d, t) != TOKEN_OBJECT ? SLICE_NONE :
	    json_raw(d, t);
}

static enum status
litellm_read(struct asked *a, struct error *err)
{
	const struct json *d = &a->json;
	uint32_t side = json_get_value(d, 0, "input_type");
	enum status st;

	if (side == JSON_NONE || json_kind(d, side) != TOKEN_STRING ||
	    !(json_string_is(d, side, "request") ||
	    json_string_is(d, side, "response")))
		return error_set(err, STATUS_INVALID,
		    "input_type is \"request\" or \"response\"");
	a->response = json_string_is(d, side, "response");
	a->about[0] = object_at(d, "request_data");
	a->about[1] = object_at(d, "additional_provider_specific_params");
	if ((st = texts_read(a, err)) == STATUS_OK)
		others_read(a);
	return st;
}

static enum status
litellm_answer(struct asked *a, struct writer *w, struct error *err)
{
	enum fate fate = asked_fate(a);

	(void)err;
	write_object(w, NULL);
	write_word(w, "action", fate == FATE_PASS ? "NONE" :
	    fate == FATE_COVER ? "GUARDRAIL_INTERVENED" : "BLOCKED");
	if (fate == FATE_BLOCK)
		write_text(w, "blocked_reason", asked_why(a));
	else if (fate == FATE_COVER)
		asked_write(a, w, "texts", json_get(&a->json, 0, "texts"));
	write_end(w);
	return STATUS_OK;
}

const struct protocol protocol_litellm = {
	.name = "litellm",
	.read = litellm_read,
	.answer = litellm_answer
};
