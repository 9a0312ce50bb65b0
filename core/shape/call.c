#include "core/shape/call.h"

#include <stdio.h>

#include "core/json/value.h"
#include "core/shape/part_kind.h"

/* What an output comes to. */
struct called {
	struct buf	text;		/* inside of a string */
	struct buf	calls;		/* with commas between */
	unsigned	n;		/* calls */
	bool		unknown;	/* something else is in it */
};

static void
called_release(struct called *c)
{
	buf_release(&c->text);
	buf_release(&c->calls);
}

static uint32_t
first_there(const struct json *d, uint32_t object, const char *const *names)
{
	uint32_t t;

	for (; *names != NULL; names++)
		if ((t = json_get_value(d, object, *names)) != JSON_NONE)
			return t;
	return JSON_NONE;
}

/* Where a call has its name and arguments: of OpenAI, Gemini and Bedrock in an
 * object of its own. */
static uint32_t
holder_of(const struct json *d, uint32_t call)
{
	static const char *const holders[] = { "function", "functionCall",
	    "function_call", "toolUse", "tool_call", NULL };
	uint32_t t = first_there(d, call, holders);

	return t != JSON_NONE && json_kind(d, t) == TOKEN_OBJECT ? t : call;
}

static const char *const call_names[] = { "name", "toolName", "tool_name",
    "FunctionName", NULL };
static const char *const call_ids[] = { "call_id", "id", "toolCallId",
    "toolUseId", "tool_call_id", "callId", "Id", NULL };
static const char *const call_arguments[] = { "arguments", "args", "input",
    "parameters", "tool_kwargs", "tool_input", "Arguments", NULL };

static bool
is_call(const struct json *d, uint32_t t)
{
	uint32_t holder, name;

	if (json_kind(d, t) != TOKEN_OBJECT ||
	    json_get_is(d, t, "type", "custom_tool_call") ||
	    json_get_is(d, t, "type", "mcp_approval_request"))
		return false;
	holder = holder_of(d, t);
	name = first_there(d, holder, call_names);
	return name != JSON_NONE && json_kind(d, name) == TOKEN_STRING &&
	    (holder != t || first_there(d, t, call_arguments) != JSON_NONE ||
	    part_kind(d, t, MAPPING_NOW) == PART_CALL);
}

/* As the text that OpenAI has there. */
static void
arguments_write(struct writer *w, const struct json *d, uint32_t t)
{
	if (t == JSON_NONE)
		write_word(w, "arguments", "{}");
	else if (json_kind(d, t) == TOKEN_STRING)
		write_raw(w, "arguments", json_raw(d, t));
	else
		write_text(w, "arguments", json_raw(d, t));
}

static void
call_add(struct called *c, const struct json *d, uint32_t t)
{
	uint32_t holder = holder_of(d, t), id;
	char numbered[32];
	struct writer w;

	if (c->calls.n > 0)
		buf_putc(&c->calls, ',');
	w = WRITER(&c->calls, WRITE_KEPT);
	id = first_there(d, t, call_ids);
	if (id == JSON_NONE)
		id = first_there(d, holder, call_ids);
	(void)snprintf(numbered, sizeof(numbered), "call_%u", ++c->n);
	write_object(&w, NULL);
	if (id != JSON_NONE && json_kind(d, id) == TOKEN_STRING)
		write_raw(&w, "id", json_raw(d, id));
	else
		write_word(&w, "id", numbered);
	write_word(&w, "type", "function");
	write_object(&w, "function");
	write_raw(&w, "name", json_raw(d, first_there(d, holder,
	    call_names)));
	arguments_write(&w, d, first_there(d, holder, call_arguments));
	write_end(&w);
	write_end(&w);
}

static void	value_add(struct called *, const struct json *, uint32_t,
		    unsigned);

static void
text_add(struct called *c, const struct json *d, uint32_t t)
{
	struct slice raw = json_raw(d, t);

	buf_add(&c->text, raw.p + 1, raw.n - 2);
}

