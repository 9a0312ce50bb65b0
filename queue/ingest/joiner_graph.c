#include "queue/ingest/joiner_graph.h"

#include "core/json/value.h"
#include "core/json/write.h"
#include "queue/ingest/joiner_piece.h"

static void
message_clear(struct graph_message *m)
{
	buf_clear(&m->id);
	buf_clear(&m->text);
	buf_clear(&m->call);
	buf_clear(&m->given);
	buf_clear(&m->calls);
	buf_clear(&m->about);
	buf_clear(&m->usage);
	m->last = 0;
}

static void
message_release(struct graph_message *m)
{
	buf_release(&m->id);
	buf_release(&m->text);
	buf_release(&m->call);
	buf_release(&m->given);
	buf_release(&m->calls);
	buf_release(&m->about);
	buf_release(&m->usage);
}

void
graph_joiner_clear(struct graph_joiner *g)
{
	size_t i;

	for (i = 0; i < GRAPH_MESSAGES; i++)
		message_clear(&g->message[i]);
	buf_clear(&g->whole);
	g->used = false;
	g->n = 0;
	g->now = NULL;
}

void
graph_joiner_release(struct graph_joiner *g)
{
	size_t i;

	for (i = 0; i < GRAPH_MESSAGES; i++)
		message_release(&g->message[i]);
	buf_release(&g->whole);
}

/* LangChain's, by its type; those that have a role are others'. */
static bool
is_message(const struct json *d, uint32_t t)
{
	return json_kind(d, t) == TOKEN_OBJECT && json_get(d, t, "content") !=
	    JSON_NONE && json_get_kind(d, t, "type", TOKEN_STRING) !=
	    JSON_NONE && json_get(d, t, "role") == JSON_NONE &&
	    (json_get(d, t, "additional_kwargs") != JSON_NONE ||
	    json_get(d, t, "response_metadata") != JSON_NONE ||
	    json_get(d, t, "tool_call_id") != JSON_NONE);
}

/* The call under way goes to those that are done. */
static void
call_end(struct graph_message *m)
{
	static const char *const but[] = { "args", "index", "type", NULL };
	struct buf decoded = BUF_INIT;
	struct json inner = JSON_INIT;
	struct json_error why;
	struct writer w;

	if (m->call.n == 0)
		return;
	if (m->calls.n > 0)
		buf_putc(&m->calls, ',');
	w = WRITER(&m->calls, WRITE_KEPT);
	write_object(&w, NULL);
	piece_members(&w, buf_slice(&m->call), but);
	json_decode(buf_slice(&m->given), &decoded);
	if (json_parse(&inner, buf_slice(&decoded), JSON_DEPTH_MAX - 4, 0,
	    &why) == STATUS_OK)
		write_raw(&w, "args", buf_slice(&decoded));
	else
		piece_write(&w, "args", "\"\"", &m->given);
	write_word(&w, "type", "tool_call");
	write_end(&w);
	json_release(&inner);
	buf_release(&decoded);
	buf_clear(&m->call);
	buf_clear(&m->given);
}

static void
call_pieces(struct graph_message *m, const struct json *d, uint32_t message)
{
	uint32_t all = json_get_kind(d, message, "tool_call_chunks",
	    TOKEN_ARRAY), t;

	for (t = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    t != JSON_NONE; t = json_next(d, all, t)) {
		if (json_get_kind(d, t, "name", TOKEN_STRING) != JSON_NONE) {
			call_end(m);
			piece_set(&m->call, d, t);
		}
		piece_inside(&m->given, d, json_get_kind(d, t, "args",
		    TOKEN_STRING));
	}
}

static void
words(struct graph_message *m, const struct json *d, uint32_t message)
{
	uint32_t content = json_get(d, message, "content"), t;

	if (json_kind(d, content) == TOKEN_STRING)
		piece_inside(&m->text, d, content);
	if (json_kind(d, content) != TOKEN_ARRAY)
		return;
	for (t = json_first(d, content); t != JSON_NONE;
	    t = json_next(d, content, t))
		if (json_get_is(d, t, "type", "text"))
			piece_inside(&m->text, d, json_get_kind(d, t, "text",
			    TOKEN_STRING));
}

/* The later one that says something counts. */
static void
object_set(struct buf *b, const struct json *d, uint32_t message,
    const char *key)
{
	uint32_t t = json_get_kind(d, message, key, TOKEN_OBJECT);

	if (t != JSON_NONE && d->tok[t].count > 0)
		piece_set(b, d, t);
}

