#include "core/shape/part_kind.h"

#include "core/json/value.h"

/*
 * By `type`: OpenAI's chat and Responses, Anthropic's blocks, Mistral's chunks, the
 * GenAI conventions' parts, the AI SDK's and LangChain's.  Those that come most
 * often are first.
 */
static const struct {
	const char	*type;
	enum part_kind	 kind;
} types[] = {
	{ "text", PART_TEXT },
	{ "output_text", PART_TEXT },
	{ "thinking", PART_THOUGHT },
	{ "reasoning", PART_THOUGHT },
	{ "tool_use", PART_CALL },
	{ "function_call", PART_CALL },
	{ "function", PART_CALL },
	{ "tool_call", PART_CALL },
	{ "tool-call", PART_CALL },
	{ "refusal", PART_REFUSAL },
	{ "input_text", PART_TEXT },
	{ "summary_text", PART_TEXT },
	{ "redacted_thinking", PART_THOUGHT },
	{ "reasoning_content", PART_THOUGHT },
	{ "compaction", PART_THOUGHT },
	{ "custom_tool_call", PART_CALL },
	{ "function.call", PART_CALL },
	{ "computer_call", PART_CALL },
	{ "local_shell_call", PART_CALL },
	{ "shell_call", PART_CALL },
	{ "apply_patch_call", PART_CALL },
	{ "mcp_approval_request", PART_CALL },
	{ "server_tool_use", PART_HOSTED },
	{ "mcp_tool_use", PART_HOSTED },
	{ "tool_call_response", PART_HOSTED },
	{ "tool-result", PART_HOSTED },
	{ "server_tool_call", PART_HOSTED },
	{ "web_search_call", PART_HOSTED },
	{ "file_search_call", PART_HOSTED },
	{ "code_interpreter_call", PART_HOSTED },
	{ "mcp_list_tools", PART_HOSTED },
	{ "mcp_call", PART_HOSTED },
	{ "tool_search_call", PART_HOSTED },
	{ "tool_search_output", PART_HOSTED },
	{ "tool.execution", PART_HOSTED },
	{ "agent.handoff", PART_HOSTED },
	{ "tool_reference", PART_HOSTED },
	{ "reference", PART_HOSTED },
	{ "source", PART_HOSTED },
	{ "container_upload", PART_HOSTED },
	{ "executable_code", PART_HOSTED },
	{ "code_execution_result", PART_HOSTED },
	{ "thought", PART_THOUGHT },
	{ "google_search_call", PART_HOSTED },
	{ "google_maps_call", PART_HOSTED },
	{ "code_execution_call", PART_HOSTED },
	{ "url_context_call", PART_HOSTED },
	{ "mcp_server_tool_call", PART_HOSTED },
	{ "retrieval_call", PART_HOSTED },
	{ "builtin-tool-call", PART_HOSTED },
	{ "builtin-tool-return", PART_HOSTED },
	{ "program", PART_HOSTED },
	{ "program_output", PART_HOSTED },
	{ "fallback", PART_THOUGHT },
	{ "source-url", PART_HOSTED },
	{ "source-document", PART_HOSTED },
	{ "step-start", PART_HOSTED },
	{ "audio", PART_AUDIO },
	{ "output_audio", PART_AUDIO },
	{ "image", PART_MEDIA },
	{ "image_url", PART_MEDIA },
	{ "image_file", PART_MEDIA },
	{ "output_image", PART_MEDIA },
	{ "input_image", PART_MEDIA },
	{ "image_generation_call", PART_MEDIA },
	{ "video", PART_MEDIA }
};

/* By the only member that there is beside others' signatures: Gemini's parts,
 * Bedrock's blocks. */
static const struct {
	const char	*key;
	enum part_kind	 kind;
} members[] = {
	{ "text", PART_TEXT },
	{ "functionCall", PART_CALL },
	{ "function_call", PART_CALL },
	{ "toolUse", PART_CALL },
	{ "reasoningContent", PART_THOUGHT },
	{ "redactedContent", PART_THOUGHT },
	{ "citationsContent", PART_TEXT },
	{ "executableCode", PART_HOSTED },
	{ "codeExecutionResult", PART_HOSTED },
	{ "functionResponse", PART_HOSTED },
	{ "toolCall", PART_HOSTED },
	{ "toolResponse", PART_HOSTED },
	{ "toolResult", PART_HOSTED },
	{ "searchResult", PART_HOSTED },
	{ "inlineData", PART_MEDIA },
	{ "inline_data", PART_MEDIA },
	{ "fileData", PART_MEDIA },
	{ "file_data", PART_MEDIA },
	{ "image", PART_MEDIA },
	{ "video", PART_MEDIA },
	{ "thoughtSignature", PART_THOUGHT }
};

