/*
 * Streams of many services are read here, not OpenAI's alone: chunks without
 * choices or with null ones, roles and ids that are repeated or empty, calls
 * without an index, members that are nobody else's.  As the clients do, strings
 * of a delta are put one behind the other and objects are merged.
 */
#include "core/wire/chat_gather.h"

#include "core/json/value.h"
#include "core/wire/api.h"
#include "core/wire/gather.h"
#include "core/wire/get.h"
#include "core/wire/told.h"

static bool
is_empty(const struct json *d, uint32_t t)
{
	return json_string_is(d, t, "");
}

/* A name is sent whole, by some with each piece of the arguments. */
static void
merge_name(struct wire_stream *s, uint32_t text, uint32_t t)
{
	struct buf decoded = BUF_INIT;
	bool again;

	if (text == TEXT_NONE)
		return;
	json_decode((struct slice){ s->d.text + s->d.tok[t].start + 1,
	    s->d.tok[t].end - s->d.tok[t].start - 2 }, &decoded);
	again = slice_eq(buf_slice(&decoded), buf_slice(&s->text[text].text));
	s->failed |= decoded.failed;
	buf_release(&decoded);
	if (again)
		gather_whole(s, text, t);
	else
		gather_add(s, text, t);
}

/* What is another kind of value now cannot have said anything before. */
static void
become(struct wire_stream *s, struct wire_node *m, enum node_kind kind)
{
	if (m->kind == NODE_OBJECT || m->kind == NODE_ARRAY ||
	    (m->kind == NODE_TEXT && s->text[m->text].text.n > 0))
		s->bad = "a delta of another type than those before it";
	node_become(m, kind);
}

static void
merge_string(struct wire_stream *s, struct wire_node *m, uint32_t key,
    const struct told *at)
{
	const struct json *d = &s->d;

	if (told_is_whole(d, key)) {
		if (!is_empty(d, key + 1) || node_is(m, "null"))
			node_become_raw(&s->nodes, m, json_raw(d, key + 1));
		return;
	}
	if (m->kind != NODE_TEXT) {
		become(s, m, NODE_TEXT);
		m->text = gather_text(s, told_kind(d, key, at), at->choice,
		    at->part);
		if (m->text == TEXT_NONE) {
			node_become(m, NODE_RAW);
			return;
		}
	}
	if (s->text[m->text].kind == WIRE_TOOL_NAME)
		merge_name(s, m->text, key + 1);
	else
		gather_add(s, m->text, key + 1);
}

static void	merge(struct wire_stream *, struct wire_node *, uint32_t object,
		    const struct told *);

/* Another call may come under the number of one before. */
static bool
is_same(const struct wire_stream *s, const struct wire_node *e, uint32_t t)
{
	const struct json *d = &s->d;
	uint32_t index = json_get_kind(d, t, "index", TOKEN_NUMBER);
	uint32_t id = json_get_kind(d, t, "id", TOKEN_STRING);
	const struct wire_node *own = node_get(e, "id");

	if (index != JSON_NONE && node_get(e, "index") != NULL &&
	    !slice_eq(node_get(e, "index")->raw, json_raw(d, index)))
		return false;
	if (id == JSON_NONE || is_empty(d, id) || own == NULL ||
	    node_is(own, "null") || node_is(own, "\"\""))
		return index != JSON_NONE || id == JSON_NONE;
	return slice_eq(own->raw, json_raw(d, id));
}

/* The last one that it can be part of. */
static struct wire_node *
find_element(const struct wire_stream *s, const struct wire_node *array, uint32_t t)
{
	struct wire_node *e, *found = NULL;

	for (e = s->whole ? NULL : array->first; e != NULL; e = e->next)
		if (e->kind == NODE_OBJECT && is_same(s, e, t))
			found = e;
	return found;
}

