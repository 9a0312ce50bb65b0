/*
 * Events say the same more than once: the pieces of a text, the whole of it, its
 * part, the item, the response.  Each is put where it belongs, and a text that is
 * said again is the same text.
 */
#include "core/wire/responses_gather.h"

#include <stdio.h>

#include "core/json/value.h"
#include "core/wire/api.h"
#include "core/wire/gather.h"
#include "core/wire/get.h"
#include "core/wire/told.h"

const struct response_text response_texts[] = {
	{ "output_text", "content", "content_index", "text", WIRE_TEXT },
	{ "refusal", "content", "content_index", "refusal", WIRE_REFUSAL },
	{ "reasoning_text", "content", "content_index", "text",
	    WIRE_REASONING },
	{ "reasoning_summary_text", "summary", "summary_index", "text",
	    WIRE_REASONING },
	{ "function_call_arguments", NULL, NULL, "arguments", WIRE_ARGUMENTS },
	{ "mcp_call_arguments", NULL, NULL, "arguments", WIRE_ARGUMENTS },
	{ "custom_tool_call_input", NULL, NULL, "input", WIRE_ARGUMENTS },
	{ "code_interpreter_call_code", NULL, NULL, "code", WIRE_ARGUMENTS },
	{ NULL, NULL, NULL, NULL, WIRE_OTHER }
};

/* The element of this number in an array of objects, which is made where there is
 * none; NULL: it cannot be one. */
static struct wire_node *
element(struct wire_stream *s, struct wire_node *owner, const char *list,
    int64_t index)
{
	struct wire_node *array = node_get(owner, list), *e, **at;

	if (index < 0 || index >= TEXTS_MAX)
		return NULL;
	if (array == NULL)
		array = node_add(&s->nodes, owner, list, NODE_ARRAY);
	if (array == NULL)
		return NULL;
	if (array->kind != NODE_ARRAY)
		node_become(array, NODE_ARRAY);
	for (at = &array->first; *at != NULL && (*at)->text < index;
	    at = &(*at)->next)
		;
	if (*at != NULL && (*at)->text == index)
		return *at;
	if ((e = node_new(&s->nodes, NODE_OBJECT)) == NULL)
		return NULL;
	e->text = (uint32_t)index;
	e->part = gather_part(s);
	e->next = *at;
	*at = e;
	if (e->next == NULL)
		array->last = e;
	return e;
}

static struct wire_node *
item_of(struct wire_stream *s, int64_t index)
{
	return s->answer == NULL ? NULL : element(s, s->answer, "output", index);
}

/* What is gathered belongs to the item `item`. */
static uint32_t
text_member(struct wire_stream *s, struct wire_node *owner, const char *name,
    enum wire_kind kind, uint32_t item)
{
	struct wire_node *m = node_get(owner, name);

	if (m == NULL)
		m = node_add(&s->nodes, owner, name, NODE_RAW);
	if (m == NULL)
		return TEXT_NONE;
	if (m->kind != NODE_TEXT) {
		m->text = gather_text(s, kind, 0, owner->part);
		if (m->text == TEXT_NONE)
			return TEXT_NONE;
		node_become(m, NODE_TEXT);
		s->place[m->text] = item;
	}
	return m->text;
}

/* Where a value of an event belongs. */
struct absorbed {
	struct told	told;
	uint32_t	item;
	bool		parts;		/* content and summary are arrays of parts */
};

static void	absorb(struct wire_stream *, struct wire_node *, uint32_t object,
		    struct absorbed);

static void
absorb_parts(struct wire_stream *s, struct wire_node *owner, uint32_t key,
    struct absorbed in)
{
	const struct json *d = &s->d;
	const char *list = json_string_is(d, key, "content") ? "content" :
	    "summary";
	struct wire_node *part;
	int64_t index = 0;
	uint32_t t;

