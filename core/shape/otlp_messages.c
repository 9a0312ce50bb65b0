/* The messages of a span and the choices that it holds. */
#include "core/shape/otlp_messages.h"
#include "core/base/text.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/answer.h"
#include "core/shape/asked.h"
#include "core/shape/gather.h"
#include "core/shape/lc.h"
#include "core/shape/openai_chat.h"
#include "core/shape/otlp_indexed.h"
#include "core/shape/otlp_value.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/traced.h"

/* The list that a message's text is in, or JSON_NONE. */
static uint32_t
message_parts(const struct json *d, uint32_t message)
{
	uint32_t parts = json_get_kind(d, message, "parts", TOKEN_ARRAY);

	return parts != JSON_NONE ? parts : json_get_kind(d, message, "content",
	    TOKEN_ARRAY);
}

/* The text of a message as the inside of a string; false if it is not all text. */
static bool
message_text(const struct json *d, uint32_t message, struct buf *b)
{
	uint32_t parts = message_parts(d, message), s;

	if (parts != JSON_NONE)
		return part_texts(d, parts, b);
	s = json_get_kind(d, message, "content", TOKEN_STRING);
	if (s == JSON_NONE)
		s = json_get_kind(d, message, "refusal", TOKEN_STRING);
	if (s != JSON_NONE)
		part_inside(b, json_raw(d, s));
	return s != JSON_NONE;
}

/* As chat has it; both are raw. */
static void
chat_write(struct writer *w, struct slice role, struct slice content)
{
	write_object(w, NULL);
	write_raw(w, "role", role);
	write_raw(w, "content", content);
	write_end(w);
}

static void
message_write(const struct json *d, uint32_t message, struct slice role,
    struct writer *w)
{
	struct slice own = part_json(d, message, "role", TOKEN_STRING);
	struct slice content;
	struct buf text = BUF_INIT;
	uint32_t parts;

	buf_putc(&text, '"');
	if (message_text(d, message, &text)) {
		buf_putc(&text, '"');
		content = buf_slice(&text);
	} else {
		parts = message_parts(d, message);
		content = json_raw(d, parts == JSON_NONE ? message : parts);
	}
	chat_write(w, own.p == NULL ? role : own, content);
	w->b->failed |= text.failed;
	buf_release(&text);
}

/* A text or, of JSON in a list, the text of its parts or the list. */
static void
text_write(struct reading *r, uint32_t value, struct slice role,
    struct writer *w)
{
	const struct json *d = &r->reader->inner;
	struct slice text, content;
	struct buf string = BUF_INIT;

	if (!otlp_json(r, value, &text)) {
		text_json(&string, text);
		content = buf_slice(&string);
	} else if (json_kind(d, 0) == TOKEN_OBJECT) {
		message_write(d, 0, role, w);
		return;
	} else {
		buf_putc(&string, '"');
		content = json_raw(d, 0);
		if (part_texts(d, 0, &string)) {
			buf_putc(&string, '"');
			content = buf_slice(&string);
		}
	}
	chat_write(w, role, content);
	w->b->failed |= string.failed;
	buf_release(&string);
}

/* v1.36 has an event for each message. */
static const struct {
	const char	*event;
	struct slice	 role;
} asks[] = {
	{ "gen_ai.system.message", { "\"system\"", 8 } },
	{ "gen_ai.user.message", { "\"user\"", 6 } },
	{ "gen_ai.assistant.message", { "\"assistant\"", 11 } },
	{ "gen_ai.tool.message", { "\"tool\"", 6 } }
};
#define ASKS	(sizeof(asks) / sizeof(asks[0]))

static void
event_messages(struct reading *r, uint32_t span, struct writer *w)
{
	const struct json *d = r->d;
	uint32_t all = json_get_kind(d, span, "events", TOKEN_ARRAY), t, value;
	size_t i;

	for (t = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    t != JSON_NONE; t = json_next(d, all, t))
		for (i = 0; i < ASKS; i++) {
			if (!json_get_is(d, t, "name", asks[i].event))
				continue;
			value = otlp_attribute(d, t, NAMES("gen_ai.event.content",
			    "content"));
			if (value != JSON_NONE)
				text_write(r, value, asks[i].role, w);
		}
}