static void
merge_array(struct wire_stream *s, struct wire_node *m, uint32_t array,
    const struct told *at, bool calls)
{
	const struct json *d = &s->d;
	struct told in = *at;
	struct wire_node *e;
	uint32_t t;

	if (m->kind != NODE_ARRAY)
		become(s, m, NODE_ARRAY);
	for (t = json_first(d, array); t != JSON_NONE;
	    t = json_next(d, array, t)) {
		if (json_kind(d, t) != TOKEN_OBJECT || (!calls &&
		    json_get_kind(d, t, "index", TOKEN_NUMBER) == JSON_NONE)) {
			node_append(&s->nodes, m, json_raw(d, t));
			in.part = gather_part(s);
			told_strings(s, t, &in);
			continue;
		}
		if ((e = find_element(s, m, t)) == NULL) {
			e = node_add(&s->nodes, m, NULL, NODE_OBJECT);
			if (e == NULL)
				return;
			e->text = gather_part(s);	/* its number */
		}
		in.part = e->text;
		merge(s, e, t, &in);
	}
}

/* Merges an object of the event into one that has come so far. */
static void
merge(struct wire_stream *s, struct wire_node *to, uint32_t object,
    const struct told *at)
{
	const struct json *d = &s->d;
	struct told in = *at;
	struct wire_node *m;
	uint32_t t;

	for (t = json_first(d, object); t != JSON_NONE && !s->nodes.failed;
	    t = json_next(d, object, t)) {
		if ((m = node_member(&s->nodes, to, d, t)) == NULL)
			return;
		switch (json_kind(d, t + 1)) {
		case TOKEN_NULL:
			break;
		case TOKEN_STRING:
			merge_string(s, m, t, at);
			break;
		case TOKEN_OBJECT:
			if (m->kind != NODE_OBJECT) {
				become(s, m, NODE_OBJECT);
				m->text = gather_part(s);
			}
			in.kind = told_kind(d, t, at);
			in.part = m->text;
			merge(s, m, t + 1, &in);
			break;
		case TOKEN_ARRAY:
			in.kind = told_kind(d, t, at);
			in.part = at->part;
			merge_array(s, m, t + 1, &in, json_string_is(d, t,
			    "tool_calls"));
			break;
		default:
			node_become_raw(&s->nodes, m, json_raw(d, t + 1));
		}
	}
}

/* Logprobs come as arrays, a piece at a time. */
static void
add_logprobs(struct wire_stream *s, struct wire_node *choice, uint32_t logprobs)
{
	const struct json *d = &s->d;
	struct wire_node *to = node_get(choice, "logprobs"), *m;
	uint32_t t, e;

	if (to->kind != NODE_OBJECT)
		node_become(to, NODE_OBJECT);
	for (t = json_first(d, logprobs); t != JSON_NONE;
	    t = json_next(d, logprobs, t)) {
		if ((m = node_member(&s->nodes, to, d, t)) == NULL)
			return;
		if (json_kind(d, t + 1) != TOKEN_ARRAY) {
			if (json_kind(d, t + 1) != TOKEN_NULL)
				node_become_raw(&s->nodes, m,
				    json_raw(d, t + 1));
			continue;
		}
		if (m->kind != NODE_ARRAY)
			node_become(m, NODE_ARRAY);
		for (e = json_first(d, t + 1); e != JSON_NONE;
		    e = json_next(d, t + 1, e))
			node_append(&s->nodes, m, json_raw(d, e));
	}
}

static void
choice_member(struct wire_stream *s, struct wire_node *choice, uint32_t index,
    uint32_t t)
{
	static const char *const own[] = { "index", "message", "delta", NULL };
	const struct json *d = &s->d;
	struct wire_node *m;

	if (told_is_one_of(d, t, own) || json_kind(d, t + 1) == TOKEN_NULL)
		return;
	if (json_string_is(d, t, "logprobs") && json_kind(d, t + 1) ==
	    TOKEN_OBJECT) {
		add_logprobs(s, choice, t + 1);
		return;
	}
	if (json_string_is(d, t, "finish_reason")) {
		if (json_kind(d, t + 1) != TOKEN_STRING || is_empty(d, t + 1))
			return;
		s->ends = true;
		gather_choice_ends(s, index);
	}
	if ((m = node_member(&s->nodes, choice, d, t)) != NULL)
		node_become_raw(&s->nodes, m, json_raw(d, t + 1));
}

