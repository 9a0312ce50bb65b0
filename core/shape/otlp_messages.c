/* The messages of a span and the choices that it holds. */
#include "core/shape/otlp_messages.h"
#include "core/base/text.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/answer.h"
#include "core/shape/gather.h"
#include "core/shape/openai_chat.h"
#include "core/shape/otlp_indexed.h"
#include "core/shape/otlp_value.h"
#include "core/shape/part_kind.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"

bool
otlp_parts_text(const struct json *d, uint32_t parts, struct buf *b)
{
	enum part_kind kind;
	uint32_t t, s;

	for (t = json_first(d, parts); t != JSON_NONE;
	    t = json_next(d, parts, t)) {
		kind = part_kind(d, t);
		if (kind == PART_THOUGHT)
			continue;
		if (kind != PART_TEXT || (s = part_words(d, t)) == JSON_NONE)
			return false;
		part_inside(b, json_raw(d, s));
	}
	return true;
}

/* The list that a message's text is in, or JSON_NONE. */
static uint32_t
message_parts(const struct json *d, uint32_t message)
{
	uint32_t parts = part_get(d, message, "parts", TOKEN_ARRAY);

	return parts != JSON_NONE ? parts : part_get(d, message, "content",
	    TOKEN_ARRAY);
}

/* The text of a message as the inside of a string; false if it is not all text. */
static bool
message_text(const struct json *d, uint32_t message, struct buf *b)
{
	uint32_t parts = message_parts(d, message), s;

	if (parts != JSON_NONE)
		return otlp_parts_text(d, parts, b);
	s = part_get(d, message, "content", TOKEN_STRING);
	if (s == JSON_NONE)
		s = part_get(d, message, "refusal", TOKEN_STRING);
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
		if (otlp_parts_text(d, 0, &string)) {
			buf_putc(&string, '"');
			content = buf_slice(&string);
		}
	}
	chat_write(w, role, content);
	w->b->failed |= string.failed;
	buf_release(&string);
}

/* v1.36 wrote an event for each message. */
static void
event_messages(struct reading *r, uint32_t span, struct writer *w)
{
	static const struct {
		const char	*event;
		struct slice	 role;
	} rows[] = {
		{ "gen_ai.system.message", { "\"system\"", 8 } },
		{ "gen_ai.user.message", { "\"user\"", 6 } },
		{ "gen_ai.assistant.message", { "\"assistant\"", 11 } },
		{ "gen_ai.tool.message", { "\"tool\"", 6 } }
	};
	const struct json *d = r->d;
	uint32_t events = part_get(d, span, "events", TOKEN_ARRAY), t, value;
	size_t i;

	for (t = events == JSON_NONE ? JSON_NONE : json_first(d, events);
	    t != JSON_NONE; t = json_next(d, events, t))
		for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			if (!part_is(d, t, "name", rows[i].event))
				continue;
			value = otlp_attribute(d, t, NAMES("gen_ai.event.content",
			    "content"));
			if (value != JSON_NONE)
				text_write(r, value, rows[i].role, w);
		}
}

static void
input_messages(struct reading *r, uint32_t value, struct writer *w)
{
	const struct json *d = &r->reader->inner;
	struct slice text;
	uint32_t t;

	if (!otlp_json(r, value, &text) || json_kind(d, 0) != TOKEN_ARRAY)
		return;
	for (t = json_first(d, 0); t != JSON_NONE; t = json_next(d, 0, t))
		if (json_kind(d, t) == TOKEN_OBJECT)
			message_write(d, t, SLICE("\"user\""), w);
}

struct slice
otlp_messages(struct reading *r, uint32_t span)
{
	uint32_t system = otlp_attribute(r->d, span,
	    NAMES("gen_ai.system_instructions"));
	uint32_t value = otlp_attribute(r->d, span,
	    NAMES("gen_ai.input.messages", "gen_ai.prompt"));
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	size_t before;

	write_array(&w, NULL);
	if (system != JSON_NONE)
		text_write(r, system, SLICE("\"system\""), &w);
	before = b.n;
	if (value == JSON_NONE) {
		otlp_indexed(r, span, OTLP_PROMPT, SLICE("user"), &w);
		value = otlp_attribute(r->d, span,
		    NAMES("traceloop.entity.input"));
	}
	if (b.n == before && value == JSON_NONE)
		event_messages(r, span, &w);
	else if (b.n == before)
		input_messages(r, value, &w);
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
	uint32_t parts = object ? part_get(d, message, "parts", TOKEN_ARRAY) :
	    JSON_NONE;
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
	return part_is(d, event, "name", "gen_ai.choice") ? otlp_attribute(d, event,
	    NAMES("message", "content", "gen_ai.event.content")) : JSON_NONE;
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
		t = part_get(d, 0, "message", TOKEN_OBJECT);
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
indexed_answer(struct reading *r, uint32_t span)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);

	write_array(&w, NULL);
	otlp_indexed(r, span, OTLP_COMPLETION, SLICE("assistant"), &w);
	if (write_is_empty(&w)) {
		buf_release(&b);
		return SLICE_NONE;
	}
	write_end(&w);
	return part_keep(r, &b);
}

bool
otlp_answer(struct reading *r, uint32_t span, struct otlp_answer *a)
{
	const struct json *d = r->d;
	uint32_t t;

	a->indexed = SLICE_NONE;
	a->events = part_get(d, span, "events", TOKEN_ARRAY);
	a->value = otlp_attribute(d, span, NAMES("gen_ai.output.messages",
	    "gen_ai.completion"));
	if (a->value == JSON_NONE)
		a->indexed = indexed_answer(r, span);
	if (a->value == JSON_NONE && a->indexed.p == NULL)
		a->value = otlp_attribute(d, span,
		    NAMES("traceloop.entity.output"));
	if (a->value != JSON_NONE || a->indexed.p != NULL)
		return true;
	for (t = a->events == JSON_NONE ? JSON_NONE : json_first(d, a->events);
	    t != JSON_NONE; t = json_next(d, a->events, t))
		if (choice_value(d, t) != JSON_NONE)
			return true;
	return false;
}

enum status
otlp_choices(struct reading *r, const struct otlp_answer *a,
    const struct item *base)
{
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
	    "traceloop.entity.output" };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (json_string_is(d, key, texts[i]))
			return true;
	return false;
}
