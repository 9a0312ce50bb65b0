/* Anthropic's Messages (anthropic-sdk-python, types/message*.py). */
#include "core/json/value.h"
#include "core/wire/api.h"
#include "core/wire/messages_cut.h"
#include "core/wire/get.h"
#include "core/wire/messages_gather.h"
#include "core/wire/messages_release.h"

static bool
asks_usage(const struct json *d)
{
	(void)d;
	return true;
}

static bool
asks_logprobs(const struct json *d)
{
	(void)d;
	return false;
}

static bool
asks_json(const struct json *d)
{
	uint32_t config = json_get_kind(d, 0, "output_config", TOKEN_OBJECT);

	return json_get_kind(d, config, "format", TOKEN_OBJECT) != JSON_NONE ||
	    json_get_kind(d, 0, "output_format", TOKEN_OBJECT) != JSON_NONE;
}

/* input_tokens leaves out what came from or went to the cache. */
static void
usage_read(const struct json *d, uint32_t usage, struct wire_usage *u)
{
	int64_t n = wire_count(d, usage, "input_tokens");
	int64_t made = wire_count(d, usage, "cache_creation_input_tokens");
	int64_t read = wire_count(d, usage, "cache_read_input_tokens");

	if (n >= 0 && ((made > 0 && __builtin_add_overflow(n, made, &n)) ||
	    (read > 0 && __builtin_add_overflow(n, read, &n))))
		n = -1;
	u->input = n;
	u->output = wire_count(d, usage, "output_tokens");
	u->cached = read;
	u->reasoning = wire_count(d, json_get_kind(d, usage,
	    "output_tokens_details", TOKEN_OBJECT), "thinking_tokens");
}

static const char *const config[] = { "temperature", "top_p", "top_k",
	"stop_sequences", "thinking", "output_config", "tools", "tool_choice",
	NULL };
static const char *const max_tokens[] = { "max_tokens", NULL };

const struct wire_row wire_messages = {
	.asks = {
		.messages = "messages", .system = "system",
		.splits_system = true, .max_tokens = max_tokens, .config = config,
		.usage = asks_usage, .logprobs = asks_logprobs,
		.json = asks_json
	},
	.usage = usage_read, .event = messages_event,
	.whole = messages_whole,
	.response = messages_response, .write = messages_write,
	.events = messages_events,
	.names_in = "message", .opening = messages_opening,
	.cut = messages_cut
};