	in.parts = false;
	if (node_get(owner, list) == NULL)
		(void)node_add(&s->nodes, owner, list, NODE_ARRAY);
	for (t = json_first(d, key + 1); t != JSON_NONE;
	    t = json_next(d, key + 1, t), index++) {
		if (json_kind(d, t) != TOKEN_OBJECT ||
		    (part = element(s, owner, list, index)) == NULL) {
			s->bad = "an item whose parts are none";
			return;
		}
		in.told.part = part->part;
		absorb(s, part, t, in);
	}
}

/* The value as it came; what was in it before is no new text. */
static void
absorb_raw(struct wire_stream *s, struct wire_node *m, uint32_t key,
    struct absorbed in)
{
	const struct json *d = &s->d;
	struct slice raw = json_raw(d, key + 1);

	if (m->kind == NODE_RAW && slice_eq(m->raw, raw))
		return;
	node_become_raw(&s->nodes, m, raw);
	if (!told_is_whole(d, key) && !json_string_is(d, key, "logprobs")) {
		in.told.kind = told_kind(d, key, &in.told);
		told_strings(s, key + 1, &in.told);
	}
}

static void
absorb_member(struct wire_stream *s, struct wire_node *owner, uint32_t key,
    struct absorbed in)
{
	const struct json *d = &s->d;
	enum json_kind kind = json_kind(d, key + 1);
	struct wire_node *m;

	if (in.parts && kind == TOKEN_ARRAY && (json_string_is(d, key,
	    "content") || json_string_is(d, key, "summary"))) {
		absorb_parts(s, owner, key, in);
		return;
	}
	if ((m = node_member(&s->nodes, owner, d, key)) == NULL)
		return;
	if (kind == TOKEN_NULL && m->kind != NODE_RAW)
		return;
	if (kind != TOKEN_STRING || told_is_whole(d, key)) {
		absorb_raw(s, m, key, in);
		return;
	}
	if (m->kind != NODE_TEXT) {
		m->text = gather_text(s, told_kind(d, key, &in.told), 0,
		    in.told.part);
		if (m->text == TEXT_NONE)
			return;
		node_become(m, NODE_TEXT);
		s->place[m->text] = in.item;
	}
	gather_whole(s, m->text, key + 1);
}

static void
absorb(struct wire_stream *s, struct wire_node *owner, uint32_t object,
    struct absorbed in)
{
	const struct json *d = &s->d;
	uint32_t t;

	for (t = json_first(d, object); t != JSON_NONE && !s->nodes.failed;
	    t = json_next(d, object, t))
		absorb_member(s, owner, t, in);
}

static enum wire_kind
kind_of_item(const struct wire_node *item)
{
	const struct wire_node *type = node_get(item, "type");

	return node_is(type, "\"message\"") ? WIRE_TEXT :
	    node_is(type, "\"reasoning\"") ? WIRE_REASONING : WIRE_OTHER;
}

static const char *
absorb_item(struct wire_stream *s, uint32_t t, int64_t index)
{
	const struct json *d = &s->d;
	struct wire_node *item = item_of(s, index);
	struct absorbed in = { .parts = true };
	uint32_t type;

	if (t == JSON_NONE || json_kind(d, t) != TOKEN_OBJECT || item == NULL)
		return s->nodes.failed ? NULL : "an item that is none";
	if ((type = json_get_kind(d, t, "type", TOKEN_STRING)) != JSON_NONE)
		node_set(&s->nodes, item, "type", d, type);
	in.item = item->text;
	in.told = (struct told){ 0, item->part, kind_of_item(item) };
	absorb(s, item, t, in);
	return NULL;
}

