/*
 * The guardrail webhook of agentgateway and kgateway (agentgateway,
 * crates/agentgateway/src/llm/policy/webhook.rs): {"body":{"messages":[...]}} or
 * {"body":{"choices":[...]}} to {"action":...}, which is told by its shape: with an
 * object as body covered, with a text and a status_code rejected, else passed.
 */
#include "core/json/value.h"
#include "core/protocol/content.h"
#include "core/protocol/protocol.h"

#define REJECTED	"This was held back by a policy."

static enum status
body_list(struct asked *a, const char *name, uint32_t *list, struct error *err)
{
	uint32_t body = json_get_value(&a->json, 0, "body");

	*list = json_get_value(&a->json, body, name);
	if (*list == JSON_NONE || json_kind(&a->json, *list) != TOKEN_ARRAY)
		return error_set(err, STATUS_INVALID,
		    "body is an object with a list %s", name);
	return STATUS_OK;
}

static enum status
request_read(struct asked *a, struct error *err)
{
	uint32_t list;
	enum status st = body_list(a, "messages", &list, err);

	if (st == STATUS_OK)
		content_messages(a, list);
	return st;
}

static enum status
response_read(struct asked *a, struct error *err)
{
	uint32_t list;
	enum status st = body_list(a, "choices", &list, err);

	a->response = true;
	if (st == STATUS_OK)
		content_choices(a, list);
	return st;
}

/* What the one who asked reads instead: the queue's fallback. */
static const char *
rejected(const struct asked *a)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (a->v[i].fate == FATE_BLOCK &&
		    a->v[i].verdict->queue->fallback != NULL)
			return a->v[i].verdict->queue->fallback;
	return REJECTED;
}

static enum status
action_answer(struct asked *a, struct writer *w, struct error *err)
{
	enum fate fate = asked_fate(a);

	(void)err;
	write_object(w, NULL);
	write_object(w, "action");
	if (fate == FATE_COVER) {
		asked_write(a, w, "body", json_get(&a->json, 0, "body"));
		write_word(w, "reason", "covered");
	} else if (fate == FATE_BLOCK) {
		write_word(w, "body", rejected(a));
		write_int(w, "status_code", 403);
		write_text(w, "reason", asked_why(a));
	}
	write_end(w);
	write_end(w);
	return STATUS_OK;
}

const struct protocol protocol_agentgateway_request = {
	.name = "agentgateway",
	.read = request_read,
	.answer = action_answer
};

const struct protocol protocol_agentgateway_response = {
	.name = "agentgateway",
	.read = response_read,
	.answer = action_answer
};