/* A log record's event by either of its names; ASKS: it is none. */
static size_t
log_event(struct reading *r, uint32_t record)
{
	uint32_t name = otlp_attribute(r->d, record, NAMES("event.name"));
	struct slice is = name == JSON_NONE ? part_string(r, r->d, record,
	    "eventName") : otlp_string(r, name);
	size_t i;

	for (i = 0; i < ASKS && !slice_is(is, asks[i].event); i++)
		;
	return i;
}

/* Both name the same span. */
static bool
same_span(const struct json *d, uint32_t a, uint32_t b)
{
	struct slice x = part_json(d, a, "spanId", TOKEN_STRING);
	struct slice y = part_json(d, b, "spanId", TOKEN_STRING);

	return x.n > 2 && slice_eq(x, y) && slice_eq(part_json(d, a, "traceId",
	    TOKEN_STRING), part_json(d, b, "traceId", TOKEN_STRING));
}

struct slice
otlp_log_request(struct reading *r, uint32_t record,
    const struct otlp_before *before)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	size_t i, none;
	uint32_t t, body;

	write_object(&w, NULL);
	write_object(&w, "request");
	write_array(&w, "messages");
	none = b.n;
	for (t = before->from; t != JSON_NONE && t != record;
	    t = json_next(r->d, before->list, t)) {
		if (json_kind(r->d, t) != TOKEN_OBJECT || (body =
		    json_get_kind(r->d, t, "body", TOKEN_OBJECT)) ==
		    JSON_NONE || !same_span(r->d, t, record) || (i =
		    log_event(r, t)) == ASKS)
			continue;
		text_write(r, body, asks[i].role, &w);
	}
	if (b.n == none) {
		buf_release(&b);
		return SLICE_NONE;
	}
	write_end(&w);
	write_end(&w);
	write_end(&w);
	return part_keep(r, &b);
}

/* What pydantic's agents keep ends with the answer. */
static bool
is_answer(const struct json *d, uint32_t list, uint32_t t)
{
	return json_next(d, list, t) == JSON_NONE && t != json_first(d, list) &&
	    json_get_is(d, t, "role", "assistant");
}

static void
list_write(struct reading *r, const struct json *d, uint32_t list,
    struct writer *w)
{
	struct lc_message m;
	uint32_t t;

	if (d->tok[list].count > 0 && lc_message(d, list + 1, &m)) {
		write_inside(w, asked_messages(r, d, list));
		return;
	}
	for (t = json_first(d, list); t != JSON_NONE; t = json_next(d, list, t))
		if (json_kind(d, t) == TOKEN_OBJECT && !is_answer(d, list, t))
			message_write(d, t, SLICE("\"user\""), w);
}

/* A list of messages, an object that holds one or a prompt, or a text. */
static void
input_messages(struct reading *r, uint32_t value, struct writer *w)
{
	const struct json *d = &r->reader->inner;
	struct slice text;
	uint32_t in, t;

	if (!otlp_json(r, value, &text)) {
		text_write(r, value, SLICE("\"user\""), w);
		return;
	}
	in = traced_callback_given(d, 0);
	if (json_kind(d, in) == TOKEN_ARRAY) {
		list_write(r, d, in, w);
		return;
	}
	if (json_kind(d, in) != TOKEN_OBJECT) {
		chat_write(w, SLICE("\"user\""), json_raw(d, in));
		return;
	}
	if ((t = json_get_kind(d, in, "system", TOKEN_STRING)) != JSON_NONE)
		chat_write(w, SLICE("\"system\""), json_raw(d, t));
	if ((t = json_get_kind(d, in, "messages", TOKEN_ARRAY)) != JSON_NONE)
		list_write(r, d, t, w);
	else if ((t = json_get_kind(d, in, "prompt", TOKEN_STRING)) != JSON_NONE)
		chat_write(w, SLICE("\"user\""), json_raw(d, t));
	else if (json_get(d, in, "role") != JSON_NONE)
		message_write(d, in, SLICE("\"user\""), w);
	else
		chat_write(w, SLICE("\"user\""), json_raw(d, in));
}

