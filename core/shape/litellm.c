/*
 * LiteLLM's StandardLoggingPayload (docs.litellm.ai, proxy/logging_spec), single,
 * one a line, or an array of them.
 */
#include <math.h>

#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/body.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/shape/traced.h"

static bool
litellm_marks(const struct reading *r)
{
	return reading_has(r, KEY_call_type, TOKEN_STRING) &&
	    (r->at[KEY_startTime] != JSON_NONE ||
	    r->at[KEY_response_cost] != JSON_NONE ||
	    r->at[KEY_response] != JSON_NONE);
}

struct guardrail_outcome {
	const char		*status;
	enum guard_result	 result;
};

/* A blocked or changed text is a failed check; a check that broke an error. */
static const struct guardrail_outcome outcomes[] = {
	{ "success", RESULT_PASS },
	{ "blocked", RESULT_FAIL },
	{ "guardrail_intervened", RESULT_FAIL },
	{ "failure", RESULT_ERROR },
	{ "guardrail_failed_to_respond", RESULT_ERROR }
};

static void
guardrail_read(struct reading *r, uint32_t t, struct item *item)
{
	const struct json *d = r->d;
	struct slice name = part_string(r, d, t, "guardrail_name");
	struct caller_guard *g;
	size_t i;

	if (name.n == 0 || name.n > ITEM_NAME_MAX)
		name = SLICE("guardrail");
	for (i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
		if (!json_get_is(d, t, "guardrail_status", outcomes[i].status))
			continue;
		g = part_guard(r, item, name, outcomes[i].result);
		if (g != NULL)
			g->message = part_string(r, d, t, "guardrail_response");
		return;
	}
}

/* What kept the guardrails' own entries away still says how they ended. */
static void
status_fields_read(struct reading *r, struct item *item)
{
	const struct json *d = r->d;
	uint32_t t = json_get_kind(d, r->root, "status_fields", TOKEN_OBJECT);
	size_t i;

	if (t == JSON_NONE || item->nguards > 0)
		return;
	for (i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
		if (json_get_is(d, t, "guardrail_status", outcomes[i].status))
			(void)part_guard(r, item, SLICE("guardrail"),
			    outcomes[i].result);
}

static void
guardrails_read(struct reading *r, uint32_t object, const char *key,
    struct item *item)
{
	const struct json *d = r->d;
	uint32_t t, e;

	if (object == JSON_NONE ||
	    (t = json_get_value(d, object, key)) == JSON_NONE)
		return;
	if (json_kind(d, t) == TOKEN_OBJECT)
		guardrail_read(r, t, item);
	if (json_kind(d, t) != TOKEN_ARRAY)
		return;
	for (e = json_first(d, t); e != JSON_NONE; e = json_next(d, t, e))
		guardrail_read(r, e, item);
}

static void
tools_read(struct reading *r, struct item *base)
{
	uint32_t t = json_get_kind(r->d, r->root, "model_parameters",
	    TOKEN_OBJECT);

	if (t != JSON_NONE)
		base->tools = part_json(r->d, t, "tools", TOKEN_ARRAY);
}

static void
common_read(struct reading *r, struct item *base)
{
	const struct json *d = r->d;
	uint32_t root = r->root;
	int64_t from = part_time(r, d, root, "startTime");
	int64_t to = part_time(r, d, root, "endTime");
	const struct slice add[][2] = {
		{ SLICE("call_type"), part_json(d, root, "call_type",
		    TOKEN_STRING) },
		{ SLICE("model_group"), part_json(d, root, "model_group",
		    TOKEN_STRING) },
		{ SLICE("end_user"), part_json(d, root, "end_user",
		    TOKEN_STRING) },
		{ SLICE("request_tags"), part_json(d, root, "request_tags",
		    TOKEN_ARRAY) }
	};
	uint32_t own = json_get_kind(d, root, "metadata", TOKEN_OBJECT);

	base->id = part_string(r, d, root, "id");
	base->model = part_string(r, d, root, "model");
	base->messages = part_json(d, root, "messages", TOKEN_ARRAY);
	base->metadata = part_metadata(r, d, json_get_value(d, root,
	    "metadata"), add, 4);
	base->input_tokens = part_count(d, root, "prompt_tokens");
	base->output_tokens = part_count(d, root, "completion_tokens");
	part_amount(&base->cost_usd, part_number(d, root, "cost"));
	part_amount(&base->cost_usd, part_number(d, root, "response_cost"));
	base->created_ms = from;
	if (from >= 0 && to >= from)
		base->latency_ms = (double)(to - from);
	tools_read(r, base);
	guardrails_read(r, root, "guardrail_information", base);
	guardrails_read(r, own, "standard_logging_guardrail_information",
	    base);
	status_fields_read(r, base);
}

static enum status
call_failed(struct reading *r)
{
	struct slice why = part_error(r, r->d, json_get_value(r->d, r->root,
	    "error_information"));

	if (why.p == NULL)
		why = part_string(r, r->d, r->root, "error_str");
	return reading_refuse(r, r->root, "the call failed: %.*s",
	    SLICE_ARG(why));
}

/* Calls of other kinds are logged in the same form. */
static enum status
kind_refuse(struct reading *r)
{
	static const char *const kinds[] = { "embedding", "image", "rerank",
	    "moderation", "speech", "vector_store", "batch", "file", "search" };
	struct slice type = part_string(r, r->d, r->root, "call_type");
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (type.n >= strlen(kinds[i]) && memmem(type.p, type.n,
		    kinds[i], strlen(kinds[i])) != NULL)
			return reading_refuse(r, r->at[KEY_call_type],
			    "a call of the type %.*s: it has no output to "
			    "judge", SLICE_ARG(type));
	return STATUS_OK;
}

static enum status
litellm_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t t = json_get_value(d, r->root, "response");
	struct item base, *item;
	bool known = false;
	enum status st;

	if (json_get_is(d, r->root, "status", "failure"))
		return call_failed(r);
	if ((st = kind_refuse(r)) != STATUS_OK)
		return st;
	if (t == JSON_NONE)
		return reading_refuse(r, r->root, "no \"response\"");
	if ((st = part_base(r, &base)) != STATUS_OK)
		return st;
	common_read(r, &base);
	if (json_kind(d, t) == TOKEN_OBJECT)
		st = body_read(r, t, &base, &known);
	if (st != STATUS_OK || known)
		return st;
	if ((item = part_item(r, &base)) == NULL)
		return r->err->code;
	traced_output(r, t, item);
	return STATUS_OK;
}

const struct shape shape_litellm = {
	.name = "litellm",
	.in_array = true,
	.marks = litellm_marks,
	.by = { KEY_call_type, KEY_COUNT },
	.mark = "a text call_type, and startTime, response_cost or response",
	.read = litellm_read,
	.hints = { KEY_call_type, KEY_startTime, KEY_response_cost,
	    KEY_model_group, KEY_response, KEY_COUNT }
};