static const char *
absorb_answer(struct wire_stream *s, uint32_t response)
{
	const struct json *d = &s->d;
	uint32_t t, e;
	const char *why = NULL;
	struct wire_node *m;
	int64_t index = 0;

	if (response == JSON_NONE)
		return "an event without its response";
	if (s->answer == NULL && (s->answer = node_new(&s->nodes,
	    NODE_OBJECT)) == NULL)
		return NULL;
	for (t = json_first(d, response); t != JSON_NONE && why == NULL;
	    t = json_next(d, response, t)) {
		m = node_member(&s->nodes, s->answer, d, t);
		if (m == NULL)
			return NULL;
		if (!json_string_is(d, t, "output")) {
			node_become_raw(&s->nodes, m, json_raw(d, t + 1));
			continue;
		}
		if (m->kind != NODE_ARRAY)
			node_become(m, NODE_ARRAY);
		if (json_kind(d, t + 1) == TOKEN_ARRAY)
			for (e = json_first(d, t + 1); e != JSON_NONE && why ==
			    NULL; e = json_next(d, t + 1, e))
				why = absorb_item(s, e, index++);
	}
	if (node_get(s->answer, "object") == NULL)
		node_set_word(&s->nodes, s->answer, "object", "\"response\"");
	if (node_get(s->answer, "output") == NULL)
		(void)node_add(&s->nodes, s->answer, "output", NODE_ARRAY);
	if ((t = json_get_kind(d, response, "usage", TOKEN_OBJECT)) !=
	    JSON_NONE)
		wire_row(s->api)->usage(d, t, &s->usage);
	return why;
}

static const char *
absorb_response(struct wire_stream *s)
{
	return absorb_answer(s, json_get_kind(&s->d, 0, "response",
	    TOKEN_OBJECT));
}

static const char *
response_end(struct wire_stream *s)
{
	const char *why = absorb_response(s);

	s->ends = s->done = true;
	gather_choice_ends(s, 0);
	return why;
}

static const char *
item_event(struct wire_stream *s)
{
	return absorb_item(s, json_get_kind(&s->d, 0, "item", TOKEN_OBJECT),
	    wire_count(&s->d, 0, "output_index"));
}

static const char *
item_done(struct wire_stream *s)
{
	int64_t index = wire_count(&s->d, 0, "output_index");
	const char *why = item_event(s);
	uint32_t i;

	for (i = 0; i < s->ntexts; i++)
		if (s->place[i] == index)
			s->text[i].ended = true;
	return why;
}

static const char *
part_event(struct wire_stream *s)
{
	const struct json *d = &s->d;
	bool summary = json_get(d, 0, "summary_index") != JSON_NONE;
	struct wire_node *item = item_of(s, wire_count(d, 0, "output_index"));
	uint32_t t = json_get_kind(d, 0, "part", TOKEN_OBJECT);
	struct absorbed in = { .parts = false };
	struct wire_node *part;

	if (item == NULL || t == JSON_NONE || (part = element(s, item,
	    summary ? "summary" : "content", wire_count(d, 0, summary ?
	    "summary_index" : "content_index"))) == NULL)
		return s->nodes.failed ? NULL : "a part of no item";
	in.item = item->text;
	in.told = (struct told){ 0, part->part, kind_of_item(item) };
	if (summary)
		in.told.kind = WIRE_REASONING;
	else if (in.told.kind == WIRE_OTHER)
		in.told.kind = WIRE_TEXT;
	absorb(s, part, t, in);
	return NULL;
}

static const char *
annotation_event(struct wire_stream *s)
{
	const struct json *d = &s->d;
	struct wire_node *item = item_of(s, wire_count(d, 0, "output_index"));
	struct told at = { .kind = WIRE_OTHER };
	uint32_t t = json_get_kind(d, 0, "annotation", TOKEN_OBJECT);
	struct wire_node *part, *all;

	if (item == NULL || t == JSON_NONE || (part = element(s, item,
	    "content", wire_count(d, 0, "content_index"))) == NULL)
		return s->nodes.failed ? NULL : "an annotation of no text";
	if ((all = node_get(part, "annotations")) == NULL)
		all = node_add(&s->nodes, part, "annotations", NODE_ARRAY);
	if (all == NULL)
		return NULL;
	if (all->kind != NODE_ARRAY)
		node_become(all, NODE_ARRAY);
	node_append(&s->nodes, all, json_raw(d, t));
	at.part = part->part;
	told_strings(s, t, &at);
	return NULL;
}