/* Both that a later mapping has first. */
static const struct {
	const char	*name;
	enum part_kind	 kind;
	unsigned	 since;
} later_types[] = {
	{ "file", PART_FILE, MAPPING_FILES },
	{ "blob", PART_FILE, MAPPING_FILES },
	{ "TEXT", PART_TEXT, MAPPING_WRAPPED },		/* Oracle's */
	{ "document", PART_FILE, MAPPING_WRAPPED },	/* LlamaIndex's */
	{ "citation", PART_HOSTED, MAPPING_WRAPPED },
	{ "citable", PART_HOSTED, MAPPING_WRAPPED }
}, later_members[] = {
	{ "tool_call", PART_CALL, MAPPING_FILES },	/* Haystack's */
	{ "tool_call_result", PART_HOSTED, MAPPING_FILES },
	{ "reasoning", PART_THOUGHT, MAPPING_FILES }
};

/* What a tool of the provider's own gave back is named by how it ends. */
static const char *const hosted_ends[] = { "_result", "_call_output" };

static bool
type_is_hosted(const struct json *d, uint32_t type)
{
	struct slice raw = json_raw(d, type);
	size_t i, n;

	for (i = 0; i < sizeof(hosted_ends) / sizeof(hosted_ends[0]); i++) {
		n = strlen(hosted_ends[i]);
		if (raw.n > n + 2 && memcmp(raw.p + raw.n - 1 - n,
		    hosted_ends[i], n) == 0)
			return true;
	}
	return false;
}

static enum part_kind
kind_by_type(const struct json *d, uint32_t type, unsigned mapping)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (json_string_is(d, type, types[i].type))
			return types[i].kind;
	for (i = 0; i < sizeof(later_types) / sizeof(later_types[0]); i++)
		if (later_types[i].since <= mapping && json_string_is(d, type,
		    later_types[i].name))
			return later_types[i].kind;
	return type_is_hosted(d, type) ? PART_HOSTED : PART_OTHER;
}

/* Nova's own tools come as calls that say so. */
static bool
call_is_hosted(const struct json *d, uint32_t part)
{
	uint32_t use = json_get_kind(d, part, "toolUse", TOKEN_OBJECT);

	return use != JSON_NONE && json_get_is(d, use, "type",
	    "server_tool_use");
}

/* The AI SDK's calls are named by their tool, and hold what it gave back. */
static bool
ui_call(const struct json *d, uint32_t part, uint32_t type)
{
	struct slice raw = json_raw(d, type);

	return raw.n > 6 && memcmp(raw.p, "\"tool-", 6) == 0 && json_get_kind(d,
	    part, "toolCallId", TOKEN_STRING) != JSON_NONE && json_get_kind(d,
	    part, "state", TOKEN_STRING) != JSON_NONE;
}

static uint32_t
type_of(const struct json *d, uint32_t part, unsigned mapping)
{
	uint32_t type = json_get_kind(d, part, "type", TOKEN_STRING);

	if (type == JSON_NONE)		/* Pydantic AI's */
		type = json_get_kind(d, part, "part_kind", TOKEN_STRING);
	if (type == JSON_NONE && mapping >= MAPPING_WRAPPED)	/* LlamaIndex's */
		type = json_get_kind(d, part, "block_type", TOKEN_STRING);
	return type;
}

enum part_kind
part_kind(const struct json *d, uint32_t part, unsigned mapping)
{
	uint32_t type;
	size_t i;

	if (json_kind(d, part) == TOKEN_STRING)
		return PART_TEXT;
	if (json_kind(d, part) != TOKEN_OBJECT)
		return PART_OTHER;
	type = type_of(d, part, mapping);
	if (type != JSON_NONE)
		return !ui_call(d, part, type) ? kind_by_type(d, type, mapping) :
		    json_get_value(d, part, "output") == JSON_NONE ? PART_CALL :
		    PART_HOSTED;
	if (json_get_kind(d, part, "thought", TOKEN_TRUE) != JSON_NONE)
		return PART_THOUGHT;
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (json_get_value(d, part, members[i].key) != JSON_NONE)
			return call_is_hosted(d, part) ? PART_HOSTED :
			    members[i].kind;
	for (i = 0; i < sizeof(later_members) / sizeof(later_members[0]); i++)
		if (later_members[i].since <= mapping && json_get_value(d, part,
		    later_members[i].name) != JSON_NONE)
			return later_members[i].kind;
	return PART_OTHER;
}

