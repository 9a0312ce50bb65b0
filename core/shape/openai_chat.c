/*
 * OpenAI's chat.completion (openai-python, types/chat/chat_completion.py), as
 * many others also answer.
 */
#include "core/shape/openai_chat.h"

#include <math.h>

#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/body.h"
#include "core/shape/gather.h"
#include "core/shape/logprobs.h"
#include "core/shape/moderation.h"
#include "core/shape/part_kind.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/shape/usage.h"

/* Where a message says on what it stands: OpenAI, Azure, Groq, Perplexity. */
static void
message_sources(struct gather *g, uint32_t message)
{
	static const char *const keys[] = { "annotations", "citations",
	    "context", "executed_tools", "search_results" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		gather_sources(g, json_get_value(g->d, message, keys[i]));
}

/* Of a text, a refusal, or the transcript of what was spoken. */
static void
message_text(struct gather *g, uint32_t message)
{
	const struct json *d = g->d;
	uint32_t t = json_get_value(d, message, "content"), audio;

	if (t != JSON_NONE)
		gather_content(g, t);
	if (g->said)
		return;
	gather_media(g, json_get_kind(d, message, "images", TOKEN_ARRAY));
	audio = json_get_kind(d, message, "audio", TOKEN_OBJECT);
	if ((t = json_get_kind(d, message, "refusal", TOKEN_STRING)) ==
	    JSON_NONE || !part_says(g->r, d, t))
		t = audio == JSON_NONE ? JSON_NONE : json_get_kind(d, audio,
		    "transcript", TOKEN_STRING);
	if (t == JSON_NONE && audio != JSON_NONE)
		g->sounds++;
	if (t != JSON_NONE)
		gather_words(g, t);
}

/* LangChain keeps them there too, before its own form and where that fails. */
static bool
kwargs_calls(struct reading *r, const struct json *d, uint32_t message,
    uint32_t *calls)
{
	uint32_t kwargs = json_get_kind(d, message, "additional_kwargs",
	    TOKEN_OBJECT);

	if (kwargs == JSON_NONE || r->mapping < MAPPING_FILES)
		return false;
	*calls = json_get_value(d, kwargs, "tool_calls");
	if (!part_calls(d, *calls))
		*calls = json_get_value(d, kwargs, "function_call");
	return part_calls(d, *calls);
}

/*
 * The text; of a call alone the calls; of both, or of what is neither, the
 * whole message.
 */
static void
message_read(struct reading *r, const struct json *d, uint32_t message,
    uint32_t body, struct item *item)
{
	uint32_t calls = json_get_value(d, message, "tool_calls"), t;
	struct gather g;

	gather_begin(&g, r, d);
	message_text(&g, message);
	message_sources(&g, message);
	if (body != JSON_NONE) {	/* Perplexity, xAI */
		gather_sources(&g, json_get_value(d, body, "search_results"));
		gather_sources(&g, json_get_value(d, body, "citations"));
	}
	if (!part_calls(d, calls))
		calls = json_get_value(d, message, "function_call");
	if (!part_calls(d, calls) && kwargs_calls(r, d, message, &calls)) {
		gather_calls(&g, calls);
		gather_end(&g, item);
		return;
	}
	if (part_calls(d, calls)) {
		t = g.said || g.others > 0 ? message : calls;
		g.said = true;
	} else if (g.said && g.calls + g.others == 0) {
		t = JSON_NONE;
	} else if (g.calls + g.others > 0) {
		gather_end(&g, item);
		return;
	} else {
		t = json_get_value(d, message, "content") == JSON_NONE ?
		    message : JSON_NONE;
		g.said = g.images + g.sounds + g.files == 0 &&
		    part_message_says(r, d, message);
	}
	gather_end_as(&g, t, item);
}

void
openai_message(struct reading *r, const struct json *d, uint32_t message,
    struct item *item)
{
	message_read(r, d, message, JSON_NONE, item);
}

/* A refusal has a field of its own, and "stop" for its reason. */
static void
choice_stop(struct reading *r, uint32_t choice, struct item *item)
{
	const struct json *d = r->d;
	uint32_t message = json_get_kind(d, choice, "message", TOKEN_OBJECT), t;
	uint32_t error = json_get_value(d, choice, "error");
	struct slice why = part_error(r, d, error);

	item->stop = part_stop(r, d, choice);
	if (item->stop == STOP_UNKNOWN)		/* OpenRouter's second one */
		item->stop = stop_from(part_string(r, d, choice,
		    "native_finish_reason"));
	if ((item->stop == STOP_END || item->stop == STOP_UNKNOWN) &&
	    message != JSON_NONE && (t = json_get_kind(d, message, "refusal",
	    TOKEN_STRING)) != JSON_NONE && part_says(r, d, t))
		item->stop = STOP_REFUSAL;
	if (why.p != NULL)
		part_fault(r, item, error, FAULT_BROKEN,
		    "the request failed: %.*s", SLICE_ARG(why));
	else if (item->stop == STOP_ERROR)
		part_fault(r, item, choice, FAULT_BROKEN, "the answer broke off: "
		    "finish_reason %.*s", SLICE_ARG(part_string(r, d, choice,
		    "finish_reason")));
}

static void
nothing_said(struct reading *r, struct item *item)
{
	struct gather g;

	gather_begin(&g, r, r->d);
	gather_end(&g, item);
}

static enum status
choice_read(struct reading *r, uint32_t body, uint32_t choice, uint32_t index,
    uint32_t choices, struct item *item)
{
	const struct json *d = r->d;
	uint32_t t, own = json_get_value(d, body, "metadata");
	uint32_t usage = json_get_kind(d, body, "usage", TOKEN_OBJECT);
	const struct slice add[][2] = {
		{ SLICE("finish_reason"), part_json(d, choice, "finish_reason",
		    TOKEN_STRING) },
		{ SLICE("service_tier"), part_json(d, body, "service_tier",
		    TOKEN_STRING) },
		{ SLICE("cached_tokens"), part_cached(d, usage) },
		{ SLICE("reasoning_tokens"), part_reasoned(d, usage) }
	};

	if ((t = json_get_kind(d, choice, "message", TOKEN_OBJECT)) !=
	    JSON_NONE)
		message_read(r, d, t, body, item);
	else if ((t = json_get_kind(d, choice, "text", TOKEN_STRING)) !=
	    JSON_NONE)
		part_output(r, d, t, item);
	else if ((t = json_get_value(d, choice, "error")) != JSON_NONE)
		return reading_refuse(r, t, "the request failed: %.*s",
		    SLICE_ARG(part_error(r, d, t)));
	else if (part_stop(r, d, choice) != STOP_UNKNOWN)
		nothing_said(r, item);	/* Azure, where its filter stopped it */
	else
		return reading_refuse(r, choice, "a choice without a message");
	choice_stop(r, choice, item);
	part_metadata_join(r, item, own, add, 4);
	moderation_read(r, body, index, choices, item);
	content_filter_read(r, body, choice, item);
	body_choice_id(r, item, index, choices);
	t = json_get_kind(d, choice, "logprobs", TOKEN_OBJECT);
	if (item->has_confidence || t == JSON_NONE)
		return STATUS_OK;
	if (json_get_kind(d, t, "content", TOKEN_ARRAY) != JSON_NONE)
		return logprobs_tokens(r, item, json_get(d, t, "content"));
	if (json_get_kind(d, t, "refusal", TOKEN_ARRAY) != JSON_NONE)
		return logprobs_tokens(r, item, json_get(d, t, "refusal"));
	logprobs_flat(r, item, json_get_value(d, t, "token_logprobs"));
	return STATUS_OK;
}

/* OpenRouter's a number, Perplexity's an object. */
static void
cost_read(const struct json *d, uint32_t usage, struct item *item)
{
	uint32_t cost = json_get_kind(d, usage, "cost", TOKEN_OBJECT);

	part_amount(&item->cost_usd, cost == JSON_NONE ? part_number(d, usage,
	    "cost") : part_number(d, cost, "total_cost"));
}

static void
common_read(struct reading *r, uint32_t body, struct item *common)
{
	const struct json *d = r->d;
	uint32_t usage = json_get_kind(d, body, "usage", TOKEN_OBJECT);

	if (common->id.p == NULL)
		common->id = part_string(r, d, body, "id");
	if (common->model.p == NULL)
		common->model = part_string(r, d, body, "model");
	if (common->created_ms < 0)
		common->created_ms = part_time(r, d, body, "created");
	part_usage(d, usage, common);
	if (r->mapping >= MAPPING_FILES && usage != JSON_NONE &&
	    !(common->cost_usd >= 0))
		cost_read(d, usage, common);
}

enum status
openai_chat_body(struct reading *r, uint32_t body, const struct item *base)
{
	const struct json *d = r->d;
	uint32_t choices = json_get_kind(d, body, "choices", TOKEN_ARRAY), t,
	    i = 0;
	uint32_t error = json_get_value(d, body, "error");
	struct slice why = part_error(r, d, error);
	struct item common = *base, *item;
	enum status st;

	if (why.p != NULL && (choices == JSON_NONE ||
	    d->tok[choices].count == 0))
		return reading_refuse(r, error, "the request failed: %.*s",
		    SLICE_ARG(why));
	if (choices == JSON_NONE || d->tok[choices].count == 0)
		return reading_refuse(r, body, "a completion without choices");
	if (d->tok[choices].count > PARTS_MAX)
		return reading_refuse(r, choices, "over %d choices", PARTS_MAX);
	common_read(r, body, &common);
	for (t = json_first(d, choices); t != JSON_NONE;
	    t = json_next(d, choices, t), i++) {
		if ((item = part_item(r, &common)) == NULL)
			return r->err->code;
		st = choice_read(r, body, t, i, d->tok[choices].count, item);
		if (st != STATUS_OK)
			return st;
		if (why.p != NULL)
			part_fault(r, item, error, FAULT_BROKEN,
			    "the request failed: %.*s", SLICE_ARG(why));
	}
	return STATUS_OK;
}

static bool
chat_marks(const struct reading *r)
{
	const struct json *d = r->d;
	uint32_t all = r->at[KEY_choices];

	if (!reading_has(r, KEY_choices, TOKEN_ARRAY))
		return false;
	return reading_is(r, KEY_object, "chat.completion") ||
	    (d->tok[all].count > 0 && json_kind(d, all + 1) == TOKEN_OBJECT &&
	    json_get_kind(d, all + 1, "message", TOKEN_OBJECT) != JSON_NONE);
}

static enum status
chat_read(struct reading *r)
{
	return body_alone(r, openai_chat_body);
}

const struct shape shape_openai_chat = {
	.name = "openai-chat",
	.marks = chat_marks,
	.by = { KEY_choices, KEY_COUNT },
	.mark = "object is chat.completion, or none, and choices hold a message",
	.read = chat_read,
	.hints = { KEY_choices, KEY_created, KEY_usage, KEY_COUNT }
};