/* Where the messages stand, whoever's span it is. */
static const char *const inputs[] = { "gen_ai.input.messages", "gen_ai.prompt",
    NULL };
static const char *const others[] = { "traceloop.entity.input",
    "ai.prompt.messages", "ai.prompt", "langfuse.observation.input",
    "pydantic_ai.all_messages", "all_messages_events", "input.value", NULL };

static void
asked_write(struct reading *r, uint32_t span, struct writer *w)
{
	uint32_t value = otlp_said(r->d, span, inputs);
	size_t before = w->b->n;

	if (value != JSON_NONE) {
		input_messages(r, value, w);
		return;
	}
	otlp_indexed(r, span, OTLP_PROMPT, SLICE("user"), w);
	if (w->b->n == before)
		otlp_indexed(r, span, OTLP_LLM_INPUT, SLICE("user"), w);
	if (w->b->n != before)
		return;
	value = otlp_attribute(r->d, span, others);
	if (value != JSON_NONE)
		input_messages(r, value, w);
	else
		event_messages(r, span, w);
}

struct slice
otlp_messages(struct reading *r, uint32_t span)
{
	uint32_t system = otlp_said(r->d, span,
	    NAMES("gen_ai.system_instructions"));
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);

	write_array(&w, NULL);
	if (system != JSON_NONE)
		text_write(r, system, SLICE("\"system\""), &w);
	asked_write(r, span, &w);
	if (write_is_empty(&w)) {
		buf_release(&b);
		return SLICE_NONE;
	}
	write_end(&w);
	return part_keep(r, &b);
}

/* A message, or the parts of one. */
static void
message_output(struct reading *r, const struct json *d, uint32_t message,
    struct item *item)
{
	bool object = json_kind(d, message) == TOKEN_OBJECT;
	uint32_t parts = object ? json_get_kind(d, message, "parts",
	    TOKEN_ARRAY) : JSON_NONE;
	struct gather g;

	if (object && parts == JSON_NONE) {
		openai_message(r, d, message, item);
	} else if (object || json_kind(d, message) == TOKEN_ARRAY) {
		gather_begin(&g, r, d);
		gather_content(&g, object ? parts : message);
		gather_calls(&g, object ? json_get_value(d, message,
		    "tool_calls") : JSON_NONE);
		gather_end(&g, item);
	} else {
		part_output(r, d, message, item);
	}
	if (object)
		item->stop = part_stop(r, d, message);
}

/* v1.36 wrote an event for each choice instead. */
static uint32_t
choice_value(const struct json *d, uint32_t event)
{
	return json_get_is(d, event, "name", "gen_ai.choice") ?
	    otlp_attribute(d, event, NAMES("message", "content",
	    "gen_ai.event.content")) : JSON_NONE;
}

/* A text or, parsed, a message, a choice that holds one, or a list of parts. */
static enum status
choice_read(struct reading *r, struct slice text, bool parsed,
    const struct item *base)
{
	const struct json *d = &r->reader->inner;
	struct item *item = part_item(r, base);
	uint32_t t;

	if (item == NULL)
		return r->err->code;
	if (!parsed) {
		item->output = text;
		item->output_is_string = true;
		return STATUS_OK;
	}
	if (json_kind(d, 0) == TOKEN_OBJECT)
		t = json_get_kind(d, 0, "message", TOKEN_OBJECT);
	else
		t = d->tok[0].count == 1 ? json_first(d, 0) : JSON_NONE;
	message_output(r, d, t == JSON_NONE ? 0 : t, item);
	if (item->stop == STOP_UNKNOWN && json_kind(d, 0) == TOKEN_OBJECT)
		item->stop = part_stop(r, d, 0);
	return STATUS_OK;
}

/* Each message of a list, parsed from what stands at value, is one choice. */
static enum status
list_read(struct reading *r, uint32_t value, const struct item *base)
{
	const struct json *d = &r->reader->inner;
	struct item *item;
	uint32_t t;

	if (d->tok[0].count > PARTS_MAX)
		return reading_refuse(r, value, "over %d choices", PARTS_MAX);
	for (t = json_first(d, 0); t != JSON_NONE; t = json_next(d, 0, t)) {
		if ((item = part_item(r, base)) == NULL)
			return r->err->code;
		message_output(r, d, t, item);
	}
	return STATUS_OK;
}

