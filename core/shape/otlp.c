/*
 * OTLP/HTTP JSON spans with the GenAI conventions (semantic-conventions-genai,
 * docs/gen-ai; their v1.36 names and OpenLLMetry's are read too).  Every span
 * that holds an output is a record of its own: its bytes, read again, are a
 * single span.
 */
#include <math.h>

#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/text.h"

/* The value of the first attribute there of these names, or JSON_NONE. */
static uint32_t
attribute(const struct json *d, uint32_t owner, const char *const *names)
{
	uint32_t all = part_get(d, owner, "attributes", TOKEN_ARRAY), t;

	for (; all != JSON_NONE && *names != NULL; names++)
		for (t = json_first(d, all); t != JSON_NONE;
		    t = json_next(d, all, t))
			if (part_is(d, t, "key", *names))
				return part_get(d, t, "value", TOKEN_OBJECT);
	return JSON_NONE;
}

#define NAMES(...)	((const char *const[]){ __VA_ARGS__, NULL })

static struct slice
any_string(struct reading *r, uint32_t value)
{
	return value == JSON_NONE ? SLICE_NONE :
	    part_string(r, r->d, value, "stringValue");
}

/* 64-bit integers come as a string or as a number. */
static int64_t
any_count(const struct json *d, uint32_t value)
{
	uint32_t t = value == JSON_NONE ? JSON_NONE :
	    json_get_value(d, value, "intValue");
	struct slice raw;
	int64_t n = 0;
	size_t i;

	if (t == JSON_NONE)
		return -1;
	if (json_kind(d, t) != TOKEN_STRING)
		return json_int64(d, t, &n) && n >= 0 ? n : -1;
	raw = json_raw(d, t);
	if (raw.n < 3 || raw.n > 20)
		return -1;
	for (i = 1; i + 1 < raw.n; i++) {
		if (raw.p[i] < '0' || raw.p[i] > '9')
			return -1;
		n = n * 10 + (raw.p[i] - '0');
	}
	return n;
}

static double
any_number(const struct json *d, uint32_t value)
{
	double number;

	if (value == JSON_NONE)
		return NAN;
	number = part_number(d, value, "doubleValue");
	if (isnan(number) && any_count(d, value) >= 0)
		number = (double)any_count(d, value);
	return number;
}

static int64_t
span_ms(struct reading *r, uint32_t span, const char *key)
{
	struct slice s = part_string(r, r->d, span, key);
	double ns = part_number(r->d, span, key);
	int64_t n = 0;
	size_t i;

	if (ns >= 0 && ns < 9e18)
		return (int64_t)(ns / 1e6);
	if (s.p == NULL || s.n == 0 || s.n > 18 + 1)
		return -1;
	for (i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9' ||
		    __builtin_mul_overflow(n, (int64_t)10, &n) ||
		    __builtin_add_overflow(n, s.p[i] - '0', &n))
			return -1;
	return n / 1000000;
}

/* A value without members; an integer without the quotes it may come in. */
static void
scalar_write(const struct json *d, uint32_t key, uint32_t value, struct buf *b)
{
	struct slice raw = json_raw(d, value), digits = { raw.p + 1, 0 };

	if (json_kind(d, value) == TOKEN_STRING &&
	    json_string_is(d, key, "intValue")) {
		for (digits.n = *digits.p == '-'; digits.n + 2 < raw.n &&
		    digits.p[digits.n] >= '0' && digits.p[digits.n] <= '9'; )
			digits.n++;
		if (digits.n + 2 == raw.n && digits.n > 0 && digits.n < 20 &&
		    (digits.p[0] != '0' || digits.n == 1) && digits.p[0] != '-')
			raw = digits;
	}
	buf_add_slice(b, raw);
}

/* An AnyValue as plain JSON; no deeper than the record itself is. */
static void
any_write(const struct json *d, uint32_t value, struct buf *b)
{
	uint32_t t = json_first(d, value), all, e;
	bool pairs;

	if (t == JSON_NONE) {
		buf_puts(b, "null");
		return;
	}
	pairs = json_string_is(d, t, "kvlistValue");
	if (!pairs && !json_string_is(d, t, "arrayValue")) {
		scalar_write(d, t, t + 1, b);
		return;
	}
	buf_putc(b, pairs ? '{' : '[');
	all = part_get(d, t + 1, "values", TOKEN_ARRAY);
	for (e = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    e != JSON_NONE; e = json_next(d, all, e)) {
		uint32_t key = part_get(d, e, "key", TOKEN_STRING);
		uint32_t v = pairs ? part_get(d, e, "value", TOKEN_OBJECT) : e;

		if (pairs && key == JSON_NONE)
			continue;
		part_comma(b);
		if (pairs) {
			buf_add_slice(b, json_raw(d, key));
			buf_putc(b, ':');
		}
		if (v != JSON_NONE && json_kind(d, v) == TOKEN_OBJECT)
			any_write(d, v, b);
		else
			buf_puts(b, "null");
	}
	buf_putc(b, pairs ? '}' : ']');
}