/* In the order of their numbers. */
static struct wire_node *
choice_get(struct wire_stream *s, uint32_t index)
{
	struct wire_node *choices = node_get(s->answer, "choices"), *c, **at;
	struct wire_node *message;

	for (at = &choices->first; *at != NULL && (*at)->text < index;
	    at = &(*at)->next)
		;
	if (*at != NULL && (*at)->text == index)
		return *at;
	if ((c = node_new(&s->nodes, NODE_OBJECT)) == NULL)
		return NULL;
	c->text = index;
	c->next = *at;
	*at = c;
	if (c->next == NULL)
		choices->last = c;
	if ((message = node_add(&s->nodes, c, "message", NODE_OBJECT)) != NULL)
		message->text = gather_part(s);
	(void)node_add(&s->nodes, c, "logprobs", NODE_RAW);
	(void)node_add(&s->nodes, c, "finish_reason", NODE_RAW);
	return s->nodes.failed ? NULL : c;
}

static enum wire_outcome
add_choice(struct wire_stream *s, uint32_t t, uint32_t nth, struct error *err)
{
	const struct json *d = &s->d;
	int64_t index = wire_count(d, t, "index");
	struct told at = { .kind = WIRE_OTHER };
	struct wire_node *choice;
	uint32_t e, delta;

	if (json_kind(d, t) != TOKEN_OBJECT || index >= WIRE_CHOICES_MAX) {
		(void)error_set(err, STATUS_INVALID, "an event with a choice "
		    "that is none");
		return WIRE_BAD;
	}
	at.choice = index < 0 ? nth : (uint32_t)index;
	if ((choice = choice_get(s, at.choice)) == NULL)
		return WIRE_NO_MEMORY;
	at.part = node_get(choice, "message")->text;
	delta = json_get_kind(d, t, "delta", TOKEN_OBJECT);
	if (delta == JSON_NONE)
		delta = json_get_kind(d, t, "message", TOKEN_OBJECT);
	if (delta != JSON_NONE)
		merge(s, node_get(choice, "message"), delta, &at);
	for (e = json_first(d, t); e != JSON_NONE; e = json_next(d, t, e))
		choice_member(s, choice, at.choice, e);
	return WIRE_MORE;
}

/* What is said of the answer as a whole: the last that says something. */
static void
add_member(struct wire_stream *s, uint32_t t)
{
	static const char *const own[] = { "choices", "object", "error",
		"obfuscation", NULL };
	const struct json *d = &s->d;
	struct wire_node *m;

	if (told_is_one_of(d, t, own))
		return;
	if (json_string_is(d, t, "usage") && json_kind(d, t + 1) ==
	    TOKEN_OBJECT)
		wire_row(s->api)->usage(d, t + 1, &s->usage);
	if ((m = node_member(&s->nodes, s->answer, d, t)) == NULL ||
	    json_kind(d, t + 1) == TOKEN_NULL || (!node_is(m, "null") &&
	    (slice_is(json_raw(d, t + 1), "0") ||
	    slice_is(json_raw(d, t + 1), "\"\""))))
		return;
	node_become_raw(&s->nodes, m, json_raw(d, t + 1));
}

static bool
begin(struct wire_stream *s)
{
	if (s->answer != NULL)
		return true;
	if ((s->answer = node_new(&s->nodes, NODE_OBJECT)) == NULL)
		return false;
	(void)node_add(&s->nodes, s->answer, "id", NODE_RAW);
	node_set_word(&s->nodes, s->answer, "object", "\"chat.completion\"");
	(void)node_add(&s->nodes, s->answer, "choices", NODE_ARRAY);
	return !s->nodes.failed;
}

