#include "core/shape/traced.h"

#include "core/json/value.h"
#include "core/shape/answer.h"
#include "core/shape/asked.h"
#include "core/shape/gather.h"
#include "core/shape/lc.h"
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
is_parts(const struct reading *r, const struct json *d, uint32_t t)
{
	uint32_t e;

	if (json_kind(d, t) != TOKEN_ARRAY || d->tok[t].count == 0)
		return false;
	for (e = json_first(d, t); e != JSON_NONE; e = json_next(d, t, e))
		if (json_kind(d, e) != TOKEN_OBJECT ||
		    json_get_kind(d, e, "type", TOKEN_STRING) == JSON_NONE ||
		    part_kind(d, e, r->mapping) == PART_OTHER)
			return false;
	return true;
}

/* The message that a list of them ends with, or JSON_NONE. */
static uint32_t
last_message(const struct json *d, uint32_t t)
{
	uint32_t e, u, last = JSON_NONE;

	if (json_kind(d, t) != TOKEN_ARRAY)
		return JSON_NONE;
	for (e = json_first(d, t); e != JSON_NONE; e = json_next(d, t, e)) {
		u = lc_kwargs(d, e);
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
	if (t != JSON_NONE && is_message(d, lc_kwargs(d, t)))
		return lc_kwargs(d, t);
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

/* Is someone asked in the messages? */
static bool
has_user(const struct json *d, uint32_t list, uint32_t end)
{
	struct lc_message m;
	uint32_t e;

	for (e = json_first(d, list); e != end; e = json_next(d, list, e))
		if (lc_message(d, e, &m) && m.role != NULL &&
		    strcmp(m.role, "user") == 0)
			return true;
	return false;
}

/* A state of LangChain's, a message or a list of them, or an answer beside documents. */
static bool
chain_answer(struct reading *r, const struct json *d, uint32_t t,
    struct item *item)
{
	uint32_t list = json_kind(d, t) == TOKEN_OBJECT ? json_get_value(d, t,
	    "messages") : t, answer = lc_answer(d, list);
	struct lc_message m;
	struct lc_chain c;

	if (answer != JSON_NONE) {
		lc_read(r, d, answer, item);
		if (item->messages.p == NULL && has_user(d, list, answer))
			item->messages = asked_before(r, d, list, answer);
		return true;
	}
	if (lc_message(d, t, &m) && lc_is_answer(&m)) {
		lc_read(r, d, t, item);
		return true;
	}
	if (!lc_chain(d, t, &c) || (json_kind(d, c.answer) != TOKEN_STRING &&
	    !traced_answer(r, d, c.answer, item)))
		return false;
	if (json_kind(d, c.answer) == TOKEN_STRING)
		part_output(r, d, c.answer, item);
	if (item->context.p == NULL)
		item->context = lc_documents(r, d, c.documents);
	return true;
}

bool
traced_answer(struct reading *r, const struct json *d, uint32_t t,
    struct item *item)
{
	uint32_t inner = lc_kwargs(d, t), held;
	struct gather g;

	if (r->mapping >= MAPPING_STATES && chain_answer(r, d, t, item))
		return true;
	if (is_message(d, inner)) {
		message_output(r, d, inner, item);
	} else if (is_parts(r, d, inner)) {
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

uint32_t
traced_callback_given(const struct json *d, uint32_t t)
{
	uint32_t given = json_kind(d, t) == TOKEN_OBJECT && json_get(d, t,
	    "kwargs") != JSON_NONE ? json_get_value(d, t, "inputs") : JSON_NONE;

	return given != JSON_NONE ? given : t;
}

/* A chat request's messages, or what else was asked. */
static uint32_t
asked(const struct json *d, uint32_t t)
{
	uint32_t messages;

	t = traced_callback_given(d, t);
	messages = json_kind(d, t) == TOKEN_OBJECT ?
	    json_get_kind(d, t, "messages", TOKEN_ARRAY) : JSON_NONE;

	return messages != JSON_NONE ? messages : t;
}

static bool
is_chat(const struct json *d, uint32_t t)
{
	uint32_t first = json_kind(d, t) == TOKEN_ARRAY ? json_first(d, t) :
	    JSON_NONE;

	return first != JSON_NONE && json_kind(d, first) == TOKEN_OBJECT &&
	    json_get_kind(d, first, "role", TOKEN_STRING) != JSON_NONE;
}

static bool
is_lc(const struct json *d, uint32_t t)
{
	struct lc_message m;

	return json_kind(d, t) == TOKEN_ARRAY && d->tok[t].count > 0 &&
	    lc_message(d, t + 1, &m);
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
	if (is_lc(d, inner))
		return asked_messages(r, d, inner);
	return part_asked(r, json_raw(r->d, asked(r->d, t)));
}

/* What stands for the results by name: "output", or the only one. */
static uint32_t
result_of(const struct json *d, uint32_t t)
{
	uint32_t own;

	if (json_kind(d, t) != TOKEN_OBJECT)
		return t;
	if ((own = json_get_value(d, t, "output")) != JSON_NONE)
		return own;
	return d->tok[t].count == 1 ? json_first(d, t) + 1 : t;
}

void
traced_returned(struct reading *r, uint32_t t, struct item *item)
{
	if (json_kind(r->d, t) != TOKEN_OBJECT || !traced_answer(r, r->d, t,
	    item))
		traced_output(r, result_of(r->d, t), item);
}

bool
traced_callback(struct reading *r, const struct json *d, uint32_t t,
    struct item *item)
{
	uint32_t results = json_kind(d, t) == TOKEN_OBJECT &&
	    d->tok[t].count <= 4 ? json_get_value(d, t, "outputs") : JSON_NONE;

	if (results == JSON_NONE || r->mapping < MAPPING_STATES)
		return false;
	if (traced_answer(r, d, results, item))
		return true;
	results = result_of(d, results);
	if (!traced_answer(r, d, results, item))
		part_output(r, d, results, item);
	return true;
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