uint32_t
part_words(const struct json *d, uint32_t part)
{
	static const char *const keys[] = { "text", "content", "refusal",
	    "transcript" };
	uint32_t t;
	size_t i;

	if (json_kind(d, part) == TOKEN_STRING)
		return part;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if ((t = json_get_value(d, part, keys[i])) == JSON_NONE)
			continue;
		if (json_kind(d, t) == TOKEN_OBJECT)	/* with annotations */
			t = json_get_kind(d, t, "value", TOKEN_STRING);
		if (t != JSON_NONE && json_kind(d, t) == TOKEN_STRING)
			return t;
	}
	return JSON_NONE;
}

bool
part_calls(const struct json *d, uint32_t calls)
{
	uint32_t t;

	if (calls == JSON_NONE)
		return false;
	if (json_kind(d, calls) == TOKEN_OBJECT)
		return d->tok[calls].count > 0 && !json_get_is(d, calls, "name",
		    "");
	if (json_kind(d, calls) != TOKEN_ARRAY)
		return false;
	for (t = json_first(d, calls); t != JSON_NONE;
	    t = json_next(d, calls, t))
		if (json_kind(d, t) == TOKEN_OBJECT && d->tok[t].count > 0)
			return true;
	return false;
}

/* Members that are neither said nor called, wherever they stand. */
static const char *const unsaid[] = { "thoughtSignature", "thought_signature",
    "thought_signatures", "signature", "encrypted_content", "encrypted_index",
    "reasoning", "reasoning_content", "reasoning_details", "reasoning_text",
    "reasoningContent", "thinking", "thinking_blocks", "tool_plan",
    "provider_specific_fields", "extra_content", "annotations", "citations",
    "logprobs", "executed_tools", "context", "additional_kwargs",
    "response_metadata", "usage_metadata", "data" };
/* What a call is given: the model's own words, whatever their names. */
static const char *const given[] = { "arguments", "args", "input", "rawInput",
    "action" };

static bool
key_in(const struct json *d, uint32_t key, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (json_string_is(d, key, names[i]))
			return true;
	return false;
}

/* Forms that are always there, filled or not. */
static bool
is_empty_form(const struct json *d, uint32_t key)
{
	if (json_string_is(d, key, "tool_calls") ||
	    json_string_is(d, key, "function_call"))
		return !part_calls(d, key + 1);
	return json_string_is(d, key, "refusal") && (json_kind(d, key + 1) ==
	    TOKEN_NULL || (json_kind(d, key + 1) == TOKEN_STRING &&
	    json_string_is(d, key + 1, "")));
}

static bool
is_left_out(const struct json *d, uint32_t key)
{
	return key_in(d, key, unsaid, sizeof(unsaid) / sizeof(unsaid[0])) ||
	    is_empty_form(d, key);
}

static bool
part_is_unsaid(const struct json *d, uint32_t part, unsigned mapping)
{
	enum part_kind kind = json_kind(d, part) == TOKEN_OBJECT ?
	    part_kind(d, part, mapping) : PART_OTHER;

	return kind == PART_THOUGHT || kind == PART_HOSTED ||
	    kind == PART_MEDIA || kind == PART_FILE;
}

unsigned
part_write(const struct json *d, uint32_t t, unsigned mapping, struct writer *w)
{
	unsigned left = 0;
	uint32_t e;

	if (json_kind(d, t) == TOKEN_OBJECT) {
		write_object(w, NULL);
		for (e = json_first(d, t); e != JSON_NONE;
		    e = json_next(d, t, e)) {
			if (is_left_out(d, e)) {
				left++;
				continue;
			}
			write_name(w, json_raw(d, e));
			if (key_in(d, e, given, sizeof(given) /
			    sizeof(given[0])))
				write_raw(w, NULL, json_raw(d, e + 1));
			else
				left += part_write(d, e + 1, mapping, w);
		}
		write_end(w);
	} else if (json_kind(d, t) == TOKEN_ARRAY) {
		write_array(w, NULL);
		for (e = json_first(d, t); e != JSON_NONE;
		    e = json_next(d, t, e)) {
			if (part_is_unsaid(d, e, mapping))
				left++;
			else
				left += part_write(d, e, mapping, w);
		}
		write_end(w);
	} else {
		write_raw(w, NULL, json_raw(d, t));
	}
	return left;
}