static const struct {
	const char	*type;
	const char	*(*take)(struct wire_stream *);	/* why it is wrong */
} events[] = {
	{ "response.created", absorb_response },
	{ "response.queued", absorb_response },
	{ "response.in_progress", absorb_response },
	{ "response.completed", response_end },
	{ "response.incomplete", response_end },
	{ "response.failed", absorb_response },
	{ "response.cancelled", absorb_response },
	{ "response.output_item.added", item_event },
	{ "response.output_item.done", item_done },
	{ "response.content_part.added", part_event },
	{ "response.content_part.done", part_event },
	{ "response.reasoning_summary_part.added", part_event },
	{ "response.reasoning_summary_part.done", part_event },
	{ "response.output_text.annotation.added", annotation_event }
};
#define EVENTS	(sizeof(events) / sizeof(events[0]))

#define PREFIX	"response."

/* Which of the texts an event is of; *done is whether it says the whole of it. */
static const struct response_text *
text_of(struct slice type, bool *done)
{
	const struct response_text *r;
	size_t n = sizeof(PREFIX) - 1, stem;

	if (type.n < n || memcmp(type.p, PREFIX, n) != 0)
		return NULL;
	type = (struct slice){ type.p + n, type.n - n };
	for (r = response_texts; r->stem != NULL; r++) {
		stem = strlen(r->stem);
		if (type.n <= stem || memcmp(type.p, r->stem, stem) != 0)
			continue;
		*done = slice_is((struct slice){ type.p + stem, type.n - stem },
		    ".done");
		if (*done || slice_is((struct slice){ type.p + stem,
		    type.n - stem }, ".delta"))
			return r;
	}
	return NULL;
}

static void
add_logprobs(struct wire_stream *s, struct wire_node *part)
{
	uint32_t all = json_get_kind(&s->d, 0, "logprobs", TOKEN_ARRAY), t;
	struct wire_node *m = node_get(part, "logprobs");

	if (all == JSON_NONE || s->d.tok[all].count == 0)
		return;
	if (m == NULL)
		m = node_add(&s->nodes, part, "logprobs", NODE_ARRAY);
	if (m == NULL)
		return;
	if (m->kind != NODE_ARRAY)
		node_become(m, NODE_ARRAY);
	for (t = json_first(&s->d, all); t != JSON_NONE;
	    t = json_next(&s->d, all, t))
		node_append(&s->nodes, m, json_raw(&s->d, t));
}

static const char *
text_event(struct wire_stream *s, const struct response_text *r, bool done)
{
	const struct json *d = &s->d;
	struct wire_node *item = item_of(s, wire_count(d, 0, "output_index"));
	struct wire_node *owner = item;
	uint32_t t = json_get_kind(d, 0, done ? r->member : "delta",
	    TOKEN_STRING);
	uint32_t name = json_get_kind(d, 0, "name", TOKEN_STRING), text;

	if (item != NULL && r->list != NULL)
		owner = element(s, item, r->list, wire_count(d, 0, r->index));
	if (owner == NULL)
		return s->nodes.failed ? NULL : "a text of no item";
	if (r->list == NULL && name != JSON_NONE)
		gather_whole(s, text_member(s, owner, "name", WIRE_TOOL_NAME,
		    item->text), name);
	text = text_member(s, owner, r->member, r->kind, item->text);
	if (t == JSON_NONE || text == TEXT_NONE)
		return NULL;
	if (done) {
		gather_whole(s, text, t);
		s->text[text].ended = true;
	} else {
		gather_add(s, text, t);
		if (r->list != NULL)
			add_logprobs(s, owner);
	}
	return NULL;
}

/* What is not known: a delta goes on where the last of its kind did, all else is
 * a text of its own. */