/*
 * A structured value or one that is JSON in a string, parsed into the reader's
 * second document; false where it is neither (then *text is the string).
 */
static bool
any_json(struct reading *r, uint32_t value, struct slice *text)
{
	struct json_error why;
	struct buf b = BUF_INIT;
	enum status st;

	*text = any_string(r, value);
	if (text->p == NULL) {
		any_write(r->d, value, &b);
		*text = part_keep(r, &b);
		if (text->p == NULL)
			return false;
	}
	st = json_parse(&r->reader->inner, *text, JSON_DEPTH_MAX, 0, &why);
	r->failed |= st == STATUS_NOMEM;
	return st == STATUS_OK && (json_kind(&r->reader->inner, 0) ==
	    TOKEN_ARRAY || json_kind(&r->reader->inner, 0) == TOKEN_OBJECT);
}

/* The texts of parts as the inside of a string; false if there is one of another
 * kind (what was only thought set aside). */
static bool
parts_text(const struct json *d, uint32_t parts, struct buf *b)
{
	uint32_t t, s;

	for (t = json_first(d, parts); t != JSON_NONE;
	    t = json_next(d, parts, t)) {
		if (part_is(d, t, "type", "reasoning"))
			continue;
		s = part_is(d, t, "type", "text") ? part_get(d, t, "content",
		    TOKEN_STRING) : JSON_NONE;
		if (s == JSON_NONE)
			return false;
		part_inside(b, json_raw(d, s));
	}
	return true;
}

/* The same of a message, which may also have its text as content. */
static bool
message_text(const struct json *d, uint32_t message, struct buf *b)
{
	uint32_t parts = part_get(d, message, "parts", TOKEN_ARRAY), s;

	if (parts != JSON_NONE)
		return parts_text(d, parts, b);
	s = part_get(d, message, "content", TOKEN_STRING);
	if (s != JSON_NONE)
		part_inside(b, json_raw(d, s));
	return s != JSON_NONE;
}

/* {"role":..,"content":..}, the way chat has it; content: raw, or if absent the
 * inside of a string. */
static void
chat_write(struct buf *out, struct slice role, struct slice content,
    struct buf *inside)
{
	part_comma(out);
	buf_puts(out, "{\"role\":");
	buf_add_slice(out, role);
	buf_puts(out, ",\"content\":");
	if (content.p != NULL) {
		buf_add_slice(out, content);
	} else {
		buf_putc(out, '"');
		buf_add(out, inside->p, inside->n);
		buf_putc(out, '"');
	}
	buf_putc(out, '}');
	out->failed |= inside->failed;
}

static void
message_write(const struct json *d, uint32_t message, struct slice role,
    struct buf *out)
{
	struct slice own = part_json(d, message, "role", TOKEN_STRING);
	struct slice content = SLICE_NONE;
	struct buf text = BUF_INIT;
	uint32_t parts;

	if (!message_text(d, message, &text)) {
		parts = json_get_value(d, message, "parts");
		content = json_raw(d, parts == JSON_NONE ? message : parts);
	}
	chat_write(out, own.p == NULL ? role : own, content, &text);
	buf_release(&text);
}

/* A text or, of JSON in a list, the text of its parts or the list. */
static void
text_write(struct reading *r, uint32_t value, struct slice role,
    struct buf *out)
{
	const struct json *d = &r->reader->inner;
	struct slice text, content = SLICE_NONE;
	struct buf inside = BUF_INIT, quoted = BUF_INIT;

	if (!any_json(r, value, &text)) {
		text_json(&quoted, text);
		content = buf_slice(&quoted);
	} else if (json_kind(d, 0) == TOKEN_OBJECT) {
		message_write(d, 0, role, out);
		return;
	} else if (!parts_text(d, 0, &inside)) {
		content = json_raw(d, 0);
	}
	out->failed |= quoted.failed;
	chat_write(out, role, content, &inside);
	buf_release(&inside);
	buf_release(&quoted);
}