static enum status
value_read(struct reading *r, uint32_t value, const struct item *base)
{
	const struct json *d = &r->reader->inner;
	struct slice text;
	bool parsed = otlp_json(r, value, &text) && d->n > 1;

	return parsed && json_kind(d, 0) == TOKEN_ARRAY ?
	    list_read(r, value, base) : choice_read(r, text, parsed, base);
}

static enum status
indexed_read(struct reading *r, struct slice messages, const struct item *base)
{
	struct json_error why;
	enum status st = json_parse(&r->reader->inner, messages,
	    JSON_DEPTH_MAX, 0, &why);

	if (st == STATUS_NOMEM)
		return error_nomem(r->err);
	return st == STATUS_OK ? list_read(r, JSON_NONE, base) :
	    reading_refuse(r, JSON_NONE, "gen_ai.completion: %s", why.reason);
}

static enum status
choices_read(struct reading *r, uint32_t events, const struct item *base)
{
	enum status st = STATUS_OK;
	uint32_t t, value, n = 0;
	struct slice text;
	bool parsed;

	for (t = json_first(r->d, events); t != JSON_NONE && st == STATUS_OK;
	    t = json_next(r->d, events, t)) {
		if ((value = choice_value(r->d, t)) == JSON_NONE)
			continue;
		if (n++ == PARTS_MAX)
			return reading_refuse(r, events, "over %d choices",
			    PARTS_MAX);
		parsed = otlp_json(r, value, &text) && r->reader->inner.n > 1;
		st = choice_read(r, text, parsed, base);
		if (st == STATUS_OK && r->item[r->n - 1].stop == STOP_UNKNOWN)
			r->item[r->n - 1].stop = stop_from(otlp_string(r,
			    otlp_attribute(r->d, t, NAMES("finish_reason",
			    "gen_ai.response.finish_reason"))));
	}
	return st;
}

static struct slice
indexed_answer(struct reading *r, uint32_t span, struct slice prefix)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);

	write_array(&w, NULL);
	otlp_indexed(r, span, prefix, SLICE("assistant"), &w);
	if (write_is_empty(&w)) {
		buf_release(&b);
		return SLICE_NONE;
	}
	write_end(&w);
	return part_keep(r, &b);
}

/* The AI SDK's text and calls, as one message. */
static struct slice
sdk_answer(struct reading *r, uint32_t span)
{
	uint32_t text = otlp_attribute(r->d, span, NAMES("ai.response.text",
	    "ai.response.object"));
	uint32_t calls = otlp_attribute(r->d, span,
	    NAMES("ai.response.toolCalls"));
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	struct slice list;

	if (text == JSON_NONE && calls == JSON_NONE)
		return SLICE_NONE;
	write_array(&w, NULL);
	write_object(&w, NULL);
	write_word(&w, "role", "assistant");
	if (text != JSON_NONE)
		write_text(&w, "content", otlp_string(r, text));
	if (calls != JSON_NONE && otlp_json(r, calls, &list))
		write_raw(&w, "tool_calls", list);
	write_end(&w);
	write_end(&w);
	return part_keep(r, &b);
}

bool
otlp_is_step(struct reading *r, uint32_t span)
{
	static const char *const kinds[][2] = {
		{ "openinference.span.kind", "TOOL" },
		{ "openinference.span.kind", "RETRIEVER" },
		{ "openinference.span.kind", "EMBEDDING" },
		{ "openinference.span.kind", "RERANKER" },
		{ "traceloop.span.kind", "tool" },
		{ "langfuse.observation.type", "tool" },
		{ "langfuse.observation.type", "retriever" },
		{ "langfuse.observation.type", "embedding" },
		{ "gen_ai.operation.name", "execute_tool" },
		{ "gen_ai.operation.name", "retrieval" },
		{ "gen_ai.operation.name", "embeddings" }
	};
	uint32_t value;
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		value = otlp_attribute(r->d, span, NAMES(kinds[i][0]));
		if (value != JSON_NONE && json_get_is(r->d, value,
		    "stringValue", kinds[i][1]))
			return true;
	}
	return false;
}

