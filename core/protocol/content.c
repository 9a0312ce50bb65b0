#include "core/protocol/content.h"

#include "core/json/value.h"

typedef void value_fn(struct asked *, uint32_t);

static void
each(struct asked *a, uint32_t list, value_fn *fn)
{
	uint32_t t;

	if (json_kind(&a->json, list) != TOKEN_ARRAY) {
		a->unread = true;
		return;
	}
	for (t = json_first(&a->json, list); t != JSON_NONE;
	    t = json_next(&a->json, list, t))
		fn(a, t);
}

/* A text under this key; what is no text cannot be read.  False: it is not there. */
static bool
text_at(struct asked *a, uint32_t object, const char *key)
{
	uint32_t t = json_get_value(&a->json, object, key);

	if (t == JSON_NONE)
		return false;
	if (json_kind(&a->json, t) == TOKEN_STRING)
		(void)asked_add(a, t, true);
	else
		a->unread = true;
	return true;
}

/* Anything under this key: a text, or JSON to be read as such. */
static bool
value_at(struct asked *a, uint32_t object, const char *key)
{
	uint32_t t = json_get_value(&a->json, object, key);

	if (t != JSON_NONE)
		(void)asked_add(a, t, true);
	return t != JSON_NONE;
}

static bool
texts_at(struct asked *a, uint32_t object, const char *const *keys)
{
	bool any = false;

	for (; *keys != NULL; keys++)
		any |= text_at(a, object, *keys);
	return any;
}

/* What is under one of these keys goes through fn. */
static bool
parts_at(struct asked *a, uint32_t object, const char *key, value_fn *fn)
{
	uint32_t t = json_get_value(&a->json, object, key);

	if (t != JSON_NONE)
		fn(a, t);
	return t != JSON_NONE;
}

/*
 * What a part or an item is, by its type; of one without a type, its keys tell.  What
 * is not in the table is an image or the like.
 */
enum form { FORM_KEYS, FORM_VALUE, FORM_NOTHING, FORM_UNREAD };

static enum form
form_of(const struct asked *a, uint32_t object)
{
	static const char *const keys[] = { "text", "input_text", "output_text",
	    "summary_text", "reasoning_text", "refusal", "thinking", "message",
	    "tool_use", "server_tool_use", "mcp_tool_use", "tool_result",
	    "mcp_tool_result", "function_call", "function_call_output",
	    "custom_tool_call", "custom_tool_call_output", "reasoning", NULL };
	static const char *const values[] = { "web_search_tool_result",
	    "web_fetch_tool_result", "code_execution_tool_result",
	    "web_search_call", "file_search_call", "code_interpreter_call",
	    "mcp_call", "mcp_list_tools", "local_shell_call",
	    "local_shell_call_output", NULL };
	static const char *const nothing[] = { "redacted_thinking",
	    "item_reference", NULL };
	static const char *const *const words[] = { [FORM_KEYS] = keys,
	    [FORM_VALUE] = values, [FORM_NOTHING] = nothing };
	uint32_t t = json_get_value(&a->json, object, "type");
	size_t form, i;

	if (t == JSON_NONE)
		return FORM_KEYS;
	if (json_kind(&a->json, t) != TOKEN_STRING)
		return FORM_UNREAD;
	for (form = FORM_KEYS; form < FORM_UNREAD; form++)
		for (i = 0; words[form][i] != NULL; i++)
			if (json_string_is(&a->json, t, words[form][i]))
				return (enum form)form;
	return FORM_UNREAD;
}

static void
keys_read(struct asked *a, uint32_t t)
{
	static const char *const texts[] = { "text", "refusal", "thinking", NULL };
	bool any = texts_at(a, t, texts);

	any |= parts_at(a, t, "content", content_parts);
	any |= parts_at(a, t, "summary", content_parts);
	any |= parts_at(a, t, "output", content_parts);
	any |= value_at(a, t, "input");
	any |= value_at(a, t, "arguments");
	if (!any && json_get(&a->json, t, "type") == JSON_NONE)
		a->unread = true;
}