/* v1.36 wrote an event for each message. */
static void
event_messages(struct reading *r, uint32_t span, struct buf *out)
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
			value = attribute(d, t, NAMES("gen_ai.event.content",
			    "content"));
			if (value != JSON_NONE)
				text_write(r, value, rows[i].role, out);
		}
}

static struct slice
input_messages(struct reading *r, uint32_t span)
{
	uint32_t system = attribute(r->d, span,
	    NAMES("gen_ai.system_instructions"));
	uint32_t value = attribute(r->d, span, NAMES("gen_ai.input.messages",
	    "gen_ai.prompt", "traceloop.entity.input"));
	const struct json *d = &r->reader->inner;
	struct buf b = BUF_INIT;
	struct slice text;
	uint32_t t;

	buf_putc(&b, '[');
	if (system != JSON_NONE)
		text_write(r, system, SLICE("\"system\""), &b);
	if (value == JSON_NONE) {
		event_messages(r, span, &b);
	} else if (any_json(r, value, &text) && json_kind(d, 0) ==
	    TOKEN_ARRAY) {
		for (t = json_first(d, 0); t != JSON_NONE;
		    t = json_next(d, 0, t))
			if (json_kind(d, t) == TOKEN_OBJECT)
				message_write(d, t, SLICE("\"user\""), &b);
	}
	if (b.n <= 1) {
		buf_release(&b);
		return SLICE_NONE;
	}
	buf_putc(&b, ']');
	return part_keep(r, &b);
}

/*
 * As in openai_chat.c: of a call alone the calls, of a text with calls the whole
 * message; JSON_NONE where nothing is called.
 */
static uint32_t
message_calls(const struct json *d, uint32_t message)
{
	uint32_t calls = part_get(d, message, "tool_calls", TOKEN_ARRAY);
	uint32_t content = json_get_value(d, message, "content");

	if (calls == JSON_NONE || d->tok[calls].count == 0)
		return JSON_NONE;
	return content == JSON_NONE || part_is(d, message, "content", "") ?
	    calls : message;
}

/* The bytes lie in the arena or in the record already. */
static void
message_output(struct reading *r, const struct json *d, uint32_t message,
    struct item *item)
{
	bool object = json_kind(d, message) == TOKEN_OBJECT;
	uint32_t t = object ? message_calls(d, message) : JSON_NONE;
	struct buf text = BUF_INIT, decoded = BUF_INIT;

	if (t == JSON_NONE && object) {
		item->output_is_string = message_text(d, message, &text);
		t = json_get_value(d, message, "parts");
	} else if (json_kind(d, message) == TOKEN_ARRAY) {
		item->output_is_string = parts_text(d, message, &text);
	}
	if (item->output_is_string) {
		json_decode(buf_slice(&text), &decoded);
		item->output = part_keep(r, &decoded);
	} else {
		item->output = json_raw(d, t == JSON_NONE ? message : t);
	}
	r->failed |= text.failed;
	buf_release(&text);
}

/* v1.36 wrote an event for each choice instead. */
static uint32_t
choice_value(const struct json *d, uint32_t event)
{
	return part_is(d, event, "name", "gen_ai.choice") ? attribute(d, event,
	    NAMES("message", "content", "gen_ai.event.content")) : JSON_NONE;
}

static uint32_t
choices_count(const struct json *d, uint32_t events)
{
	uint32_t t, n = 0;

	for (t = events == JSON_NONE ? JSON_NONE : json_first(d, events);
	    t != JSON_NONE; t = json_next(d, events, t))
		n += choice_value(d, t) != JSON_NONE;
	return n;
}

static void
evaluations_read(struct reading *r, uint32_t span, struct item *item)
{
	const struct json *d = r->d;
	uint32_t events = part_get(d, span, "events", TOKEN_ARRAY), t;
	struct evaluation e = { .yes_no = false };

	for (t = events == JSON_NONE ? JSON_NONE : json_first(d, events);
	    t != JSON_NONE; t = json_next(d, events, t)) {
		if (!part_is(d, t, "name", "gen_ai.evaluation.result"))
			continue;
		e.name = any_string(r, attribute(d, t,
		    NAMES("gen_ai.evaluation.name")));
		e.label = any_string(r, attribute(d, t,
		    NAMES("gen_ai.evaluation.score.label")));
		e.message = any_string(r, attribute(d, t,
		    NAMES("gen_ai.evaluation.explanation")));
		e.score = any_number(d, attribute(d, t,
		    NAMES("gen_ai.evaluation.score.value")));
		(void)part_evaluation(r, item, &e, "gen_ai.evaluation");
	}
}

