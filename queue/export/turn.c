#include "queue/export/turn.h"

#include "core/json/value.h"
#include "core/shape/call.h"

static bool
is_type(const struct json *d, uint32_t t, const char *type)
{
	uint32_t at = json_kind(d, t) == TOKEN_OBJECT ? json_get(d, t, "type") :
	    JSON_NONE;

	return at != JSON_NONE && json_kind(d, at) == TOKEN_STRING &&
	    json_string_is(d, at, type);
}

/* Anthropic's block, Bedrock's, or an item of Responses: the call that it answers,
 * and what came back. */
static bool
result_of(const struct json *d, uint32_t block, uint32_t *call, uint32_t *back)
{
	uint32_t t = block;

	*call = *back = JSON_NONE;
	if (is_type(d, block, "tool_result")) {
		*call = json_get(d, block, "tool_use_id");
		*back = json_get_value(d, block, "content");
	} else if (is_type(d, block, "function_call_output")) {
		*call = json_get(d, block, "call_id");
		*back = json_get_value(d, block, "output");
	} else if (json_kind(d, block) == TOKEN_OBJECT && (t = json_get_value(d,
	    block, "toolResult")) != JSON_NONE && json_kind(d, t) ==
	    TOKEN_OBJECT) {
		*call = json_get(d, t, "toolUseId");
		*back = json_get_value(d, t, "content");
	}
	return *call != JSON_NONE && json_kind(d, *call) == TOKEN_STRING;
}

/* What is neither a text nor texts stays the JSON that it is. */
static void
result_write(struct writer *w, const struct json *d, uint32_t call,
    uint32_t back)
{
	struct buf text = BUF_INIT;

	write_object(w, NULL);
	write_word(w, "role", "tool");
	write_raw(w, "tool_call_id", json_raw(d, call));
	if (back == JSON_NONE)
		write_word(w, "content", "");
	else if (json_kind(d, back) == TOKEN_STRING)
		write_raw(w, "content", json_raw(d, back));
	else if (call_words(json_raw(d, back), &text))
		write_raw(w, "content", buf_slice(&text));
	else
		write_text(w, "content", json_raw(d, back));
	write_end(w);
	buf_release(&text);
}

static bool
results_write(struct writer *w, const struct json *d, uint32_t content)
{
	uint32_t t, call, back;
	bool any = false;

	for (t = json_first(d, content); t != JSON_NONE;
	    t = json_next(d, content, t))
		if (result_of(d, t, &call, &back)) {
			if (w != NULL)
				result_write(w, d, call, back);
			any = true;
		}
	return any;
}

static const char *
role_of(const struct json *d, uint32_t message)
{
	static const char *const roles[][2] = { { "user", "user" },
	    { "assistant", "assistant" }, { "model", "assistant" },
	    { "system", "system" }, { "developer", "developer" } };
	uint32_t t = json_get(d, message, "role");
	size_t i;

	if (t == JSON_NONE)
		return is_type(d, message, "function_call") ? "assistant" : NULL;
	for (i = 0; json_kind(d, t) == TOKEN_STRING && i < sizeof(roles) /
	    sizeof(roles[0]); i++)
		if (json_string_is(d, t, roles[i][0]))
			return roles[i][1];
	return NULL;
}

bool
turn_write(struct writer *w, const struct json *d, uint32_t message, int weight)
{
	uint32_t content, call, back;
	const char *role;
	bool results;

	if (json_kind(d, message) != TOKEN_OBJECT)
		return false;
	if (result_of(d, message, &call, &back)) {
		result_write(w, d, call, back);
		return true;
	}
	content = json_get_value(d, message, "content");
	results = content != JSON_NONE && json_kind(d, content) == TOKEN_ARRAY &&
	    results_write(NULL, d, content);
	if (is_type(d, message, "reasoning"))
		return true;
	if ((role = role_of(d, message)) == NULL || call_turn(json_raw(d,
	    message)) == CALL_UNKNOWN)
		return false;
	if (results)
		(void)results_write(w, d, content);
	if (call_turn(json_raw(d, message)) == CALL_NONE)
		return results;		/* there is nothing else in it */
	write_object(w, NULL);
	write_word(w, "role", role);
	call_turn_write(w, json_raw(d, message));
	if (weight >= 0)
		write_int(w, "weight", weight);
	write_end(w);
	return true;
}
