#include "core/wire/messages_gather.h"

#include "core/json/value.h"
#include "core/wire/api.h"
#include "core/wire/gather.h"
#include "core/wire/get.h"
#include "core/wire/told.h"

/* What each delta of a block adds to which member of it. */
static const struct delta {
	const char	*type, *from, *to;
	enum wire_kind	 kind;
} deltas[] = {
	{ "text_delta", "text", "text", WIRE_TEXT },
	{ "thinking_delta", "thinking", "thinking", WIRE_REASONING },
	{ "input_json_delta", "partial_json", "input", WIRE_ARGUMENTS }
};
#define DELTAS	(sizeof(deltas) / sizeof(deltas[0]))

static struct wire_node *
find_block(const struct wire_stream *s, int64_t index)
{
	const struct wire_node *content = node_get(s->answer, "content");
	struct wire_node *b = content == NULL ? NULL : content->first;

	while (b != NULL && b->text != index)
		b = b->next;
	return b;
}

/* The member is a text from now on, of which nothing came yet. */
static uint32_t
text_member(struct wire_stream *s, struct wire_node *block, const char *name,
    enum wire_kind kind)
{
	struct wire_node *m = node_get(block, name);

	if (m == NULL)
		m = node_add(&s->nodes, block, name, NODE_RAW);
	if (m == NULL)
		return TEXT_NONE;
	if (m->kind != NODE_TEXT) {
		m->text = gather_text(s, kind, 0, block->text);
		if (m->text == TEXT_NONE)
			return TEXT_NONE;
		node_become(m, NODE_TEXT);
	}
	return m->text;
}

/* What a call takes, as the text that would have come in pieces. */
static void
whole_input(struct wire_stream *s, struct wire_node *m,
    const struct wire_node *block, uint32_t input)
{
	struct slice raw = json_raw(&s->d, input);

	m->text = gather_text(s, WIRE_ARGUMENTS, 0, block->text);
	if (m->text == TEXT_NONE)
		return;
	node_become(m, NODE_TEXT);
	buf_add_slice(&s->text[m->text].text, raw);
	s->text_bytes += raw.n;
	s->failed |= s->text[m->text].text.failed;
}

/* A member of a block as it begins. */
static void
begin_member(struct wire_stream *s, struct wire_node *block, uint32_t key)
{
	const struct json *d = &s->d;
	struct told at = { .part = block->text, .kind = WIRE_OTHER };
	struct wire_node *m = node_member(&s->nodes, block, d, key);

	if (m == NULL)
		return;
	at.kind = told_kind(d, key, &at);
	if (json_string_is(d, key, "text"))
		at.kind = WIRE_TEXT;
	if (json_kind(d, key + 1) == TOKEN_STRING && (at.kind == WIRE_TEXT ||
	    at.kind == WIRE_REASONING || at.kind == WIRE_TOOL_NAME)) {
		m->text = gather_text(s, at.kind, 0, block->text);
		if (m->text == TEXT_NONE)
			return;
		node_become(m, NODE_TEXT);
		gather_add(s, m->text, key + 1);
		return;
	}
	if (s->whole && json_string_is(d, key, "input") && json_kind(d,
	    key + 1) == TOKEN_OBJECT && d->tok[key + 1].count > 0) {
		whole_input(s, m, block, key + 1);
		return;
	}
	node_open(&s->nodes, m, d, key + 1, json_string_is(d, key,
	    "citations") ? 1 : 0);
	if (!told_is_whole(d, key) && !json_string_is(d, key, "signature"))
		told_strings(s, key + 1, &at);
}

static bool
begin_block(struct wire_stream *s, uint32_t block, int64_t index)
{
	const struct json *d = &s->d;
	struct wire_node *content = node_get(s->answer, "content"), *b;
	uint32_t t;

	if (content == NULL || block == JSON_NONE ||
	    json_kind(d, block) != TOKEN_OBJECT ||
	    index < 0 || index >= TEXTS_MAX || find_block(s, index) != NULL)
		return false;
	if ((b = node_add(&s->nodes, content, NULL, NODE_OBJECT)) == NULL)
		return true;
	b->text = (uint32_t)index;
	for (t = json_first(d, block); t != JSON_NONE && !s->nodes.failed;
	    t = json_next(d, block, t))
		begin_member(s, b, t);
	return true;
}

/* Of a type that is not known: its strings go on in members of their names. */
static void
add_unknown(struct wire_stream *s, struct wire_node *block, uint32_t delta)
{
	const struct json *d = &s->d;
	struct told at = { .part = block->text, .kind = WIRE_OTHER };
	struct wire_node *m;
	uint32_t t;

	for (t = json_first(d, delta); t != JSON_NONE;
	    t = json_next(d, delta, t)) {
		if (told_is_whole(d, t) ||
		    (m = node_member(&s->nodes, block, d, t)) == NULL)
			continue;
		at.kind = told_kind(d, t, &at);
		if (json_kind(d, t + 1) != TOKEN_STRING) {
			node_become_raw(&s->nodes, m, json_raw(d, t + 1));
			told_strings(s, t + 1, &at);
			continue;
		}
		if (m->kind != NODE_TEXT) {
			m->text = gather_text(s, at.kind, 0, block->text);
			if (m->text == TEXT_NONE)
				return;
			node_become(m, NODE_TEXT);
		}
		gather_add(s, m->text, t + 1);
	}
}