static bool
is_text(const struct json *d, uint32_t key)
{
	static const char *const texts[] = { "gen_ai.input.messages",
	    "gen_ai.output.messages", "gen_ai.system_instructions",
	    "gen_ai.prompt", "gen_ai.completion", "gen_ai.completion.0.content",
	    "traceloop.entity.input", "traceloop.entity.output" };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (json_string_is(d, key, texts[i]))
			return true;
	return false;
}

/* Every attribute but the texts, under its own name. */
static struct slice
span_metadata(struct reading *r, uint32_t span)
{
	const struct json *d = r->d;
	uint32_t all = part_get(d, span, "attributes", TOKEN_ARRAY), t, key, v;
	struct buf b = BUF_INIT;

	for (t = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    t != JSON_NONE; t = json_next(d, all, t)) {
		key = part_get(d, t, "key", TOKEN_STRING);
		v = part_get(d, t, "value", TOKEN_OBJECT);
		if (key == JSON_NONE || v == JSON_NONE || is_text(d, key))
			continue;
		buf_putc(&b, b.n == 0 ? '{' : ',');
		buf_add_slice(&b, json_raw(d, key));
		buf_putc(&b, ':');
		any_write(d, v, &b);
	}
	if (b.n == 0)
		return SLICE_NONE;
	buf_putc(&b, '}');
	return part_keep_json(r, &b);
}

static struct slice
prompt_name(struct reading *r, uint32_t span)
{
	struct slice key = any_string(r, attribute(r->d, span,
	    NAMES("traceloop.prompt.key", "gen_ai.prompt.name")));
	uint32_t value = attribute(r->d, span,
	    NAMES("traceloop.prompt.version"));
	struct slice version = any_string(r, value);

	if (key.p == NULL || value == JSON_NONE)
		return key;
	if (version.p != NULL)
		key = arena_printf(r->reader->arena, "%.*s@%.*s",
		    SLICE_ARG(key), SLICE_ARG(version));
	else if (any_count(r->d, value) >= 0)
		key = arena_printf(r->reader->arena, "%.*s@%lld",
		    SLICE_ARG(key), (long long)any_count(r->d, value));
	r->failed |= key.p == NULL;
	return key;
}

static void
common_read(struct reading *r, uint32_t span, struct item *item)
{
	const struct json *d = r->d;
	int64_t to = span_ms(r, span, "endTimeUnixNano");

	item->id = any_string(r, attribute(d, span,
	    NAMES("gen_ai.response.id")));
	if (item->id.n == 0)
		item->id = part_string(r, d, span, "spanId");
	item->model = any_string(r, attribute(d, span,
	    NAMES("gen_ai.response.model", "gen_ai.request.model")));
	item->prompt = prompt_name(r, span);
	item->input_tokens = any_count(d, attribute(d, span,
	    NAMES("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")));
	item->output_tokens = any_count(d, attribute(d, span,
	    NAMES("gen_ai.usage.output_tokens",
	    "gen_ai.usage.completion_tokens")));
	item->created_ms = span_ms(r, span, "startTimeUnixNano");
	if (item->created_ms >= 0 && to >= item->created_ms)
		item->latency_ms = (double)(to - item->created_ms);
	item->metadata = span_metadata(r, span);
	evaluations_read(r, span, item);
}

/* The items from one span: of several each has an id of its own. */
static void
items_finish(struct reading *r, uint32_t span, size_t from)
{
	bool several = r->n - from > 1;
	struct item *item;
	uint32_t i;

	for (i = 1; from < r->n; from++, i++) {
		item = &r->item[from];
		item->shape = shape_otlp_span.name;
		item->forced = shape_of(r) != &shape_otlp_span;
		item->record = json_raw(r->d, span);
		item->part = several ? i : 0;
		if (!several || item->id.n == 0)
			continue;
		item->id = arena_printf(r->reader->arena, "%.*s#%u",
		    SLICE_ARG(item->id), (unsigned)i);
		r->failed |= item->id.p == NULL;
	}
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
	return STATUS_OK;
}