static enum wire_outcome
add_chunk(struct wire_stream *s, struct error *err)
{
	const struct json *d = &s->d;
	uint32_t choices = json_get_kind(d, 0, "choices", TOKEN_ARRAY), t, n =
	    0;
	enum wire_outcome outcome = WIRE_MORE;

	if (!begin(s))
		return WIRE_NO_MEMORY;
	for (t = json_first(d, 0); t != JSON_NONE; t = json_next(d, 0, t))
		add_member(s, t);
	if (choices == JSON_NONE)
		return WIRE_MORE;
	for (t = json_first(d, choices); t != JSON_NONE &&
	    outcome == WIRE_MORE; t = json_next(d, choices, t))
		outcome = add_choice(s, t, n++, err);
	return outcome;
}

enum wire_outcome
chat_event(struct wire_stream *s, const struct sse_event *e, struct error *err)
{
	(void)e;
	if (json_get(&s->d, 0, "choices") == JSON_NONE && json_get_kind(&s->d,
	    0, "usage", TOKEN_OBJECT) == JSON_NONE)
		return WIRE_MORE;	/* a ping, or something that is new */
	return add_chunk(s, err);
}

/* A choice has its message in the place of a delta. */
enum wire_outcome
chat_whole(struct wire_stream *s, struct error *err)
{
	enum wire_outcome outcome = add_chunk(s, err);

	return outcome == WIRE_MORE ? chat_end(s, err) : outcome;
}

bool
chat_is_end(struct slice data)
{
	return data.n >= 6 && memcmp(data.p, "[DONE]", 6) == 0;
}

enum wire_outcome
chat_end(struct wire_stream *s, struct error *err)
{
	const struct wire_node *choices = s->answer == NULL ? NULL :
	    node_get(s->answer, "choices"), *c;
	const char *why = NULL;

	s->ends = true;
	if (choices == NULL || choices->first == NULL)
		why = "the answer ends before any choice";
	for (c = choices == NULL ? NULL : choices->first; c != NULL; c = c->next)
		if (node_is(node_get(c, "finish_reason"), "null"))
			why = "the answer ends before a choice had its "
			    "finish_reason";
	if (why == NULL)
		return WIRE_DONE;
	(void)error_set(err, STATUS_INVALID, "%s", why);
	return WIRE_BAD;
}

/* A call's number is its place once it is whole. */
static void
write_call(const struct wire_stream *s, const struct wire_node *call,
    struct writer *w)
{
	static const char *const index[] = { "index", NULL };

	if (call->kind != NODE_OBJECT) {
		node_write(call, w, gather_write_text, s);
		return;
	}
	write_object(w, NULL);
	node_write_members(call, w, gather_write_text, s,
	    index);
	write_end(w);
}

static void
write_message(const struct wire_stream *s, const struct wire_node *message,
    struct writer *w)
{
	static const char *const own[] = { "role", "content", "tool_calls",
		NULL };
	const struct wire_node *role = node_get(message, "role");
	const struct wire_node *content = node_get(message, "content");
	const struct wire_node *calls = node_get(message, "tool_calls"), *c;

	write_object(w, "message");
	if (role == NULL || role->kind != NODE_RAW || node_is(role, "null"))
		write_word(w, "role", "assistant");
	else
		write_raw(w, "role", role->raw);
	write_name(w, SLICE("\"content\""));
	if (content == NULL)
		write_null(w, NULL);
	else
		node_write(content, w, gather_write_text, s);
	node_write_members(message, w, gather_write_text, s, own);
	if (calls != NULL && calls->kind == NODE_ARRAY) {
		write_array(w, "tool_calls");
		for (c = calls->first; c != NULL; c = c->next)
			write_call(s, c, w);
		write_end(w);
	}
	write_end(w);
}

void
chat_response(const struct wire_stream *s, struct writer *w)
{
	static const char *const message[] = { "message", NULL };
	static const char *const choices[] = { "choices", NULL };
	const struct wire_node *c;

	write_object(w, NULL);
	node_write_members(s->answer, w, gather_write_text, s, choices);
	write_array(w, "choices");
	for (c = node_get(s->answer, "choices")->first; c != NULL; c = c->next) {
		write_object(w, NULL);
		write_uint(w, "index", c->text);
		write_message(s, node_get(c, "message"), w);
		node_write_members(c, w, gather_write_text, s, message);
		write_end(w);
	}
	write_end(w);
	write_end(w);
}
