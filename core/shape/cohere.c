/* Cohere's chat, versions 2 and 1 (cohere-python, types/v2chat_response.py and
 * types/non_streamed_chat_response.py). */
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/bodies.h"
#include "core/shape/gather.h"
#include "core/shape/logprobs.h"
#include "core/shape/part_kind.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/shape/usage.h"

static bool
is_cohere(const struct json *d, uint32_t body)
{
	uint32_t message = json_get_kind(d, body, "message", TOKEN_OBJECT);

	if (message != JSON_NONE)
		return json_get_kind(d, body, "finish_reason", TOKEN_STRING) !=
		    JSON_NONE && json_get(d, body, "done") == JSON_NONE &&
		    json_get(d, body, "index") == JSON_NONE;
	return json_get_kind(d, body, "text", TOKEN_STRING) != JSON_NONE &&
	    (json_get_value(d, body, "generation_id") != JSON_NONE ||
	    json_get_value(d, body, "response_id") != JSON_NONE);
}

/* A citation's own text is the answer's: what counts are its sources. */
static void
citations_gather(struct gather *g, uint32_t owner)
{
	uint32_t all = json_get_kind(g->d, owner, "citations", TOKEN_ARRAY), t;

	for (t = all == JSON_NONE ? JSON_NONE : json_first(g->d, all);
	    t != JSON_NONE; t = json_next(g->d, all, t))
		if (json_kind(g->d, t) == TOKEN_OBJECT)
			gather_sources(g, json_get_value(g->d, t, "sources"));
}

/* A message of the second version; a text and what stands beside it of the first. */
static void
answer_read(struct reading *r, uint32_t body, struct item *item)
{
	const struct json *d = r->d;
	uint32_t message = json_get_kind(d, body, "message", TOKEN_OBJECT);
	uint32_t owner = message == JSON_NONE ? body : message, calls, t;
	struct gather g;

	gather_begin(&g, r, d);
	t = json_get_value(d, owner, message == JSON_NONE ? "text" : "content");
	if (t != JSON_NONE)
		gather_content(&g, t);
	citations_gather(&g, owner);
	gather_sources(&g, json_get_value(d, body, "documents"));
	calls = json_get_value(d, owner, "tool_calls");
	if (!part_calls(d, calls)) {
		gather_end(&g, item);
		return;
	}
	t = !g.said ? calls : message;
	g.said = true;
	if (t == JSON_NONE) {		/* the first version's has no object */
		gather_calls(&g, calls);
		gather_end(&g, item);
	} else {
		gather_end_as(&g, t, item);
	}
}

static uint32_t
usage_read(const struct json *d, uint32_t body, struct item *item)
{
	uint32_t usage = json_get_kind(d, body, "usage", TOKEN_OBJECT), t;

	if (usage == JSON_NONE)
		usage = json_get_kind(d, body, "meta", TOKEN_OBJECT);
	if (usage == JSON_NONE)
		return JSON_NONE;
	if ((t = json_get_kind(d, usage, "tokens", TOKEN_OBJECT)) != JSON_NONE)
		part_usage(d, t, item);
	if ((t = json_get_kind(d, usage, "billed_units", TOKEN_OBJECT)) !=
	    JSON_NONE)
		part_usage(d, t, item);
	return usage;
}

static enum status
cohere_body(struct reading *r, uint32_t body, const struct item *base)
{
	static const struct body_names names = {
		.id = { "id", "response_id" }, .model = { "model" }
	};
	const struct json *d = r->d;
	struct item *item = part_item(r, base);
	uint32_t usage;

	if (item == NULL)
		return r->err->code;
	(void)body_common(r, body, &names, item);
	usage = usage_read(d, body, item);
	answer_read(r, body, item);
	item->stop = part_stop(r, d, body);
	if (item->stop == STOP_ERROR)
		part_fault(r, item, body, FAULT_BROKEN, "the answer broke off: "
		    "finish_reason %.*s", SLICE_ARG(part_string(r, d, body,
		    "finish_reason")));
	logprobs_flat(r, item, json_get_value(d, body, "logprobs"));
	body_metadata(r, body, part_json(d, body, "finish_reason",
	    TOKEN_STRING), usage, item);
	return STATUS_OK;
}

static bool
cohere_marks(const struct reading *r)
{
	return is_cohere(r->d, r->root) && r->at[KEY_done] == JSON_NONE;
}

static enum status
cohere_read(struct reading *r)
{
	return body_alone(r, cohere_body);
}

const struct body body_cohere = { is_cohere, cohere_body };

const struct shape shape_cohere = {
	.name = "cohere",
	.marks = cohere_marks,
	.by = { KEY_finish_reason, KEY_generation_id, KEY_response_id,
	    KEY_COUNT },
	.mark = "an object message and a text finish_reason",
	.read = cohere_read,
	.hints = { KEY_message, KEY_finish_reason, KEY_generation_id,
	    KEY_COUNT }
};
