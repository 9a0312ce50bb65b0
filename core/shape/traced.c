#include "core/shape/traced.h"

#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/asked.h"
#include "core/shape/gather.h"
#include "core/shape/openai_chat.h"
#include "core/shape/part_kind.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"

static bool
is_message(const struct json *d, uint32_t t)
{
	if (json_kind(d, t) != TOKEN_OBJECT)
		return false;
	if (json_get(d, t, "content") == JSON_NONE &&
	    json_get(d, t, "parts") == JSON_NONE &&
	    !part_calls(d, json_get_value(d, t, "tool_calls")))
		return false;
	return json_get_kind(d, t, "role", TOKEN_STRING) != JSON_NONE ||
	    json_get_is(d, t, "type", "ai") || json_get_is(d, t, "type",
	    "AIMessage") || json_get_is(d, t, "type", "AIMessageChunk") ||
	    json_get_is(d, t, "type", "message");
}

/* Every element is an object with a type that is known. */
static bool
is_parts(const struct json *d, uint32_t t)
{
	uint32_t e;

	if (json_kind(d, t) != TOKEN_ARRAY || d->tok[t].count == 0)
		return false;
	for (e = json_first(d, t); e != JSON_NONE; e = json_next(d, t, e))
		if (json_kind(d, e) != TOKEN_OBJECT ||
		    json_get_kind(d, e, "type", TOKEN_STRING) == JSON_NONE ||
		    part_kind(d, e) == PART_OTHER)
			return false;
	return true;
}

/* LangChain's serialised objects: {"lc":1,"id":[..],"kwargs":{..}} */
static uint32_t
unwrapped(const struct json *d, uint32_t t)
{
	uint32_t inner;

	if (json_kind(d, t) == TOKEN_OBJECT && json_get(d, t, "lc") !=
	    JSON_NONE && (inner = json_get_kind(d, t, "kwargs",
	    TOKEN_OBJECT)) != JSON_NONE)
		return inner;
	return t;
}

/* The message that a list of them ends with, or JSON_NONE. */
static uint32_t
last_message(const struct json *d, uint32_t t)
{
	uint32_t e, u, last = JSON_NONE;

	if (json_kind(d, t) != TOKEN_ARRAY)
		return JSON_NONE;
	for (e = json_first(d, t); e != JSON_NONE; e = json_next(d, t, e)) {
		u = unwrapped(d, e);
		if (!is_message(d, u))
			return JSON_NONE;
		last = u;
	}
	return last;
}

/* {"choices":[{"message":{..}}]}, {"generations":[[{"message":{..}}]]}, and
 * {"messages":[..]}: the message that counts. */
static uint32_t
held_message(const struct json *d, uint32_t t)
{
	uint32_t e;

	if ((e = json_get_kind(d, t, "messages", TOKEN_ARRAY)) != JSON_NONE)
		return last_message(d, e);
	e = json_get_kind(d, t, "choices", TOKEN_ARRAY);
	if (e == JSON_NONE)
		e = json_get_kind(d, t, "generations", TOKEN_ARRAY);
	while (e != JSON_NONE && json_kind(d, e) == TOKEN_ARRAY)
		e = json_first(d, e);
	if (e == JSON_NONE || json_kind(d, e) != TOKEN_OBJECT)
		return JSON_NONE;
	t = json_get_kind(d, e, "message", TOKEN_OBJECT);
	if (t != JSON_NONE && is_message(d, unwrapped(d, t)))
		return unwrapped(d, t);
	return json_get_kind(d, e, "text", TOKEN_STRING);
}

static void
message_output(struct reading *r, const struct json *d, uint32_t t,
    struct item *item)
{
	uint32_t parts = json_get_kind(d, t, "parts", TOKEN_ARRAY);
	struct gather g;

	if (parts == JSON_NONE) {
		openai_message(r, d, t, item);
		return;
	}
	gather_begin(&g, r, d);
	gather_content(&g, parts);
	gather_end(&g, item);
}

