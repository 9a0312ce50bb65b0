/* OpenAI's Responses object (openai-python, types/responses/response.py), and
 * Mistral's conversations, which are built alike. */
#include "core/shape/openai_responses.h"

#include <math.h>

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/gather.h"
#include "core/shape/logprobs.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/shape/usage.h"

static void
item_gather(struct gather *g, uint32_t t)
{
	const struct json *d = g->d;
	uint32_t content;

	if (!json_get_is(d, t, "type", "message") &&
	    !json_get_is(d, t, "type", "message.output")) {
		gather_content(g, t);
		return;
	}
	if ((content = json_get_value(d, t, "content")) == JSON_NONE)
		return;
	gather_keep(g, t);
	g->whole = true;	/* its parts are kept in it */
	gather_content(g, content);
	g->whole = false;
}

/* A response that is done does not say for which of its parts it stopped. */
static void
stop_read(struct reading *r, uint32_t body, const struct gather *g,
    struct item *item)
{
	const struct json *d = r->d;
	uint32_t why = json_get_kind(d, body, "incomplete_details",
	    TOKEN_OBJECT);

	if (json_get_is(d, body, "status", "incomplete")) {
		item->stop = why == JSON_NONE ? STOP_UNKNOWN :
		    stop_from(part_string(r, d, why, "reason"));
		if (item->stop == STOP_UNKNOWN)
			item->stop = STOP_ERROR;
	} else if (g->calls > 0) {
		item->stop = STOP_TOOL;
	} else if (g->refusals > 0) {
		item->stop = STOP_REFUSAL;
	} else if (json_get_is(d, body, "status", "completed")) {
		item->stop = STOP_END;
	}
}

static void
fault_read(struct reading *r, uint32_t body, struct item *item)
{
	const struct json *d = r->d;
	uint32_t error = json_get_value(d, body, "error");
	struct slice why = part_error(r, d, error);
	const char *is = "";
	enum item_fault fault = part_status(r, d, body, &is);

	if (fault == FAULT_UNDONE)
		part_fault(r, item, body, fault, "the response %s: give it again "
		    "when it is completed", is);
	else if (why.p != NULL)
		part_fault(r, item, error, fault == FAULT_NONE ? FAULT_BROKEN :
		    fault, "the request failed: %.*s", SLICE_ARG(why));
	else if (fault != FAULT_NONE)
		part_fault(r, item, body, fault, "the response %s", is);
}

static struct slice
prompt_name(struct reading *r, uint32_t body)
{
	uint32_t prompt = json_get_kind(r->d, body, "prompt", TOKEN_OBJECT);
	struct slice id, version;

	if (prompt == JSON_NONE)
		return SLICE_NONE;
	id = part_string(r, r->d, prompt, "id");
	version = part_string(r, r->d, prompt, "version");
	if (id.p == NULL || version.p == NULL)
		return id;
	id = arena_printf(r->reader->arena, "%.*s@%.*s", SLICE_ARG(id),
	    SLICE_ARG(version));
	r->failed |= id.p == NULL;
	return id;
}

static void
common_read(struct reading *r, uint32_t body, struct item *item)
{
	const struct json *d = r->d;
	uint32_t usage = json_get_kind(d, body, "usage", TOKEN_OBJECT);
	uint32_t why = json_get_kind(d, body, "incomplete_details",
	    TOKEN_OBJECT);
	const struct slice add[][2] = {
		{ SLICE("status"), part_json(d, body, "status", TOKEN_STRING) },
		{ SLICE("incomplete_reason"), why == JSON_NONE ? SLICE_NONE :
		    part_json(d, why, "reason", TOKEN_STRING) },
		{ SLICE("cached_tokens"), part_cached(d, usage) },
		{ SLICE("reasoning_tokens"), part_reasoned(d, usage) }
	};

	if (item->id.p == NULL)
		item->id = part_string(r, d, body, "id");
	if (item->id.p == NULL)
		item->id = part_string(r, d, body, "conversation_id");
	if (item->model.p == NULL)
		item->model = part_string(r, d, body, "model");
	if (item->tools.p == NULL)
		item->tools = part_json(d, body, "tools", TOKEN_ARRAY);
	if (item->prompt.p == NULL)
		item->prompt = prompt_name(r, body);
	if (item->created_ms < 0)
		item->created_ms = part_time(r, d, body, "created_at");
	part_usage(d, usage, item);
	if (item->messages.p == NULL)
		item->messages = part_messages(r, part_json(d, body,
		    "instructions", TOKEN_STRING), SLICE_NONE);
	part_metadata_join(r, item, json_get_value(d, body, "metadata"), add,
	    4);
}

enum status
openai_responses_body(struct reading *r, uint32_t body,
    const struct item *base)
{
	const struct json *d = r->d;
	uint32_t output = json_get_kind(d, body, json_get_is(d, body, "object",
	    "conversation.response") ? "outputs" : "output", TOKEN_ARRAY);
	uint32_t error = json_get_value(d, body, "error");
	struct gather g;
	struct item *item;
	uint32_t t;

	if (error != JSON_NONE && output == JSON_NONE)
		return reading_refuse(r, error, "the request failed: %.*s",
		    SLICE_ARG(part_error(r, d, error)));
	if (output == JSON_NONE)
		return reading_refuse(r, body, "a response without \"output\"");
	if ((item = part_item(r, base)) == NULL)
		return r->err->code;
	common_read(r, body, item);
	gather_begin(&g, r, d);
	for (t = json_first(d, output); t != JSON_NONE;
	    t = json_next(d, output, t))
		item_gather(&g, t);
	stop_read(r, body, &g, item);
	gather_end(&g, item);
	fault_read(r, body, item);
	if (r->failed)
		return error_nomem(r->err);
	return item->has_confidence || g.logprobs == JSON_NONE ? STATUS_OK :
	    logprobs_tokens(r, item, g.logprobs);
}

static bool
responses_marks(const struct reading *r)
{
	return reading_is(r, KEY_object, "response") ||
	    reading_is(r, KEY_object, "conversation.response");
}

static enum status
responses_read(struct reading *r)
{
	struct item base;
	enum status st = part_base(r, &base);

	return st != STATUS_OK ? st :
	    openai_responses_body(r, r->root, &base);
}

const struct shape shape_openai_responses = {
	.name = "openai-responses",
	.marks = responses_marks,
	.by = { KEY_object, KEY_COUNT },
	.mark = "object is response",
	.read = responses_read,
	.hints = { KEY_object, KEY_output, KEY_status, KEY_usage, KEY_COUNT }
};
