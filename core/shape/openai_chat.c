/*
 * OpenAI's chat.completion (openai-python, types/chat/chat_completion.py), as
 * many others also answer.
 */
#include "core/shape/openai_chat.h"

#include <math.h>

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/gather.h"
#include "core/shape/logprobs.h"
#include "core/shape/part_kind.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"

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
	audio = part_get(d, message, "audio", TOKEN_OBJECT);
	if ((t = part_get(d, message, "refusal", TOKEN_STRING)) == JSON_NONE ||
	    !part_says(g->r, d, t))
		t = audio == JSON_NONE ? JSON_NONE : part_get(d, audio,
		    "transcript", TOKEN_STRING);
	if (t != JSON_NONE)
		gather_words(g, t);
}

/*
 * The text; of a call alone the calls; of both, or of what is neither, the
 * whole message.
 */
void
openai_message(struct reading *r, const struct json *d, uint32_t message,
    struct item *item)
{
	uint32_t calls = json_get_value(d, message, "tool_calls"), t;
	struct gather g;

	gather_begin(&g, r, d);
	message_text(&g, message);
	message_sources(&g, message);
	if (!part_calls(d, calls))
		calls = json_get_value(d, message, "function_call");
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
		g.said = part_message_says(r, d, message);
	}
	gather_end_as(&g, t, item);
}