/* The one with that id, or the place of the one that was told of longest ago. */
static struct graph_message *
message_of(struct graph_joiner *g, struct slice id)
{
	struct graph_message *oldest = g->message, *m;

	if (id.p == NULL && g->now != NULL)
		return g->now;
	for (m = g->message; m < g->message + GRAPH_MESSAGES; m++) {
		if (m->last > 0 && slice_eq(id, buf_slice(&m->id)))
			return m;
		if (m->last < oldest->last)
			oldest = m;
	}
	message_clear(oldest);
	return oldest;
}

/* Those of branches that run beside each other come in turns. */
static void
piece_add(struct graph_joiner *g, const struct json *d, uint32_t message)
{
	uint32_t id = json_get_kind(d, message, "id", TOKEN_STRING);
	struct graph_message *m = message_of(g, id == JSON_NONE ? SLICE_NONE :
	    json_raw(d, id));

	g->used = true;
	g->now = m;
	m->last = ++g->n;
	piece_set(&m->id, d, id);
	words(m, d, message);
	call_pieces(m, d, message);
	object_set(&m->about, d, message, "response_metadata");
	object_set(&m->usage, d, message, "usage_metadata");
}

/* An answer as it is so far, or whole; other messages are passed over. */
static void
message_add(struct graph_joiner *g, const struct json *d, uint32_t message)
{
	if (!json_get_is(d, message, "type", "ai") && !json_get_is(d, message,
	    "type", "AIMessageChunk"))
		return;
	g->used = true;
	g->now = NULL;
	piece_set(&g->whole, d, message);
}

/* [PIECE,{"langgraph_node":..}], or the messages so far. */
static bool
list_add(struct graph_joiner *g, const struct json *d)
{
	uint32_t first = json_first(d, 0), second, t;

	if (first == JSON_NONE || !is_message(d, first))
		return false;
	second = json_next(d, 0, first);
	if (second != JSON_NONE && json_kind(d, second) == TOKEN_OBJECT &&
	    !is_message(d, second)) {
		if (json_get_is(d, first, "type", "AIMessageChunk"))
			piece_add(g, d, first);
		else
			message_add(g, d, first);
		return true;
	}
	for (t = first; t != JSON_NONE; t = json_next(d, 0, t))
		if (is_message(d, t))
			message_add(g, d, t);
	return true;
}

/* {"NODE":{"messages":[..]}}, or one message in place of the list. */
static bool
update_add(struct graph_joiner *g, const struct json *d)
{
	uint32_t t, all, e;
	bool taken = false;

	for (t = json_first(d, 0); t != JSON_NONE; t = json_next(d, 0, t)) {
		all = json_get_value(d, t + 1, "messages");
		if (all == JSON_NONE)
			continue;
		if (json_kind(d, all) == TOKEN_OBJECT && is_message(d, all)) {
			message_add(g, d, all);
			taken = true;
		}
		if (json_kind(d, all) != TOKEN_ARRAY)
			continue;
		for (e = json_first(d, all); e != JSON_NONE;
		    e = json_next(d, all, e)) {
			if (!is_message(d, e))
				continue;
			message_add(g, d, e);
			taken = true;
		}
	}
	return taken;
}

/* {"MESSAGE":{"metadata":{..}}} */
static bool
is_about(const struct json *d)
{
	uint32_t t = json_first(d, 0);

	return t != JSON_NONE && d->tok[0].count == 1 &&
	    json_kind(d, t + 1) == TOKEN_OBJECT && d->tok[t + 1].count == 1 &&
	    json_get_kind(d, t + 1, "metadata", TOKEN_OBJECT) != JSON_NONE;
}

bool
graph_joiner_add(struct graph_joiner *g, const struct json *d)
{
	if (json_kind(d, 0) == TOKEN_ARRAY)
		return list_add(g, d);
	return json_kind(d, 0) == TOKEN_OBJECT && (update_add(g, d) ||
	    is_about(d));
}

static void
message_write(struct graph_message *m, struct writer *w)
{
	call_end(m);
	write_object(w, NULL);
	write_word(w, "type", "ai");
	if (m->id.n > 0)
		write_raw(w, "id", buf_slice(&m->id));
	piece_write(w, "content", "\"\"", &m->text);
	if (m->calls.n > 0)
		piece_write(w, "tool_calls", "[]", &m->calls);
	if (m->about.n > 0)
		write_raw(w, "response_metadata", buf_slice(&m->about));
	if (m->usage.n > 0)
		write_raw(w, "usage_metadata", buf_slice(&m->usage));
	write_end(w);
}

void
graph_joiner_end(struct graph_joiner *g, struct buf *out)
{
	struct writer w = WRITER(out, WRITE_KEPT);

	if (!g->used)
		return;
	if (g->now == NULL)
		buf_add_slice(out, buf_slice(&g->whole));
	else
		message_write(g->now, &w);
	buf_putc(out, '\n');
	graph_joiner_clear(g);
}