/* One of a list of parts, or a message among them. */
static void
element_add(struct called *c, const struct json *d, uint32_t t, unsigned depth)
{
	enum part_kind kind = part_kind(d, t, MAPPING_NOW);
	uint32_t words;

	if (json_kind(d, t) == TOKEN_OBJECT && (json_get_is(d, t, "type",
	    "message") || json_get(d, t, "role") != JSON_NONE)) {
		value_add(c, d, t, depth + 1);
	} else if (kind == PART_TEXT || kind == PART_REFUSAL) {
		if ((words = part_words(d, t)) != JSON_NONE)
			text_add(c, d, words);
		else
			c->unknown = true;
	} else if (kind == PART_THOUGHT || kind == PART_HOSTED ||
	    json_get_is(d, t, "type", "image_generation_call")) {
		return;
	} else if (is_call(d, t)) {
		call_add(c, d, t);
	} else {
		c->unknown = true;
	}
}

static void
message_add(struct called *c, const struct json *d, uint32_t t, unsigned depth)
{
	uint32_t content = json_get_value(d, t, "content"), calls;
	size_t before = c->calls.n;
	unsigned n = c->n;

	if (content == JSON_NONE)
		content = json_get_value(d, t, "parts");
	if (content != JSON_NONE)
		value_add(c, d, content, depth + 1);
	calls = json_get_value(d, t, "tool_calls");
	if (calls == JSON_NONE)
		calls = json_get_value(d, t, "function_call");
	if (!part_calls(d, calls))
		return;
	/* LangChain has a block's call among the message's calls too. */
	c->calls.n = before;
	c->n = n;
	value_add(c, d, calls, depth + 1);
}

static void
value_add(struct called *c, const struct json *d, uint32_t t, unsigned depth)
{
	uint32_t e;

	if (depth > 4) {
		c->unknown = true;
	} else if (json_kind(d, t) == TOKEN_STRING) {
		text_add(c, d, t);
	} else if (json_kind(d, t) == TOKEN_ARRAY) {
		for (e = json_first(d, t); e != JSON_NONE;
		    e = json_next(d, t, e))
			element_add(c, d, e, depth);
	} else if (json_kind(d, t) == TOKEN_OBJECT && (json_get(d, t,
	    "role") != JSON_NONE || json_get(d, t, "tool_calls") != JSON_NONE ||
	    json_get_is(d, t, "type", "message"))) {
		message_add(c, d, t, depth);
	} else if (is_call(d, t)) {
		call_add(c, d, t);
	} else {
		c->unknown = true;
	}
}

static bool
called_read(struct called *c, struct slice output)
{
	static const struct called none = { .text = BUF_INIT,
	    .calls = BUF_INIT };
	struct json d = JSON_INIT;
	struct json_error why;
	bool read;

	*c = none;
	read = json_parse(&d, output, JSON_DEPTH_MAX, JSON_LENIENT, &why) ==
	    STATUS_OK && (json_kind(&d, 0) == TOKEN_ARRAY || json_kind(&d,
	    0) == TOKEN_OBJECT);
	if (read)
		value_add(c, &d, 0, 0);
	json_release(&d);
	return read;
}

enum call_form
call_form(struct slice output)
{
	struct called c;
	enum call_form form = CALL_NONE;

	if (called_read(&c, output) && c.n > 0)
		form = c.unknown ? CALL_UNKNOWN : CALL_KNOWN;
	called_release(&c);
	return form;
}

enum call_form
call_turn(struct slice message)
{
	struct called c;
	enum call_form form = CALL_UNKNOWN;

	if (called_read(&c, message) && !c.unknown)
		form = c.n + c.text.n > 0 ? CALL_KNOWN : CALL_NONE;
	called_release(&c);
	return form;
}

bool
call_words(struct slice parts, struct buf *b)
{
	struct called c;
	bool text = called_read(&c, parts) && !c.unknown && c.n == 0;

	buf_putc(b, '"');
	if (c.text.n > 0)
		buf_add_slice(b, buf_slice(&c.text));
	buf_putc(b, '"');
	called_release(&c);
	return text;
}

