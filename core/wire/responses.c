/* OpenAI's Responses (openai-python, types/responses). */
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/wire/api.h"
#include "core/wire/responses_cut.h"
#include "core/wire/get.h"
#include "core/wire/responses_events.h"
#include "core/wire/responses_gather.h"
#include "core/wire/responses_release.h"

#define INCLUDE_LOGPROBS	"message.output_text.logprobs"

static bool
asks_usage(const struct json *d)
{
	(void)d;
	return true;
}

static bool
asks_logprobs(const struct json *d)
{
	uint32_t include = json_get_kind(d, 0, "include", TOKEN_ARRAY), t;

	if (include != JSON_NONE)
		for (t = json_first(d, include); t != JSON_NONE;
		    t = json_next(d, include, t))
			if (json_kind(d, t) == TOKEN_STRING &&
			    json_string_is(d, t, INCLUDE_LOGPROBS))
				return true;
	return wire_count(d, 0, "top_logprobs") > 0;
}

static bool
asks_json(const struct json *d)
{
	uint32_t format = json_get_kind(d, json_get_kind(d, 0, "text",
	    TOKEN_OBJECT), "format", TOKEN_OBJECT);

	return format != JSON_NONE && !json_get_is(d, format, "type", "text");
}

static void
write_logprobs(const struct json *d, struct buf *b)
{
	struct writer w = WRITER(b, WRITE_KEPT);
	uint32_t include = json_get_kind(d, 0, "include", TOKEN_ARRAY);

	write_array(&w, NULL);
	if (include != JSON_NONE)
		write_inside(&w, json_raw(d, include));
	write_word(&w, NULL, INCLUDE_LOGPROBS);
	write_end(&w);
}

static void
usage_read(const struct json *d, uint32_t usage, struct wire_usage *u)
{
	u->input = wire_count(d, usage, "input_tokens");
	u->output = wire_count(d, usage, "output_tokens");
	u->cached = wire_count(d, json_get_kind(d, usage,
	    "input_tokens_details", TOKEN_OBJECT), "cached_tokens");
	u->reasoning = wire_count(d, json_get_kind(d, usage,
	    "output_tokens_details", TOKEN_OBJECT), "reasoning_tokens");
}

static const char *const config[] = { "temperature", "top_p", "text",
	"reasoning", "truncation", "tools", "tool_choice", "parallel_tool_calls",
	"max_tool_calls", NULL };
static const char *const max_tokens[] = { "max_output_tokens", NULL };

const struct wire_row wire_responses = {
	.asks = {
		.messages = "input", .system = "instructions",
		.may_be_string = true, .may_be_empty = true,
		.max_tokens = max_tokens, .config = config, .usage = asks_usage,
		.logprobs = asks_logprobs, .json = asks_json,
		.logprobs_member = "include", .write_logprobs = write_logprobs
	},
	.usage = usage_read, .event = responses_event,
	.whole = responses_whole,
	.response = responses_response, .write = responses_write,
	.events = responses_events,
	.names_in = "response", .no_logprobs = { "[]", 2 },
	.opening = responses_opening, .cut = responses_cut
};
