/*
 * Gemini's and Vertex AI's generateContent (googleapis, generative_service.proto:
 * GenerateContentResponse), in the API's names and in the SDK's.
 */
#include <math.h>

#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/bodies.h"
#include "core/shape/gather.h"
#include "core/shape/logprobs.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"

/* One in the spelling that is there. */
static uint32_t
either(const struct json *d, uint32_t object, const char *camel,
    const char *snake)
{
	uint32_t t;

	if (object == JSON_NONE || json_kind(d, object) != TOKEN_OBJECT)
		return JSON_NONE;
	t = json_get_value(d, object, camel);
	return t != JSON_NONE ? t : json_get_value(d, object, snake);
}

static bool
is_gemini(const struct json *d, uint32_t body)
{
	return json_get_kind(d, body, "candidates", TOKEN_ARRAY) != JSON_NONE ||
	    (either(d, body, "promptFeedback", "prompt_feedback") !=
	    JSON_NONE && json_get(d, body, "choices") == JSON_NONE) ||
	    (either(d, body, "usageMetadata", "usage_metadata") != JSON_NONE &&
	    either(d, body, "modelVersion", "model_version") != JSON_NONE);
}

static void
candidate_sources(struct gather *g, uint32_t candidate)
{
	static const struct {
		const char	*camel, *snake, *camel_in, *snake_in;
	} rows[] = {
		{ "groundingMetadata", "grounding_metadata", "groundingChunks",
		    "grounding_chunks" },
		{ "citationMetadata", "citation_metadata", "citationSources",
		    "citation_sources" },
		{ "citationMetadata", "citation_metadata", "citations",
		    "citations" },
		{ "urlContextMetadata", "url_context_metadata", "urlMetadata",
		    "url_metadata" }
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		gather_sources(g, either(g->d, either(g->d, candidate,
		    rows[i].camel, rows[i].snake), rows[i].camel_in,
		    rows[i].snake_in));
}

/* A rating that blocked is a guard's failure. */
static void
ratings_read(struct reading *r, uint32_t owner, struct slice name,
    struct item *item)
{
	uint32_t all = either(r->d, owner, "safetyRatings", "safety_ratings");
	struct caller_guard *g;
	size_t before = item->nguards;
	uint32_t t;

	if (all == JSON_NONE || json_kind(r->d, all) != TOKEN_ARRAY ||
	    r->d->tok[all].count == 0)
		return;
	for (t = json_first(r->d, all); t != JSON_NONE;
	    t = json_next(r->d, all, t)) {
		if (json_kind(r->d, t) != TOKEN_OBJECT || json_get_kind(r->d, t,
		    "blocked", TOKEN_TRUE) == JSON_NONE)
			continue;
		if ((g = part_guard(r, item, name, RESULT_FAIL)) == NULL)
			return;
		g->kind = part_string(r, r->d, t, "category");
		g->score = part_number(r->d, t, "probabilityScore");
	}
	if (item->nguards == before)
		(void)part_guard(r, item, name, RESULT_PASS);
}

static void
confidence_read(struct reading *r, uint32_t candidate, struct item *item)
{
	uint32_t t = either(r->d, either(r->d, candidate, "logprobsResult",
	    "logprobs_result"), "chosenCandidates", "chosen_candidates");
	uint32_t mean = either(r->d, candidate, "avgLogprobs", "avg_logprobs");

	logprobs_flat(r, item, t != JSON_NONE ? t : mean);
}

/* FinishReason by its number, as protobuf's JSON may have it. */
static enum stop
numbered_stop(struct reading *r, uint32_t reason)
{
	static const enum stop stops[] = { STOP_UNKNOWN, STOP_END, STOP_LENGTH,
	    STOP_FILTER, STOP_FILTER, STOP_UNKNOWN, STOP_FILTER, STOP_FILTER,
	    STOP_FILTER, STOP_ERROR };
	int64_t n;

	return r->mapping >= MAPPING_WRAPPED && reason != JSON_NONE &&
	    json_kind(r->d, reason) == TOKEN_NUMBER && json_int64(r->d, reason,
	    &n) && n > 0 && n < 10 ? stops[n] : STOP_UNKNOWN;
}

static void
candidate_read(struct reading *r, uint32_t body, uint32_t candidate,
    uint32_t usage, struct item *item)
{
	const struct json *d = r->d;
	uint32_t content = json_get_kind(d, candidate, "content", TOKEN_OBJECT);
	uint32_t parts = content == JSON_NONE ? JSON_NONE : json_get_kind(d,
	    content, "parts", TOKEN_ARRAY);
	uint32_t reason = either(d, candidate, "finishReason",
	    "finish_reason");
	struct gather g;

	gather_begin(&g, r, d);
	if (parts == JSON_NONE && (parts = json_get_kind(d, candidate,
	    "content", TOKEN_STRING)) == JSON_NONE)	/* PaLM's */
		parts = json_get_kind(d, candidate, "output", TOKEN_STRING);
	if (parts != JSON_NONE)
		gather_content(&g, parts);
	candidate_sources(&g, candidate);
	item->stop = part_stop(r, d, candidate);
	if (item->stop == STOP_UNKNOWN)
		item->stop = numbered_stop(r, reason);
	if (g.calls > 0 && item->stop == STOP_END)
		item->stop = STOP_TOOL;
	gather_end(&g, item);
	if (item->stop == STOP_ERROR)
		part_fault(r, item, candidate, FAULT_BROKEN,
		    "the answer broke off: finishReason %.*s",
		    SLICE_ARG(part_text(r, d, reason)));
	ratings_read(r, candidate, SLICE("safety"), item);
	ratings_read(r, either(d, body, "promptFeedback", "prompt_feedback"),
	    SLICE("safety-input"), item);
	confidence_read(r, candidate, item);
	body_metadata(r, body, reason == JSON_NONE ? SLICE_NONE :
	    json_raw(d, reason), usage, item);
}

/* What was asked was held back: there is no candidate. */
static enum status
blocked_read(struct reading *r, uint32_t body, uint32_t usage,
    const struct item *common)
{
	uint32_t feedback = either(r->d, body, "promptFeedback",
	    "prompt_feedback");
	uint32_t reason = either(r->d, feedback, "blockReason",
	    "block_reason");
	struct item *item;

	if (reason == JSON_NONE)
		return reading_refuse(r, body, "a response without candidates");
	if ((item = part_item(r, common)) == NULL)
		return r->err->code;
	item->output.p = arena_str(r->reader->arena, SLICE(""));
	r->failed |= item->output.p == NULL;
	item->output_is_string = true;
	item->stop = STOP_FILTER;
	ratings_read(r, feedback, SLICE("safety-input"), item);
	body_metadata(r, body, json_raw(r->d, reason), usage, item);
	return STATUS_OK;
}

static enum status
gemini_body(struct reading *r, uint32_t body, const struct item *base)
{
	static const struct body_names names = {
		.id = { "responseId", "response_id" },
		.model = { "modelVersion", "model_version", "model" },
		.created = { "createTime", "create_time" },
		.usage = { "usageMetadata", "usage_metadata" }
	};
	const struct json *d = r->d;
	uint32_t all = json_get_kind(d, body, "candidates", TOKEN_ARRAY), t, i =
	    0;
	struct item common = *base, *item;
	uint32_t usage = body_common(r, body, &names, &common);

	if (all == JSON_NONE || d->tok[all].count == 0)
		return blocked_read(r, body, usage, &common);
	if (d->tok[all].count > PARTS_MAX)
		return reading_refuse(r, all, "over %d candidates", PARTS_MAX);
	for (t = json_first(d, all); t != JSON_NONE;
	    t = json_next(d, all, t), i++) {
		if (json_kind(d, t) != TOKEN_OBJECT)
			return reading_refuse(r, t, "a candidate is not an "
			    "object");
		if ((item = part_item(r, &common)) == NULL)
			return r->err->code;
		candidate_read(r, body, t, usage, item);
		body_choice_id(r, item, i, d->tok[all].count);
	}
	return STATUS_OK;
}

static bool
gemini_marks(const struct reading *r)
{
	return is_gemini(r->d, r->root);
}

static enum status
gemini_read(struct reading *r)
{
	return body_alone(r, gemini_body);
}

const struct body body_gemini = { is_gemini, gemini_body };

const struct shape shape_gemini = {
	.name = "gemini",
	.marks = gemini_marks,
	.by = { KEY_candidates, KEY_promptFeedback, KEY_prompt_feedback,
	    KEY_usageMetadata, KEY_COUNT },
	.mark = "an array candidates, or promptFeedback",
	.read = gemini_read,
	.hints = { KEY_candidates, KEY_usageMetadata, KEY_usage_metadata,
	    KEY_promptFeedback, KEY_COUNT }
};