/* Whatever it holds; `always`: no calls are none. */
static void
called_write(struct writer *w, struct slice output, bool always)
{
	struct buf whole = BUF_INIT;
	struct called c;

	if (called_read(&c, output)) {
		buf_putc(&whole, '"');
		if (c.text.n > 0)
			buf_add_slice(&whole, buf_slice(&c.text));
		buf_putc(&whole, '"');
		if (c.text.n > 0)
			write_raw(w, "content", buf_slice(&whole));
		else
			write_null(w, "content");
		buf_clear(&whole);
		buf_putc(&whole, '[');
		buf_add_slice(&whole, buf_slice(&c.calls));
		buf_putc(&whole, ']');
		if (always || c.n > 0)
			write_raw(w, "tool_calls", buf_slice(&whole));
	}
	w->b->failed |= c.text.failed | c.calls.failed | whole.failed;
	buf_release(&whole);
	called_release(&c);
}

void
call_write(struct writer *w, struct slice output)
{
	called_write(w, output, true);
}

void
call_turn_write(struct writer *w, struct slice message)
{
	called_write(w, message, false);
}

/* A function's schema has another name with each of them. */
static void
function_write(struct writer *w, const struct json *d, uint32_t f)
{
	static const char *const schemas[] = { "parameters", "input_schema",
	    "inputSchema", "parametersJsonSchema", NULL };
	uint32_t t = json_get_value(d, f, "description"), schema, inner;

	write_object(w, NULL);
	write_word(w, "type", "function");
	write_object(w, "function");
	write_raw(w, "name", json_raw(d, json_get(d, f, "name")));
	if (t != JSON_NONE)
		write_raw(w, "description", json_raw(d, t));
	schema = first_there(d, f, schemas);
	if (schema != JSON_NONE && json_kind(d, schema) == TOKEN_OBJECT &&
	    (inner = json_get_kind(d, schema, "json", TOKEN_OBJECT)) !=
	    JSON_NONE)
		schema = inner;
	if (schema != JSON_NONE)
		write_raw(w, "parameters", json_raw(d, schema));
	write_end(w);
	write_end(w);
}

/* OpenAI's two, Anthropic's, Bedrock's, Gemini's; a provider's own tools are none. */
static void
tool_write(struct writer *w, const struct json *d, uint32_t t)
{
	uint32_t list = json_get_kind(d, t, "functionDeclarations",
	    TOKEN_ARRAY), e;
	uint32_t f;

	if (list == JSON_NONE)
		list = json_get_kind(d, t, "function_declarations",
		    TOKEN_ARRAY);
	if (list != JSON_NONE) {
		for (e = json_first(d, list); e != JSON_NONE;
		    e = json_next(d, list, e))
			if (json_kind(d, e) == TOKEN_OBJECT && json_get_kind(d,
			    e, "name", TOKEN_STRING) != JSON_NONE)
				function_write(w, d, e);
		return;
	}
	if (json_get_kind(d, t, "function", TOKEN_OBJECT) != JSON_NONE) {
		write_raw(w, NULL, json_raw(d, t));
		return;
	}
	f = json_get_kind(d, t, "toolSpec", TOKEN_OBJECT);
	if (f == JSON_NONE)
		f = t;
	if (json_get_kind(d, f, "name", TOKEN_STRING) != JSON_NONE &&
	    (json_get(d, f, "type") == JSON_NONE || json_get_is(d, f, "type",
	    "function") || json_get_is(d, f, "type", "custom")) &&
	    (json_get(d, f, "input_schema") != JSON_NONE || json_get(d, f,
	    "parameters") != JSON_NONE || json_get(d, f, "inputSchema") !=
	    JSON_NONE))
		function_write(w, d, f);
}

void
call_tools_write(struct writer *w, struct slice tools)
{
	struct json d = JSON_INIT;
	struct json_error why;
	struct buf b = BUF_INIT;
	struct writer list = WRITER(&b, WRITE_KEPT);
	uint32_t t;

	if (tools.p == NULL)
		return;
	write_array(&list, NULL);
	if (json_parse(&d, tools, JSON_DEPTH_MAX, JSON_LENIENT, &why) ==
	    STATUS_OK && json_kind(&d, 0) == TOKEN_ARRAY)
		for (t = json_first(&d, 0); t != JSON_NONE;
		    t = json_next(&d, 0, t))
			if (json_kind(&d, t) == TOKEN_OBJECT)
				tool_write(&list, &d, t);
	if (!write_is_empty(&list)) {
		write_end(&list);
		write_raw(w, "tools", buf_slice(&b));
	}
	w->b->failed |= b.failed;
	buf_release(&b);
	json_release(&d);
}
