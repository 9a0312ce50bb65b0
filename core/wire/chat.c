/* OpenAI's chat completions (openai-python, types/chat). */
#include "core/json/value.h"
#include "core/wire/api.h"
#include "core/wire/chat_cut.h"
#include "core/wire/chat_gather.h"
#include "core/wire/chat_release.h"
#include "core/wire/get.h"

static bool
asks_usage(const struct json *d)
{
	return wire_true(d, json_get_kind(d, 0, "stream_options", TOKEN_OBJECT),
	    "include_usage");
}

static bool
asks_logprobs(const struct json *d)
{
	return wire_true(d, 0, "logprobs");
}

static bool
asks_json(const struct json *d)
{
	uint32_t format = json_get_kind(d, 0, "response_format", TOKEN_OBJECT);

	return format != JSON_NONE && !json_get_is(d, format, "type", "text");
}

static void
write_logprobs(const struct json *d, struct buf *b)
{
	(void)d;
	buf_puts(b, "true");
}

static void
usage_read(const struct json *d, uint32_t usage, struct wire_usage *u)
{
	u->input = wire_count(d, usage, "prompt_tokens");
	u->output = wire_count(d, usage, "completion_tokens");
	u->cached = wire_count(d, json_get_kind(d, usage,
	    "prompt_tokens_details", TOKEN_OBJECT), "cached_tokens");
	u->reasoning = wire_count(d, json_get_kind(d, usage,
	    "completion_tokens_details", TOKEN_OBJECT), "reasoning_tokens");
}

static const char *const config[] = { "temperature", "top_p", "stop", "seed",
	"presence_penalty", "frequency_penalty", "logit_bias", "response_format",
	"reasoning_effort", "verbosity", "tools", "tool_choice",
	"parallel_tool_calls", NULL };
static const char *const max_tokens[] = { "max_completion_tokens", "max_tokens",
	NULL };

const struct wire_row wire_chat = {
	.asks = {
		.messages = "messages", .has_choices = true, .asks_usage = true,
		.max_tokens = max_tokens, .config = config, .usage = asks_usage,
		.logprobs = asks_logprobs, .json = asks_json,
		.logprobs_member = "logprobs", .write_logprobs = write_logprobs
	},
	.usage = usage_read, .event = chat_event,
	.whole = chat_whole, .is_end = chat_is_end,
	.end = chat_end, .response = chat_response, .write = chat_write,
	.events = chat_events,
	.no_logprobs = { "null", 4 }, .opening = chat_opening,
	.cut = chat_cut
};