/* A refusal has a field of its own, and "stop" for its reason. */
static void
choice_stop(struct reading *r, uint32_t choice, struct item *item)
{
	const struct json *d = r->d;
	uint32_t message = part_get(d, choice, "message", TOKEN_OBJECT), t;
	uint32_t error = json_get_value(d, choice, "error");
	struct slice why = part_error(r, d, error);

	item->stop = part_stop(r, d, choice);
	if (item->stop == STOP_UNKNOWN)		/* OpenRouter's second one */
		item->stop = stop_from(part_string(r, d, choice,
		    "native_finish_reason"));
	if ((item->stop == STOP_END || item->stop == STOP_UNKNOWN) &&
	    message != JSON_NONE && (t = part_get(d, message, "refusal",
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

/* One side's moderation results: a guard for each category that was flagged. */
static void
moderation_result(struct reading *r, struct item *item, uint32_t result,
    struct slice name)
{
	const struct json *d = r->d;
	uint32_t flags = part_get(d, result, "categories", TOKEN_OBJECT);
	uint32_t scores = part_get(d, result, "category_scores", TOKEN_OBJECT);
	struct caller_guard *g;
	size_t before = item->nguards;
	struct slice kind;
	uint32_t t;

	for (t = flags == JSON_NONE ? JSON_NONE : json_first(d, flags);
	    t != JSON_NONE; t = json_next(d, flags, t)) {
		if (json_kind(d, t + 1) != TOKEN_TRUE)
			continue;
		if ((g = part_guard(r, item, name, RESULT_FAIL)) == NULL)
			return;
		kind = g->kind = part_text(r, d, t);
		/* Decoded, the key may not be NUL-terminated: copy it. */
		if ((kind.p = arena_str(r->reader->arena, kind)) == NULL)
			r->failed = true;
		else if (scores != JSON_NONE)
			g->score = part_number(d, scores, kind.p);
	}
	if (item->nguards > before)
		return;
	t = json_get_value(d, result, "flagged");
	(void)part_guard(r, item, name, t != JSON_NONE && json_kind(d, t) ==
	    TOKEN_TRUE ? RESULT_FAIL : RESULT_PASS);
}

/* Of results for as many choices, only the choice's own. */
static void
moderation_side(struct reading *r, struct item *item, uint32_t side,
    struct slice name, uint32_t choice, uint32_t choices)
{
	const struct json *d = r->d;
	uint32_t results, t, i = 0;
	struct caller_guard *g;

	if (side == JSON_NONE)
		return;
	results = part_get(d, side, "results", TOKEN_ARRAY);
	if (results == JSON_NONE || part_is(d, side, "type", "error")) {
		if ((g = part_guard(r, item, name, RESULT_ERROR)) != NULL)
			g->message = part_string(r, d, side, "message");
		return;
	}
	for (t = json_first(d, results); t != JSON_NONE;
	    t = json_next(d, results, t), i++)
		if (choices == 1 || d->tok[results].count != choices ||
		    i == choice)
			moderation_result(r, item, t, name);
}

static enum status
choice_read(struct reading *r, uint32_t body, uint32_t choice, uint32_t index,
    uint32_t choices, struct item *item)
{
	const struct json *d = r->d;
	uint32_t t, own = part_get(d, body, "metadata", TOKEN_OBJECT);
	uint32_t usage = part_get(d, body, "usage", TOKEN_OBJECT);
	const struct slice add[][2] = {
		{ SLICE("finish_reason"), part_json(d, choice, "finish_reason",
		    TOKEN_STRING) },
		{ SLICE("service_tier"), part_json(d, body, "service_tier",
		    TOKEN_STRING) },
		{ SLICE("cached_tokens"), part_detail(d, usage,
		    "prompt_tokens_details", "cached_tokens") },
		{ SLICE("reasoning_tokens"), part_detail(d, usage,
		    "completion_tokens_details", "reasoning_tokens") }
	};

	if ((t = part_get(d, choice, "message", TOKEN_OBJECT)) != JSON_NONE)
		openai_message(r, d, t, item);
	else if ((t = part_get(d, choice, "text", TOKEN_STRING)) != JSON_NONE)
		part_output(r, d, t, item);
	else if ((t = json_get_value(d, choice, "error")) != JSON_NONE)
		return reading_refuse(r, t, "the request failed: %.*s",
		    SLICE_ARG(part_error(r, d, t)));
	else
		return reading_refuse(r, choice, "a choice without a message");
	choice_stop(r, choice, item);
	if (item->metadata.p == NULL)
		item->metadata = part_metadata(r, d, own, add, 4);
	if ((t = part_get(d, body, "moderation", TOKEN_OBJECT)) != JSON_NONE) {
		moderation_side(r, item, json_get_value(d, t, "output"),
		    SLICE("moderation"), index, choices);
		moderation_side(r, item, json_get_value(d, t, "input"),
		    SLICE("moderation-input"), 0, 1);
	}
	if (choices > 1 && item->id.n > 0) {
		item->id = arena_printf(r->reader->arena, "%.*s#%u",
		    SLICE_ARG(item->id), (unsigned)index + 1);
		r->failed |= item->id.p == NULL;
	}
	t = part_get(d, choice, "logprobs", TOKEN_OBJECT);
	if (item->has_confidence || t == JSON_NONE)
		return STATUS_OK;
	if (part_get(d, t, "content", TOKEN_ARRAY) != JSON_NONE)
		return logprobs_tokens(r, item, json_get(d, t, "content"));
	return logprobs_tokens(r, item, part_get(d, t, "refusal", TOKEN_ARRAY));
}

static void
common_read(struct reading *r, uint32_t body, struct item *common)
{
	const struct json *d = r->d;
	uint32_t usage = part_get(d, body, "usage", TOKEN_OBJECT);

	if (common->id.p == NULL)
		common->id = part_string(r, d, body, "id");
	if (common->model.p == NULL)
		common->model = part_string(r, d, body, "model");
	if (common->created_ms < 0)
		common->created_ms = part_time(r, d, body, "created");
	if (usage != JSON_NONE && common->input_tokens < 0) {
		common->input_tokens = part_count(d, usage, "prompt_tokens");
		common->output_tokens = part_count(d, usage,
		    "completion_tokens");
	}
}

enum status
openai_chat_body(struct reading *r, uint32_t body, const struct item *base)
{
	const struct json *d = r->d;
	uint32_t choices = part_get(d, body, "choices", TOKEN_ARRAY), t, i = 0;
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
	return reading_is(r, KEY_object, "chat.completion") &&
	    reading_has(r, KEY_choices, TOKEN_ARRAY);
}

static enum status
chat_read(struct reading *r)
{
	struct item base;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	/* Some gateways send the request's messages along. */
	base.messages = part_json(r->d, r->root, "messages", TOKEN_ARRAY);
	return openai_chat_body(r, r->root, &base);
}

const struct shape shape_openai_chat = {
	.name = "openai-chat",
	.marks = chat_marks,
	.read = chat_read,
	.hints = { KEY_object, KEY_choices, KEY_created, KEY_usage, KEY_COUNT }
};