/* A part of a content, or an item of the Responses API. */
static void
part_read(struct asked *a, uint32_t t)
{
	if (json_kind(&a->json, t) == TOKEN_STRING) {
		(void)asked_add(a, t, true);
		return;
	}
	switch (json_kind(&a->json, t) != TOKEN_OBJECT ? FORM_UNREAD :
	    form_of(a, t)) {
	case FORM_KEYS:
		keys_read(a, t);
		break;
	case FORM_VALUE:
		(void)asked_add(a, t, true);
		break;
	case FORM_NOTHING:
		break;
	case FORM_UNREAD:
		a->unread = true;
		break;
	}
}

void
content_parts(struct asked *a, uint32_t value)
{
	if (json_kind(&a->json, value) == TOKEN_STRING)
		(void)asked_add(a, value, true);
	else
		each(a, value, part_read);
}

static void
call_read(struct asked *a, uint32_t t, bool covers)
{
	static const char *const places[][2] = { { "function", "arguments" },
	    { "custom", "input" } };
	uint32_t of, arguments;
	bool any = false;
	size_t i;

	for (i = 0; i < 2; i++) {
		of = json_get_value(&a->json, t, places[i][0]);
		arguments = json_get_value(&a->json, of, places[i][1]);
		if (arguments != JSON_NONE)
			(void)asked_add(a, arguments, covers);
		any |= of != JSON_NONE;
	}
	if (!any)
		a->unread = true;
}

void
content_calls(struct asked *a, uint32_t list, bool covers)
{
	uint32_t t;

	if (json_kind(&a->json, list) != TOKEN_ARRAY) {
		a->unread = true;
		return;
	}
	for (t = json_first(&a->json, list); t != JSON_NONE;
	    t = json_next(&a->json, list, t))
		call_read(a, t, covers);
}

static void
calls_read(struct asked *a, uint32_t list)
{
	content_calls(a, list, true);
}

static void
arguments_read(struct asked *a, uint32_t call)
{
	(void)value_at(a, call, "arguments");
}

/* A message of either side; what is spoken cannot be read. */
static void
message_read(struct asked *a, uint32_t t)
{
	static const char *const texts[] = { "refusal", "reasoning_content",
	    "reasoning", NULL };

	if (json_kind(&a->json, t) != TOKEN_OBJECT) {
		a->unread = true;
		return;
	}
	(void)parts_at(a, t, "content", content_parts);
	(void)parts_at(a, t, "tool_calls", calls_read);
	(void)parts_at(a, t, "function_call", arguments_read);
	(void)texts_at(a, t, texts);
	if (json_get_value(&a->json, t, "audio") != JSON_NONE)
		a->unread = true;
}

void
content_messages(struct asked *a, uint32_t list)
{
	each(a, list, message_read);
}

static void
choice_read(struct asked *a, uint32_t t)
{
	bool any = text_at(a, t, "text");

	any |= parts_at(a, t, "message", message_read);
	if (!any)
		a->unread = true;
}

void
content_choices(struct asked *a, uint32_t list)
{
	each(a, list, choice_read);
}

/* A completion's prompt: texts; lists of tokens are none.  The Responses API has an
 * object here, whose variables are texts too. */
static void
prompt_read(struct asked *a, uint32_t value)
{
	if (json_kind(&a->json, value) != TOKEN_OBJECT)
		content_parts(a, value);
	else
		(void)value_at(a, value, "variables");
}

bool
content_request(struct asked *a, uint32_t object)
{
	bool any = parts_at(a, object, "messages", content_messages);

	any |= parts_at(a, object, "system", content_parts);
	any |= parts_at(a, object, "instructions", content_parts);
	any |= parts_at(a, object, "prompt", prompt_read);
	any |= parts_at(a, object, "input", content_parts);
	return any;
}

bool
content_response(struct asked *a, uint32_t object)
{
	bool any = parts_at(a, object, "choices", content_choices);

	any |= parts_at(a, object, "content", content_parts);
	any |= parts_at(a, object, "output", content_parts);
	return any;
}