/* Whole conversations, and what a function gave back. */
static const char *const returned[] = { "langfuse.observation.output",
    "traceloop.entity.output", "final_result", "pydantic_ai.all_messages",
    "all_messages_events", "output.value", NULL };

bool
otlp_answer(struct reading *r, uint32_t span, struct otlp_answer *a)
{
	const struct json *d = r->d;
	uint32_t t;

	a->indexed = SLICE_NONE;
	a->returned = false;
	a->events = json_get_kind(d, span, "events", TOKEN_ARRAY);
	a->value = otlp_said(d, span, NAMES("gen_ai.output.messages",
	    "gen_ai.completion"));
	if (a->value == JSON_NONE)
		a->indexed = indexed_answer(r, span, OTLP_COMPLETION);
	if (a->value == JSON_NONE && a->indexed.p == NULL)
		a->indexed = indexed_answer(r, span, OTLP_LLM_OUTPUT);
	if (a->value == JSON_NONE && a->indexed.p == NULL)
		a->indexed = sdk_answer(r, span);
	if (a->value == JSON_NONE && a->indexed.p == NULL) {
		a->value = otlp_attribute(d, span, returned);
		a->returned = a->value != JSON_NONE;
	}
	if (a->value != JSON_NONE || a->indexed.p != NULL)
		return true;
	for (t = a->events == JSON_NONE ? JSON_NONE : json_first(d, a->events);
	    t != JSON_NONE; t = json_next(d, a->events, t))
		if (choice_value(d, t) != JSON_NONE)
			return true;
	return false;
}

bool
otlp_log_answer(struct reading *r, uint32_t record, struct otlp_answer *a)
{
	const struct json *d = r->d;
	uint32_t body = json_get_kind(d, record, "body", TOKEN_OBJECT);
	uint32_t name = otlp_attribute(d, record, NAMES("event.name"));

	if (body == JSON_NONE || (!json_get_is(d, record, "eventName",
	    "gen_ai.choice") && !slice_is(otlp_string(r, name),
	    "gen_ai.choice")))
		return false;
	*a = (struct otlp_answer){ .value = body, .indexed = SLICE_NONE,
	    .events = JSON_NONE };
	return true;
}

/* A message, the last of several, or whatever it is. */
static enum status
returned_read(struct reading *r, uint32_t value, const struct item *base)
{
	const struct json *d = &r->reader->inner;
	struct item *item = part_item(r, base);
	struct slice text;
	bool parsed;

	if (item == NULL)
		return r->err->code;
	parsed = otlp_json(r, value, &text) && d->n > 1;
	if (parsed && (traced_answer(r, d, 0, item) || traced_callback(r, d, 0,
	    item)))
		return STATUS_OK;
	item->output = text;
	item->output_is_string = otlp_string(r, value).p != NULL;
	item->silent = !item->output_is_string && parsed && !part_says(r, d, 0);
	return STATUS_OK;
}

enum status
otlp_choices(struct reading *r, const struct otlp_answer *a,
    const struct item *base)
{
	if (a->returned)
		return returned_read(r, a->value, base);
	if (a->value != JSON_NONE)
		return value_read(r, a->value, base);
	return a->indexed.p != NULL ? indexed_read(r, a->indexed, base) :
	    choices_read(r, a->events, base);
}

bool
otlp_is_text(const struct json *d, uint32_t key)
{
	static const char *const texts[] = { "gen_ai.input.messages",
	    "gen_ai.output.messages", "gen_ai.system_instructions",
	    "gen_ai.prompt", "gen_ai.completion", "traceloop.entity.input",
	    "traceloop.entity.output", "ai.prompt", "ai.prompt.messages",
	    "ai.response.text", "ai.response.object", "ai.response.toolCalls",
	    "langfuse.observation.input", "langfuse.observation.output",
	    "pydantic_ai.all_messages", "all_messages_events", "final_result",
	    "input.value", "output.value" };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (json_string_is(d, key, texts[i]))
			return true;
	return false;
}
