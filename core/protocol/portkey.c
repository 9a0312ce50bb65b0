/*
 * Portkey's webhook guardrail (plugins/default/webhook of portkey-ai/gateway): its
 * hook's context with eventType to {"verdict":true}, with transformedData where texts
 * are covered.  Its gateway lets pass what ends in an error unless the check says
 * failOnError, so that a body that cannot be read is answered too: by false.
 */
#include "core/json/value.h"
#include "core/protocol/content.h"
#include "core/protocol/protocol.h"

/* The one of the two that the hook is about. */
static const char *
side_name(const struct asked *a)
{
	return a->response ? "response" : "request";
}

static uint32_t
side_json(const struct asked *a)
{
	return json_get_value(&a->json, json_get_value(&a->json, 0,
	    side_name(a)), "json");
}

/* A body of another API: the text that Portkey made of it, which stands nowhere in
 * the answer. */
static void
text_read(struct asked *a)
{
	uint32_t t = json_get_value(&a->json, json_get_value(&a->json, 0,
	    side_name(a)), "text");

	if (t == JSON_NONE || json_kind(&a->json, t) != TOKEN_STRING ||
	    json_raw(&a->json, t).n == 2)
		a->unread = true;
	else
		(void)asked_add(a, t, false);
}

static void
about_read(struct asked *a)
{
	const struct json *d = &a->json;
	uint32_t request = json_get_value(d, json_get_value(d, 0, "request"),
	    "json");
	uint32_t model = json_get_value(d, request, "model");
	uint32_t messages = json_get_value(d, request, "messages");
	uint32_t metadata = json_get_value(d, 0, "metadata");

	if (model != JSON_NONE && json_kind(d, model) == TOKEN_STRING)
		a->model = value_string(d, model, a->arena);
	if (messages != JSON_NONE && json_kind(d, messages) == TOKEN_ARRAY)
		a->messages = json_raw(d, messages);
	if (metadata != JSON_NONE && json_kind(d, metadata) == TOKEN_OBJECT)
		a->about[0] = json_raw(d, metadata);
}

static enum status
portkey_read(struct asked *a, struct error *err)
{
	const struct json *d = &a->json;
	uint32_t event = json_get_value(d, 0, "eventType"), json;
	bool read;

	if (event == JSON_NONE || json_kind(d, event) != TOKEN_STRING ||
	    !(json_string_is(d, event, "beforeRequestHook") ||
	    json_string_is(d, event, "afterRequestHook")))
		return error_set(err, STATUS_INVALID, "eventType is "
		    "\"beforeRequestHook\" or \"afterRequestHook\"");
	a->response = json_string_is(d, event, "afterRequestHook");
	about_read(a);
	json = side_json(a);
	read = json == JSON_NONE ? false : a->response ?
	    content_response(a, json) : content_request(a, json);
	if (!read)
		text_read(a);
	return STATUS_OK;
}

static void
why_write(struct writer *w, struct slice why)
{
	write_object(w, "data");
	write_text(w, "reason", why);
	write_end(w);
}

static enum status
portkey_answer(struct asked *a, struct writer *w, struct error *err)
{
	enum fate fate = asked_fate(a);

	(void)err;
	write_object(w, NULL);
	write_bool(w, "verdict", fate != FATE_BLOCK);
	if (fate == FATE_BLOCK)
		why_write(w, asked_why(a));
	if (fate == FATE_COVER) {
		write_object(w, "transformedData");
		write_object(w, side_name(a));
		asked_write(a, w, "json", side_json(a));
		write_end(w);
		write_end(w);
	}
	write_end(w);
	return STATUS_OK;
}

static void
portkey_refuse(struct writer *w, const char *why)
{
	write_object(w, NULL);
	write_bool(w, "verdict", false);
	why_write(w, slice_of(why));
	write_end(w);
}

const struct protocol protocol_portkey = {
	.name = "portkey",
	.read = portkey_read,
	.answer = portkey_answer,
	.refuse = portkey_refuse
};
