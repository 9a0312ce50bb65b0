/*
 * Bodies that Amazon Bedrock's InvokeModel gives back, each model family's own (AWS
 * user guide, "Inference request parameters and response fields"): Titan's,
 * Llama's, Mistral's, Cohere Command's, Jurassic's and Claude's older one; and of
 * others that answer in the same manner.
 */
#include "core/json/value.h"
#include "core/shape/bodies.h"
#include "core/shape/logprobs.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/shape/usage.h"

/* A list of answers (NULL: the body is the answer), and what is in each. */
static const struct family {
	const char	*list, *text, *reason;
} families[] = {
	{ "results", "outputText", "completionReason" },
	{ NULL, "generation", "stop_reason" },
	{ "outputs", "text", "stop_reason" },
	{ "generations", "text", "finish_reason" },
	{ "completions", NULL, NULL },		/* Jurassic */
	{ "results", "generated_text", "stop_reason" },	/* watsonx.ai */
	{ "completions", "completion", "finish_reason" },	/* Aleph Alpha */
	{ "predictions", "content", NULL },	/* Vertex AI's older models */
	{ NULL, "completion", "stop_reason" }
};

static uint32_t
family_list(const struct json *d, uint32_t body, const struct family *f)
{
	uint32_t list = json_get_kind(d, body, f->list, TOKEN_ARRAY);

	return list == JSON_NONE || d->tok[list].count == 0 ||
	    d->tok[list].count > PARTS_MAX || json_kind(d, list + 1) !=
	    TOKEN_OBJECT ? JSON_NONE : list;
}

static bool
is_of(const struct json *d, uint32_t body, const struct family *f)
{
	uint32_t list;

	if (f->list == NULL)
		return json_get_kind(d, body, f->text, TOKEN_STRING) !=
		    JSON_NONE && json_get_value(d, body, f->reason) !=
		    JSON_NONE;
	if ((list = family_list(d, body, f)) == JSON_NONE)
		return false;
	return f->text != NULL ? json_get_kind(d, list + 1, f->text,
	    TOKEN_STRING) != JSON_NONE : json_get_kind(d, list + 1, "data",
	    TOKEN_OBJECT) != JSON_NONE;
}

static const struct family *
family_of(const struct json *d, uint32_t body)
{
	size_t i;

	for (i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (is_of(d, body, &families[i]))
			return &families[i];
	return NULL;
}

static bool
is_invoke(const struct json *d, uint32_t body)
{
	return family_of(d, body) != NULL;
}

static struct slice
reason_read(struct reading *r, uint32_t answer, const struct family *f)
{
	const struct json *d = r->d;
	uint32_t t;

	if (f->reason != NULL)
		return part_json(d, answer, f->reason, TOKEN_STRING);
	t = json_get_kind(d, answer, "finishReason", TOKEN_OBJECT);
	return t == JSON_NONE ? SLICE_NONE : part_json(d, t, "reason",
	    TOKEN_STRING);
}

static void
answer_read(struct reading *r, uint32_t body, uint32_t answer,
    const struct family *f, struct item *item)
{
	const struct json *d = r->d;
	uint32_t holder = f->text != NULL ? answer : json_get_kind(d, answer,
	    "data", TOKEN_OBJECT);
	uint32_t t = holder == JSON_NONE ? JSON_NONE : json_get_kind(d, holder,
	    f->text != NULL ? f->text : "text", TOKEN_STRING);
	struct slice reason = reason_read(r, answer, f), word = reason;

	item->output_is_string = true;
	item->output = t == JSON_NONE ? SLICE("") : part_text(r, d, t);
	if (word.n >= 2)
		word = (struct slice){ word.p + 1, word.n - 2 };
	item->stop = stop_from(word);
	if (item->output_tokens < 0)
		item->output_tokens = part_count(d, answer, "tokenCount");
	part_usage(d, answer, item);
	logprobs_flat(r, item, json_get_value(d, answer, "token_likelihoods"));
	body_metadata(r, body, reason, JSON_NONE, item);
}

static enum status
invoke_body(struct reading *r, uint32_t body, const struct item *base)
{
	static const struct body_names names = {
		.id = { "id" }, .model = { "model", "modelId", "model_id" },
		.usage = { "usage" }
	};
	const struct json *d = r->d;
	const struct family *f = family_of(d, body);
	struct item common = *base, *item;
	uint32_t list, t, i = 0;

	if (f == NULL)
		return reading_refuse(r, body, "no answer of a known model "
		    "family");
	(void)body_common(r, body, &names, &common);
	part_usage(d, body, &common);
	if (r->mapping >= MAPPING_WRAPPED)	/* Vertex AI's */
		part_usage(d, json_get_kind(d, json_get_kind(d, body,
		    "metadata", TOKEN_OBJECT), "tokenMetadata", TOKEN_OBJECT),
		    &common);
	list = f->list == NULL ? JSON_NONE : family_list(d, body, f);
	if (list == JSON_NONE) {
		if ((item = part_item(r, &common)) == NULL)
			return r->err->code;
		answer_read(r, body, body, f, item);
		return STATUS_OK;
	}
	for (t = json_first(d, list); t != JSON_NONE;
	    t = json_next(d, list, t), i++) {
		if (json_kind(d, t) != TOKEN_OBJECT)
			return reading_refuse(r, t, "an answer is not an "
			    "object");
		if ((item = part_item(r, &common)) == NULL)
			return r->err->code;
		answer_read(r, body, t, f, item);
		body_choice_id(r, item, i, d->tok[list].count);
	}
	return STATUS_OK;
}

static bool
invoke_marks(const struct reading *r)
{
	return r->at[KEY_assessments] == JSON_NONE &&	/* ApplyGuardrail's */
	    is_invoke(r->d, r->root);
}

static enum status
invoke_read(struct reading *r)
{
	return body_alone(r, invoke_body);
}

const struct body body_invoke = { is_invoke, invoke_body };

const struct shape shape_bedrock_invoke = {
	.name = "bedrock-invoke",
	.marks = invoke_marks,
	.by = { KEY_results, KEY_stop_reason, KEY_outputs, KEY_generations,
	    KEY_completions, KEY_predictions, KEY_COUNT },
	.mark = "results[].outputText, generation with stop_reason, "
	    "outputs[].text, generations[].text, completions[].data or "
	    "completion with stop_reason",
	.read = invoke_read,
	.hints = { KEY_results, KEY_generation, KEY_outputs, KEY_generations,
	    KEY_completions, KEY_COUNT }
};