/* Each message of the output is one choice. */
static enum status
messages_read(struct reading *r, uint32_t value, const struct item *base)
{
	const struct json *d = &r->reader->inner;
	struct slice text;
	struct item *item;
	uint32_t t;

	if (!any_json(r, value, &text) || d->n < 2)
		return choice_read(r, text, false, base);
	if (json_kind(d, 0) == TOKEN_OBJECT)
		return choice_read(r, text, true, base);
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
choices_read(struct reading *r, uint32_t events, const struct item *base)
{
	enum status st = STATUS_OK;
	struct slice text;
	uint32_t t, value;
	bool parsed;

	for (t = json_first(r->d, events); t != JSON_NONE && st == STATUS_OK;
	    t = json_next(r->d, events, t)) {
		if ((value = choice_value(r->d, t)) == JSON_NONE)
			continue;
		parsed = any_json(r, value, &text) && r->reader->inner.n > 1;
		st = choice_read(r, text, parsed, base);
	}
	return st;
}

static enum status
span_read(struct reading *r, uint32_t span)
{
	uint32_t events = part_get(r->d, span, "events", TOKEN_ARRAY);
	uint32_t value = attribute(r->d, span, NAMES("gen_ai.output.messages",
	    "gen_ai.completion", "gen_ai.completion.0.content",
	    "traceloop.entity.output"));
	uint32_t choices = value == JSON_NONE ? choices_count(r->d, events) : 0;
	size_t from = r->n;
	struct item base;
	enum status st;

	if (value == JSON_NONE && choices == 0)
		return STATUS_OK;
	if (choices > PARTS_MAX)
		return reading_refuse(r, events, "over %d choices", PARTS_MAX);
	/* What may stand beside the span's own keys, so that it is read again. */
	reading_keys(r, span);
	if ((st = part_base(r, &base)) != STATUS_OK)
		return st;
	common_read(r, span, &base);
	base.messages = input_messages(r, span);
	st = value != JSON_NONE ? messages_read(r, value, &base) :
	    choices_read(r, events, &base);
	if (st == STATUS_OK)
		items_finish(r, span, from);
	return st;
}

static enum status
scope_read(struct reading *r, uint32_t scope)
{
	uint32_t spans = part_get(r->d, scope, "spans", TOKEN_ARRAY), t;
	enum status st;

	for (t = spans == JSON_NONE ? JSON_NONE : json_first(r->d, spans);
	    t != JSON_NONE; t = json_next(r->d, spans, t))
		if (json_kind(r->d, t) == TOKEN_OBJECT &&
		    (st = span_read(r, t)) != STATUS_OK)
			return st;
	return STATUS_OK;
}

static enum status
otlp_read(struct reading *r)
{
	const struct json *d = r->d;
	uint32_t all = part_get(d, r->root, "resourceSpans", TOKEN_ARRAY), t;
	uint32_t scopes, s;
	enum status st;

	for (t = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    t != JSON_NONE; t = json_next(d, all, t)) {
		scopes = part_get(d, t, "scopeSpans", TOKEN_ARRAY);
		for (s = scopes == JSON_NONE ? JSON_NONE :
		    json_first(d, scopes); s != JSON_NONE;
		    s = json_next(d, scopes, s))
			if ((st = scope_read(r, s)) != STATUS_OK)
				return st;
	}
	return r->n > 0 ? STATUS_OK : reading_refuse(r, 0,
	    "no span here holds an output (gen_ai.output.messages)");
}

static bool
otlp_marks(const struct reading *r)
{
	return reading_has(r, KEY_resourceSpans, TOKEN_ARRAY);
}

static bool
otlp_span_marks(const struct reading *r)
{
	return reading_has(r, KEY_spanId, TOKEN_STRING) &&
	    reading_has(r, KEY_traceId, TOKEN_STRING) &&
	    reading_has(r, KEY_attributes, TOKEN_ARRAY);
}

static enum status
otlp_span_read(struct reading *r)
{
	enum status st = span_read(r, r->root);

	return st != STATUS_OK || r->n > 0 ? st : reading_refuse(r, r->root,
	    "the span holds no output (gen_ai.output.messages)");
}

const struct shape shape_otlp = {
	.name = "otlp",
	.marks = otlp_marks,
	.read = otlp_read,
	.hints = { KEY_resourceSpans, KEY_COUNT }
};

const struct shape shape_otlp_span = {
	.name = "otlp-span",
	.marks = otlp_span_marks,
	.read = otlp_span_read,
	.hints = { KEY_traceId, KEY_spanId, KEY_attributes, KEY_COUNT }
};