static void
add_citation(struct wire_stream *s, struct wire_node *block, uint32_t citation)
{
	struct told at = { .part = block->text, .kind = WIRE_OTHER };
	struct wire_node *m = node_get(block, "citations");

	if (m == NULL)
		m = node_add(&s->nodes, block, "citations", NODE_ARRAY);
	if (m == NULL || citation == JSON_NONE)
		return;
	if (m->kind != NODE_ARRAY)
		node_become(m, NODE_ARRAY);
	node_append(&s->nodes, m, json_raw(&s->d, citation));
	told_strings(s, citation, &at);
}

static const char *
block_delta(struct wire_stream *s)
{
	const struct json *d = &s->d;
	struct wire_node *block = find_block(s, wire_count(d, 0, "index"));
	uint32_t delta = json_get_kind(d, 0, "delta", TOKEN_OBJECT), t;
	size_t i;

	if (block == NULL || delta == JSON_NONE)
		return "a delta of a block that did not begin";
	for (i = 0; i < DELTAS && !json_get_is(d, delta, "type",
	    deltas[i].type); i++)
		;
	if (i < DELTAS) {
		t = json_get_kind(d, delta, deltas[i].from, TOKEN_STRING);
		if (t != JSON_NONE)
			gather_add(s, text_member(s, block, deltas[i].to,
			    deltas[i].kind), t);
	} else if (json_get_is(d, delta, "type", "citations_delta")) {
		add_citation(s, block, json_get_kind(d, delta, "citation",
		    TOKEN_OBJECT));
	} else if (json_get_is(d, delta, "type", "signature_delta")) {
		t = json_get_kind(d, delta, "signature", TOKEN_STRING);
		if (t != JSON_NONE)
			node_set(&s->nodes, block, "signature", d, t);
	} else {
		add_unknown(s, block, delta);
	}
	return NULL;
}

static const char *
block_start(struct wire_stream *s)
{
	return begin_block(s, json_get_kind(&s->d, 0, "content_block",
	    TOKEN_OBJECT), wire_count(&s->d, 0, "index")) ? NULL :
	    "a block that is none, or begins again";
}

static const char *
block_stop(struct wire_stream *s)
{
	int64_t index = wire_count(&s->d, 0, "index");
	uint32_t i;

	for (i = 0; i < s->ntexts; i++)
		if (s->text[i].part == index)
			s->text[i].ended = true;
	return NULL;
}

/* Counts are of the whole message each time; what is left out stays. */
static void
add_usage(struct wire_stream *s, uint32_t usage)
{
	struct wire_node *to = node_get(s->answer, "usage");
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	struct json d = JSON_INIT;
	struct json_error why;
	uint32_t t;

	if (to == NULL)
		to = node_add(&s->nodes, s->answer, "usage", NODE_OBJECT);
	if (to == NULL)
		return;
	if (to->kind != NODE_OBJECT)
		node_become(to, NODE_OBJECT);
	for (t = json_first(&s->d, usage); t != JSON_NONE;
	    t = json_next(&s->d, usage, t)) {
		struct wire_node *m = node_member(&s->nodes, to, &s->d, t);

		if (m != NULL && json_kind(&s->d, t + 1) != TOKEN_NULL)
			node_become_raw(&s->nodes, m, json_raw(&s->d, t + 1));
	}
	node_write(to, &w, NULL, NULL);
	s->failed |= b.failed;
	if (!b.failed && json_parse(&d, buf_slice(&b), JSON_DEPTH_MAX, 0,
	    &why) == STATUS_OK)
		wire_row(s->api)->usage(&d, 0, &s->usage);
	json_release(&d);
	buf_release(&b);
}

/* The message as it begins, or all of it. */
static const char *
begin_message(struct wire_stream *s, uint32_t message)
{
	const struct json *d = &s->d;
	uint32_t t, blocks, usage;
	struct wire_node *content;
	int64_t index = 0;

	if (s->answer != NULL || message == JSON_NONE)
		return "a message that is none, or begins again";
	if ((s->answer = node_new(&s->nodes, NODE_OBJECT)) == NULL)
		return NULL;
	node_open(&s->nodes, s->answer, d, message, 1);
	if (node_get(s->answer, "type") == NULL)
		node_set_word(&s->nodes, s->answer, "type", "\"message\"");
	if ((content = node_get(s->answer, "content")) == NULL)
		content = node_add(&s->nodes, s->answer, "content", NODE_ARRAY);
	if (content == NULL)
		return NULL;
	node_become(content, NODE_ARRAY);
	if ((usage = json_get_kind(d, message, "usage", TOKEN_OBJECT)) !=
	    JSON_NONE)
		add_usage(s, usage);
	blocks = json_get_kind(d, message, "content", TOKEN_ARRAY);
	if (blocks == JSON_NONE)
		return NULL;
	for (t = json_first(d, blocks); t != JSON_NONE;
	    t = json_next(d, blocks, t))
		if (!begin_block(s, t, index++))
			return "a block that is none";
	return NULL;
}