static void
unknown_event(struct wire_stream *s, struct slice type)
{
	const struct json *d = &s->d;
	struct told at = { .part = TEXTS_MAX, .kind = WIRE_OTHER };
	uint32_t t = json_get_kind(d, 0, "delta", TOKEN_STRING);
	struct wire_node *m;
	char name[160];

	s->unknown = true;
	/* By a name that is cut it would be another's. */
	if (type.n >= 100)
		t = JSON_NONE;
	if (t == JSON_NONE || (s->aside == NULL && (s->aside =
	    node_new(&s->nodes, NODE_OBJECT)) == NULL)) {
		told_strings(s, 0, &at);
		return;
	}
	(void)snprintf(name, sizeof(name), "%lld %lld %.*s",
	    (long long)wire_count(d, 0, "output_index"),
	    (long long)wire_count(d, 0, "content_index"),
	    SLICE_ARG(type));
	if ((m = node_get(s->aside, name)) == NULL &&
	    (m = node_add(&s->nodes, s->aside, name, NODE_TEXT)) != NULL)
		m->text = gather_text(s, WIRE_OTHER, 0, gather_part(s));
	if (m != NULL)
		gather_add(s, m->text, t);
}

static const char *
take(struct wire_stream *s, struct slice type)
{
	const struct response_text *r;
	bool done;
	size_t i;

	for (i = 0; i < EVENTS; i++)
		if (slice_is(type, events[i].type))
			return events[i].take(s);
	if ((r = text_of(type, &done)) != NULL)
		return text_event(s, r, done);
	unknown_event(s, type);
	return NULL;
}

enum wire_outcome
responses_whole(struct wire_stream *s, struct error *err)
{
	const char *why = json_get_kind(&s->d, 0, "output", TOKEN_ARRAY) ==
	    JSON_NONE ? "a response without output" : absorb_answer(s, 0);

	if (why == NULL && (json_get_is(&s->d, 0, "status", "failed") ||
	    json_get_is(&s->d, 0, "status", "cancelled")))
		return WIRE_ERROR;
	s->ends = s->done = true;
	gather_choice_ends(s, 0);
	return gather_outcome(s, why, err);
}

enum wire_outcome
responses_event(struct wire_stream *s, const struct sse_event *e,
    struct error *err)
{
	uint32_t t = json_get_kind(&s->d, 0, "type", TOKEN_STRING);
	struct slice type = t == JSON_NONE ? e->type : json_raw(&s->d, t);
	const char *why;

	if (t != JSON_NONE)
		type = (struct slice){ type.p + 1, type.n - 2 };
	why = t != JSON_NONE && s->d.tok[t].escaped ?
	    "an event whose type has escapes" : take(s, type);
	if (why == NULL && (slice_is(type, "response.failed") ||
	    slice_is(type, "response.cancelled")))
		return WIRE_ERROR;
	return gather_outcome(s, why, err);
}

/* One that is on its way has ended nevertheless; what one had said before it failed
 * is an answer that was broken off. */
static bool
is_over(const struct wire_stream *s, const struct wire_node *status)
{
	static const char *const broken[] = { "\"in_progress\"", "\"queued\"",
		"\"failed\"", "\"cancelled\"" };
	const size_t unsaid = 2;
	size_t i, n = s->ntexts > 0 ? sizeof(broken) / sizeof(broken[0]) : unsaid;

	for (i = 0; i < n; i++)
		if (status != NULL && node_is(status, broken[i]))
			return false;
	return status != NULL;
}

void
responses_response(const struct wire_stream *s, struct writer *w)
{
	static const char *const but[] = { "status", NULL };
	static const char *const nor[] = { "status", "error", NULL };
	const struct wire_node *status = node_get(s->answer, "status");
	bool over = is_over(s, status);

	write_object(w, NULL);
	node_write_members(s->answer, w, gather_write_text, s,
	    over || s->ntexts == 0 ? but : nor);
	if (over) {
		write_name(w, SLICE("\"status\""));
		node_write(status, w, gather_write_text, s);
	} else {
		write_word(w, "status", "incomplete");
	}
	write_end(w);
}