bool
traced_answer(struct reading *r, const struct json *d, uint32_t t,
    struct item *item)
{
	uint32_t inner = unwrapped(d, t), held;
	struct gather g;

	if (is_message(d, inner)) {
		message_output(r, d, inner, item);
	} else if (is_parts(d, inner)) {
		gather_begin(&g, r, d);
		gather_content(&g, inner);
		gather_end(&g, item);
	} else if (json_kind(d, inner) == TOKEN_ARRAY && (held =
	    last_message(d, inner)) != JSON_NONE) {
		message_output(r, d, held, item);
	} else if (json_kind(d, inner) == TOKEN_OBJECT && (held =
	    held_message(d, inner)) != JSON_NONE) {
		if (json_kind(d, held) == TOKEN_STRING)
			part_output(r, d, held, item);
		else
			message_output(r, d, held, item);
	} else {
		return false;
	}
	if (json_kind(d, inner) == TOKEN_OBJECT)
		item->stop = part_stop(r, d, inner);
	return true;
}

/* What was structured is often a text that holds it: then parsed, in inner. */
static const struct json *
structured(struct reading *r, uint32_t *t)
{
	struct json *d = &r->reader->inner;
	struct slice text = part_text(r, r->d, *t);
	struct json_error why;
	enum status st;

	if (text.n == 0 || (text.p[0] != '{' && text.p[0] != '['))
		return r->d;
	st = json_parse(d, text, JSON_DEPTH_MAX, 0, &why);
	r->failed |= st == STATUS_NOMEM;
	if (st != STATUS_OK)
		return r->d;
	*t = 0;
	return d;
}

void
traced_output(struct reading *r, uint32_t t, struct item *item)
{
	uint32_t inner = t;
	const struct json *d = structured(r, &inner);

	if (traced_answer(r, d, inner, item))
		return;
	part_output(r, r->d, t, item);
	if (json_kind(d, inner) == TOKEN_OBJECT)
		item->stop = part_stop(r, d, inner);
}

/* A chat request's messages, or what else was asked. */
static uint32_t
asked(const struct json *d, uint32_t t)
{
	uint32_t messages = json_kind(d, t) == TOKEN_OBJECT ?
	    json_get_kind(d, t, "messages", TOKEN_ARRAY) : JSON_NONE;

	return messages != JSON_NONE ? messages : t;
}

static bool
is_chat(const struct json *d, uint32_t t)
{
	uint32_t first = json_kind(d, t) == TOKEN_ARRAY ? json_first(d, t) :
	    JSON_NONE;

	return first != JSON_NONE && json_get_kind(d, first, "role",
	    TOKEN_STRING) != JSON_NONE;
}

struct slice
traced_input(struct reading *r, uint32_t t)
{
	const struct json *d;
	uint32_t inner = t;

	if (t == JSON_NONE)
		return SLICE_NONE;
	d = structured(r, &inner);
	inner = asked(d, inner);
	if (is_chat(d, inner))
		return json_raw(d, inner);
	return part_asked(r, json_raw(r->d, asked(r->d, t)));
}

void
traced_returned(struct reading *r, uint32_t t, struct item *item)
{
	const struct json *d = r->d;
	uint32_t own;

	if (json_kind(d, t) == TOKEN_OBJECT) {
		if (traced_answer(r, d, t, item))
			return;
		own = json_get_value(d, t, "output");
		if (own != JSON_NONE)
			t = own;
		else if (d->tok[t].count == 1)
			t = json_first(d, t) + 1;
	}
	traced_output(r, t, item);
}

struct slice
traced_given(struct reading *r, uint32_t t)
{
	const struct json *d = r->d;
	uint32_t all;

	if (t == JSON_NONE || json_kind(d, t) != TOKEN_OBJECT)
		return traced_input(r, t);
	if ((all = json_get_kind(d, t, "messages", TOKEN_ARRAY)) != JSON_NONE)
		return asked_messages(r, d, all);
	return traced_input(r, d->tok[t].count == 1 ? json_first(d, t) + 1 : t);
}
