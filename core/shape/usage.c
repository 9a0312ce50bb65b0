#include "core/shape/usage.h"

#include <pthread.h>

#include "core/json/value.h"
#include "core/shape/part_value.h"

/* OpenAI's two, Bedrock's, Gemini's in its API and its SDK, Ollama's, Titan's,
 * Llama's on Bedrock, llama.cpp's, Langfuse's. */
static const char *const inputs[] = { "prompt_tokens", "input_tokens",
    "inputTokens", "promptTokens", "promptTokenCount", "prompt_token_count",
    "prompt_eval_count", "inputTextTokenCount", "tokens_evaluated", "input",
    "input_token_count", "num_tokens_prompt_total", "total_input_tokens",
    "PromptTokens", "request_tokens", "inputTokenCount",
    NULL };
static const char *const outputs[] = { "completion_tokens", "output_tokens",
    "outputTokens", "completionTokens", "candidatesTokenCount",
    "candidates_token_count", "generation_token_count", "eval_count",
    "tokens_predicted", "generated_tokens", "output",
    "generated_token_count", "num_tokens_generated", "total_output_tokens",
    "CompletionTokens", "response_tokens", "outputTokenCount", NULL };

/* Since MAPPING_WRAPPED: NLP Cloud's, YandexGPT's. */
static const char *const later_inputs[] = { "nb_input_tokens",
    "inputTextTokens", NULL };
static const char *const later_outputs[] = { "nb_generated_tokens",
    "answer_tokens", NULL };

struct detail {
	const char	*inner;		/* NULL: in the usage itself */
	const char	*key;
};

static const struct detail cached[] = {
	{ "prompt_tokens_details", "cached_tokens" },
	{ "input_tokens_details", "cached_tokens" },
	{ "input_token_details", "cache_read" },
	{ NULL, "cache_read_input_tokens" },
	{ NULL, "cacheReadInputTokens" },
	{ NULL, "cachedContentTokenCount" },
	{ NULL, "cached_content_token_count" },
	{ NULL, "prompt_cache_hit_tokens" },
	{ NULL, "cached_tokens" },
	{ NULL, "tokens_cached" },
	{ NULL, "total_cached_tokens" },
	{ NULL, "cachedInputTokens" },
	{ NULL, "cache_read_tokens" }
};

static const struct detail reasoned[] = {
	{ "completion_tokens_details", "reasoning_tokens" },
	{ "output_tokens_details", "reasoning_tokens" },
	{ "output_tokens_details", "thinking_tokens" },
	{ "output_token_details", "reasoning" },
	{ NULL, "thoughtsTokenCount" },
	{ NULL, "thoughts_token_count" },
	{ NULL, "reasoning_tokens" },
	{ NULL, "total_thought_tokens" },
	{ NULL, "reasoningTokens" }
};

#define COUNT(v)	(sizeof(v) / sizeof((v)[0]))

/* The bit of the key that the usage itself has, of each. */
static uint32_t cached_bits[COUNT(cached)], reasoned_bits[COUNT(reasoned)];
static pthread_once_t bits_once = PTHREAD_ONCE_INIT;

static void
bits_of(const struct detail *v, size_t n, uint32_t *bits)
{
	const char *own;
	size_t i;

	for (i = 0; i < n; i++) {
		own = v[i].inner == NULL ? v[i].key : v[i].inner;
		bits[i] = json_key_bit(own, strlen(own));
	}
}

static void
bits_make(void)
{
	bits_of(cached, COUNT(cached), cached_bits);
	bits_of(reasoned, COUNT(reasoned), reasoned_bits);
}

static int64_t
count_of(const struct json *d, uint32_t usage, const char *const *names)
{
	int64_t n;

	for (; *names != NULL; names++)
		if ((n = part_count(d, usage, *names)) >= 0)
			return n;
	return -1;
}

/* Also as a text of digits, or as a sum with its parts. */
static int64_t
count_later(const struct json *d, uint32_t usage, const char *name)
{
	uint32_t t = json_get_value(d, usage, name);
	struct slice raw;
	int64_t n = 0;
	size_t i;

	if (t == JSON_NONE)
		return -1;
	if (json_kind(d, t) == TOKEN_OBJECT)
		return (n = part_count(d, t, "total")) >= 0 ? n : part_count(d,
		    t, "totalTokens");
	raw = json_raw(d, t);
	if (json_kind(d, t) != TOKEN_STRING || raw.n < 3 || raw.n > 17)
		return part_count(d, usage, name);
	for (i = 1; i < raw.n - 1; i++) {
		if (raw.p[i] < '0' || raw.p[i] > '9')
			return -1;
		n = n * 10 + (raw.p[i] - '0');
	}
	return n;
}

static int64_t
count_first(const struct json *d, uint32_t usage, const char *const *names,
    const char *const *later)
{
	const char *const *lists[] = { names, later };
	const char *const *name;
	int64_t n;
	size_t i;

	for (i = 0; i < 2; i++)
		for (name = lists[i]; *name != NULL; name++)
			if ((n = count_later(d, usage, *name)) >= 0)
				return n;
	return -1;
}

void
part_usage(const struct json *d, uint32_t usage, struct item *item)
{
	if (usage == JSON_NONE || json_kind(d, usage) != TOKEN_OBJECT)
		return;
	if (item->input_tokens < 0)
		item->input_tokens = count_of(d, usage, inputs);
	if (item->output_tokens < 0)
		item->output_tokens = count_of(d, usage, outputs);
	if (item->mapping < MAPPING_WRAPPED)
		return;
	if (item->input_tokens < 0)
		item->input_tokens = count_first(d, usage, inputs,
		    later_inputs);
	if (item->output_tokens < 0)
		item->output_tokens = count_first(d, usage, outputs,
		    later_outputs);
}

static struct slice
detail_of(const struct json *d, uint32_t usage, const struct detail *v,
    const uint32_t *bits, size_t n)
{
	const uint32_t there = json_key_bits(d, usage);
	struct slice s = SLICE_NONE;

	(void)pthread_once(&bits_once, bits_make);
	for (; s.p == NULL && n > 0; n--, v++, bits++) {
		if ((there & *bits) == 0)
			continue;
		if (v->inner != NULL)
			s = part_detail(d, usage, v->inner, v->key);
		else if (part_count(d, usage, v->key) >= 0)
			s = json_raw(d, json_get(d, usage, v->key));
	}
	return s;
}

struct slice
part_cached(const struct json *d, uint32_t usage)
{
	return detail_of(d, usage, cached, cached_bits,
	    COUNT(cached));
}

struct slice
part_reasoned(const struct json *d, uint32_t usage)
{
	return detail_of(d, usage, reasoned, reasoned_bits,
	    COUNT(reasoned));
}