static const char *
message_start(struct wire_stream *s)
{
	return begin_message(s, json_get_kind(&s->d, 0, "message",
	    TOKEN_OBJECT));
}

/* What is said of the message as a whole. */
static void
add_members(struct wire_stream *s, uint32_t object)
{
	static const char *const own[] = { "type", "delta", "content", "usage",
		NULL };
	const struct json *d = &s->d;
	struct wire_node *m;
	uint32_t t;

	for (t = json_first(d, object); t != JSON_NONE;
	    t = json_next(d, object, t))
		if (!told_is_one_of(d, t, own) &&
		    (m = node_member(&s->nodes, s->answer, d, t)) != NULL)
			node_become_raw(&s->nodes, m, json_raw(d, t + 1));
}

static const char *
message_delta(struct wire_stream *s)
{
	const struct json *d = &s->d;
	uint32_t delta = json_get_kind(d, 0, "delta", TOKEN_OBJECT);
	uint32_t usage = json_get_kind(d, 0, "usage", TOKEN_OBJECT);

	if (s->answer == NULL)
		return "a message_delta before message_start";
	if (usage != JSON_NONE)
		add_usage(s, usage);
	add_members(s, 0);
	if (delta == JSON_NONE)
		return NULL;
	add_members(s, delta);
	s->ends = json_get_kind(d, delta, "stop_reason", TOKEN_STRING) !=
	    JSON_NONE;
	return NULL;
}

static const char *
message_stop(struct wire_stream *s)
{
	const struct wire_node *why = node_get(s->answer, "stop_reason");

	s->ends = true;
	if (why == NULL || why->kind != NODE_RAW || node_is(why, "null"))
		return "the message ends before a stop_reason";
	s->done = true;
	gather_choice_ends(s, 0);
	return NULL;
}

static const char *
ping(struct wire_stream *s)
{
	(void)s;
	return NULL;
}

static const struct {
	const char	*type;
	const char	*(*take)(struct wire_stream *);	/* why it is wrong */
} events[] = {
	{ "content_block_delta", block_delta },
	{ "content_block_start", block_start },
	{ "content_block_stop", block_stop },
	{ "message_start", message_start },
	{ "message_delta", message_delta },
	{ "message_stop", message_stop },
	{ "ping", ping }
};

enum wire_outcome
messages_whole(struct wire_stream *s, struct error *err)
{
	const char *why = json_get_kind(&s->d, 0, "content", TOKEN_ARRAY) ==
	    JSON_NONE ? "a message without content" : begin_message(s, 0);

	return gather_outcome(s, why != NULL || s->nodes.failed ? why :
	    message_stop(s), err);
}

enum wire_outcome
messages_event(struct wire_stream *s, const struct sse_event *e,
    struct error *err)
{
	static const struct told unknown = { .kind = WIRE_OTHER,
		.part = TEXTS_MAX };
	uint32_t type = json_get_kind(&s->d, 0, "type", TOKEN_STRING);
	const char *why = NULL;
	size_t i;

	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (type == JSON_NONE ? slice_is(e->type, events[i].type) :
		    json_string_is(&s->d, type, events[i].type))
			break;
	if (i < sizeof(events) / sizeof(events[0]))
		why = events[i].take(s);
	else
		told_strings(s, 0, &unknown);
	s->unknown = i == sizeof(events) / sizeof(events[0]);
	return gather_outcome(s, why, err);
}

/* A call's input is the JSON that came in pieces; one that broke off is told as
 * the text that there is of it. */
static void
write_piece(const void *arg, uint32_t text, struct writer *w)
{
	const struct wire_stream *s = arg;
	const struct buf *b = &s->text[text].text;
	struct json d = JSON_INIT;
	struct json_error why;

	if (s->text[text].kind != WIRE_ARGUMENTS)
		gather_write_text(s, text, w);
	else if (b->n == 0)
		write_raw(w, NULL, SLICE("{}"));
	else if (json_parse(&d, buf_slice(b), JSON_DEPTH_MAX - 3, 0, &why) ==
	    STATUS_OK)
		write_raw(w, NULL, buf_slice(b));
	else
		gather_write_text(s, text, w);
	json_release(&d);
}

void
messages_response(const struct wire_stream *s, struct writer *w)
{
	node_write(s->answer, w, write_piece, s);
}
