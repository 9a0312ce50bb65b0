#include "tui/review/call.h"

#include "core/json/value.h"

#define DEPTH_MAX	3	/* objects around a name and its arguments */

/* What stands around the two; what each says is in the call or is a number. */
static const char *const wrappers[] = {
	"function", "functionCall", "function_call", "toolUse", NULL
};
static const char *const names[] = { "name", "action", NULL };
static const char *const arguments[] = {
	"arguments", "args", "input", "parameters", NULL
};
static const char *const known[] = {
	"id", "type", "index", "call_id", "tool_call_id", "toolUseId", "status",
	"function", "functionCall", "function_call", "toolUse", "name", "action",
	"arguments", "args", "input", "parameters", NULL
};

static uint32_t
get_any(const struct json *j, uint32_t object, const char *const *keys)
{
	uint32_t t = JSON_NONE;

	while (t == JSON_NONE && *keys != NULL)
		t = json_get_value(j, object, *keys++);
	return t;
}

/* Is every key of an object among these, and none there twice in effect? */
static bool
keys_among(const struct json *j, uint32_t object, const char *const *keys)
{
	uint32_t c;
	size_t i;

	for (c = json_first(j, object); c != JSON_NONE;
	    c = json_next(j, object, c)) {
		for (i = 0; keys[i] != NULL && !json_string_is(j, c, keys[i]); i++)
			;
		if (keys[i] == NULL && json_kind(j, c + 1) != TOKEN_NULL)
			return false;
	}
	return true;
}

static struct slice
kept(struct buf *b, struct arena *a)
{
	struct slice out = { NULL, b->n };

	if (!b->failed)
		out.p = arena_copy(a, buf_str(b), b->n);
	buf_release(b);
	return out.p == NULL ? SLICE_NONE : out;
}

/* The members of an object, or whatever else stands for the arguments. */
static void
members_add(struct buf *b, const struct json *j, uint32_t t, struct arena *a)
{
	uint32_t c;

	if (json_kind(j, t) != TOKEN_OBJECT) {
		buf_add_slice(b, json_raw(j, t));
		return;
	}
	for (c = json_first(j, t); c != JSON_NONE; c = json_next(j, t, c)) {
		if (c != json_first(j, t))
			buf_puts(b, ", ");
		buf_add_slice(b, json_text(j, c, a));
		buf_puts(b, ": ");
		buf_add_slice(b, json_raw(j, c + 1));
	}
}

/* Arguments are JSON, or JSON written into a string. */
static void
arguments_add(struct buf *b, const struct json *j, uint32_t t, struct arena *a)
{
	struct json inner = JSON_INIT;
	struct json_error why;
	struct slice text;

	if (json_kind(j, t) != TOKEN_STRING) {
		members_add(b, j, t, a);
		return;
	}
	text = json_text(j, t, a);
	if (text.p != NULL && json_parse(&inner, text, JSON_DEPTH_MAX,
	    JSON_NUL_ALLOWED, &why) == STATUS_OK &&
	    json_kind(&inner, 0) == TOKEN_OBJECT)
		members_add(b, &inner, 0, a);
	else
		buf_add_slice(b, json_raw(j, t));
	json_release(&inner);
}

struct slice
call_text(const struct json *j, uint32_t t, struct arena *a, bool *whole)
{
	uint32_t name, args, inner;
	struct buf b = BUF_INIT;
	int depth;

	for (depth = 0; depth < DEPTH_MAX; depth++) {
		if (json_kind(j, t) != TOKEN_OBJECT)
			return SLICE_NONE;
		if (!keys_among(j, t, known))
			*whole = false;
		inner = get_any(j, t, wrappers);
		if (inner == JSON_NONE || json_kind(j, inner) != TOKEN_OBJECT)
			break;
		t = inner;
	}
	name = get_any(j, t, names);
	args = get_any(j, t, arguments);
	if (name == JSON_NONE || args == JSON_NONE ||
	    json_kind(j, name) != TOKEN_STRING)
		return SLICE_NONE;
	buf_add_slice(&b, json_text(j, name, a));
	buf_putc(&b, '(');
	arguments_add(&b, j, args, a);
	buf_putc(&b, ')');
	return kept(&b, a);
}

static void
line_add(struct buf *b, struct slice line)
{
	if (b->n > 0)
		buf_putc(b, '\n');
	buf_add_slice(b, line);
}

/* The calls of an array, and texts among them; how many calls there were. */
static size_t
array_add(struct buf *b, const struct json *j, uint32_t array, struct arena *a,
    bool *whole)
{
	static const char *const text_keys[] = { "type", "text", NULL };
	struct slice call;
	uint32_t c, text;
	size_t n = 0;

	for (c = json_first(j, array); c != JSON_NONE;
	    c = json_next(j, array, c)) {
		text = json_kind(j, c) != TOKEN_OBJECT ? JSON_NONE :
		    json_get_value(j, c, "text");
		if (text != JSON_NONE && json_kind(j, text) == TOKEN_STRING) {
			line_add(b, json_text(j, text, a));
			*whole &= keys_among(j, c, text_keys);
			continue;
		}
		call = call_text(j, c, a, whole);
		if (call.p == NULL)
			*whole = false;
		else {
			line_add(b, call);
			n++;
		}
	}
	return n;
}

static size_t
message_add(struct buf *b, const struct json *j, struct arena *a, bool *whole)
{
	static const char *const keys[] = { "role", "content", "tool_calls",
	    NULL };
	uint32_t calls = json_get_value(j, 0, "tool_calls");
	uint32_t text = json_get_value(j, 0, "content");
	struct slice call;
	size_t n = 0;

	if (calls == JSON_NONE || json_kind(j, calls) != TOKEN_ARRAY) {
		if (text != JSON_NONE && json_kind(j, text) == TOKEN_ARRAY) {
			*whole &= keys_among(j, 0, keys);
			return array_add(b, j, text, a, whole);
		}
		call = call_text(j, 0, a, whole);
		if (call.p != NULL)
			line_add(b, call);
		return call.p != NULL;
	}
	*whole &= keys_among(j, 0, keys);
	if (text != JSON_NONE && json_kind(j, text) == TOKEN_STRING &&
	    json_raw(j, text).n > 2)
		line_add(b, json_text(j, text, a));
	else if (text != JSON_NONE && json_kind(j, text) == TOKEN_ARRAY)
		n = array_add(b, j, text, a, whole);
	return n + array_add(b, j, calls, a, whole);
}

struct slice
call_answer(struct slice answer, struct arena *a, bool *whole)
{
	struct json j = JSON_INIT;
	struct buf b = BUF_INIT;
	struct json_error why;
	size_t n = 0;

	*whole = true;
	if (answer.n == 0 || (answer.p[0] != '{' && answer.p[0] != '['))
		return SLICE_NONE;
	if (json_parse(&j, answer, JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why) ==
	    STATUS_OK) {
		if (json_kind(&j, 0) == TOKEN_ARRAY)
			n = array_add(&b, &j, 0, a, whole);
		else if (json_kind(&j, 0) == TOKEN_OBJECT)
			n = message_add(&b, &j, a, whole);
	}
	json_release(&j);
	if (n > 0)
		return kept(&b, a);
	buf_release(&b);
	return SLICE_NONE;
}
