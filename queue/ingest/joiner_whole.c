#include "queue/ingest/joiner_whole.h"

#include "core/json/value.h"
#include "core/json/write.h"
#include "queue/ingest/joiner_piece.h"

enum { NOTHING, RESPONSE, CHAT, TOKENS, RUN, MESSAGE };

static void
clear(struct whole_joiner *e)
{
	buf_clear(&e->head);
	buf_clear(&e->list);
	buf_clear(&e->begin);
	buf_clear(&e->text);
	buf_clear(&e->more);
	e->kind = NOTHING;
	e->index = 0;
}

void
whole_joiner_release(struct whole_joiner *e)
{
	buf_release(&e->head);
	buf_release(&e->list);
	buf_release(&e->begin);
	buf_release(&e->text);
	buf_release(&e->more);
}

static void
line_add(struct buf *out, const struct json *d, uint32_t t)
{
	buf_add_slice(out, json_raw(d, t));
	buf_putc(out, '\n');
}

static void
text_write(struct writer *w, const struct buf *text)
{
	write_object(w, NULL);
	write_word(w, "type", "message");
	write_word(w, "role", "assistant");
	write_word(w, "status", "incomplete");
	write_array(w, "content");
	write_object(w, NULL);
	write_word(w, "type", "output_text");
	piece_write(w, "text", "\"\"", text);
	write_end(w);
	write_end(w);
	write_end(w);
}

/* The item under way, as far as it came, goes to those that are done. */
static void
item_break(struct whole_joiner *e)
{
	static const char *const but[] = { "arguments", "status", NULL };
	struct buf item = BUF_INIT;
	struct writer w = WRITER(&item, WRITE_KEPT);

	if (e->text.n > 0) {
		text_write(&w, &e->text);
	} else if (e->more.n > 0) {
		write_object(&w, NULL);
		if (e->begin.n == 0)
			write_word(&w, "type", "function_call");
		piece_members(&w, buf_slice(&e->begin), but);
		piece_write(&w, "arguments", "\"\"", &e->more);
		write_word(&w, "status", "incomplete");
		write_end(&w);
	} else {
		buf_add_slice(&item, buf_slice(&e->begin));
	}
	if (item.n > 0)
		piece_element(&e->list, buf_slice(&item));
	e->list.failed |= item.failed;
	buf_release(&item);
	buf_clear(&e->begin);
	buf_clear(&e->text);
	buf_clear(&e->more);
}

static void
response_break(struct whole_joiner *e, struct writer *w)
{
	static const char *const but[] = { "object", "output", "status", NULL };

	item_break(e);
	piece_members(w, buf_slice(&e->head), but);
	write_word(w, "object", "response");
	write_word(w, "status", "incomplete");
	piece_write(w, "output", "[]", &e->list);
}

static void
chat_break(struct whole_joiner *e, struct writer *w)
{
	write_raw(w, "generation_id", e->head.n > 0 ? buf_slice(&e->head) :
	    SLICE("\"\""));
	piece_write(w, "text", "\"\"", &e->text);
	if (e->list.n > 0)
		write_raw(w, "tool_calls", buf_slice(&e->list));
	write_word(w, "finish_reason", "ERROR");
}

static void
tokens_break(struct whole_joiner *e, struct writer *w)
{
	piece_write(w, "generated_text", "\"\"", &e->text);
	write_object(w, "details");
	write_word(w, "finish_reason", "incomplete");
	write_end(w);
}

static void
message_break(struct whole_joiner *e, struct writer *w)
{
	static const char *const but[] = { "object", "status", "role",
	    "content", "delta", "incomplete_details", NULL };

	piece_members(w, buf_slice(&e->head), but);
	write_word(w, "object", "thread.message");
	write_word(w, "status", "incomplete");
	write_object(w, "incomplete_details");
	write_word(w, "reason", "incomplete");
	write_end(w);
	write_word(w, "role", "assistant");
	write_array(w, "content");
	write_object(w, NULL);
	write_word(w, "type", "text");
	write_object(w, "text");
	piece_write(w, "value", "\"\"", &e->text);
	write_end(w);
	write_end(w);
	write_end(w);
}

/* A run that told of no message has no more than itself. */
static void
run_break(struct whole_joiner *e, struct writer *w)
{
	static const char *const none[] = { NULL };

	piece_members(w, buf_slice(&e->head), none);
}

void
whole_joiner_end(struct whole_joiner *e, struct buf *out)
{
	static void (*const breaks[])(struct whole_joiner *, struct writer *) = {
		[RESPONSE] = response_break,
		[CHAT] = chat_break,
		[TOKENS] = tokens_break,
		[RUN] = run_break,
		[MESSAGE] = message_break
	};
	struct writer w = WRITER(out, WRITE_KEPT);

	if (e->kind == NOTHING)
		return;
	write_object(&w, NULL);
	breaks[e->kind](e, &w);
	write_end(&w);
	buf_putc(out, '\n');
	out->failed |= e->head.failed;
	clear(e);
}

/* Another kind begins, or another of the same. */
static void
begin(struct whole_joiner *e, unsigned kind, bool another, struct buf *out)
{
	if (e->kind != kind || another)
		whole_joiner_end(e, out);
	e->kind = kind;
}

static void
response_piece(struct whole_joiner *e, const struct json *d)
{
	uint32_t delta = json_get_kind(d, 0, "delta", TOKEN_STRING);
	uint32_t item = json_get_kind(d, 0, "item", TOKEN_OBJECT);

	if (json_get_is(d, 0, "type", "response.output_item.added")) {
		item_break(e);
		piece_set(&e->begin, d, item);
	} else if (json_get_is(d, 0, "type", "response.output_item.done")) {
		if (item != JSON_NONE)
			piece_element(&e->list, json_raw(d, item));
		buf_clear(&e->begin);
		buf_clear(&e->text);
		buf_clear(&e->more);
	} else if (json_get_is(d, 0, "type", "response.output_text.delta") ||
	    json_get_is(d, 0, "type", "response.refusal.delta")) {
		piece_inside(&e->text, d, delta);
	} else if (json_get_is(d, 0, "type",
	    "response.function_call_arguments.delta")) {
		piece_inside(&e->more, d, delta);
	}
}

/* The last event has the response whole, or it is what came so far. */
static void
response_end(struct whole_joiner *e, const struct json *d, uint32_t response,
    struct buf *out)
{
	if (response == JSON_NONE) {
		whole_joiner_end(e, out);
		return;
	}
	line_add(out, d, response);
	clear(e);
}

static bool
response_add(struct whole_joiner *e, const struct json *d, struct buf *out)
{
	static const char *const ends[] = { "response.completed",
	    "response.incomplete", "response.failed", "response.cancelled",
	    "response.done" };
	uint32_t response = json_get_kind(d, 0, "response", TOKEN_OBJECT);
	bool whole = false;
	size_t i;

	if (!piece_begins(d, "type", "response."))
		return false;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		whole |= json_get_is(d, 0, "type", ends[i]);
	begin(e, RESPONSE, json_get_is(d, 0, "type", "response.created") ||
	    (response != JSON_NONE && !piece_same(&e->head, d, response,
	    "id")), out);
	if (!whole) {
		piece_set(&e->head, d, response);
		response_piece(e, d);
	} else {
		response_end(e, d, response, out);
	}
	return true;
}

static bool
chat_add(struct whole_joiner *e, const struct json *d, struct buf *out)
{
	uint32_t response = json_get_kind(d, 0, "response", TOKEN_OBJECT);

	if (json_get_kind(d, 0, "event_type", TOKEN_STRING) == JSON_NONE ||
	    json_get(d, 0, "is_finished") == JSON_NONE)
		return false;
	begin(e, CHAT, json_get_is(d, 0, "event_type", "stream-start"), out);
	piece_set(&e->head, d, json_get_kind(d, 0, "generation_id",
	    TOKEN_STRING));
	if (json_get_is(d, 0, "event_type", "text-generation"))
		piece_inside(&e->text, d, json_get_kind(d, 0, "text",
		    TOKEN_STRING));
	piece_set(&e->list, d, json_get_kind(d, 0, "tool_calls", TOKEN_ARRAY));
	if (!json_get_is(d, 0, "event_type", "stream-end"))
		return true;
	response_end(e, d, response, out);
	return true;
}

/* TGI's last event is a record as it stands. */
static bool
tokens_add(struct whole_joiner *e, const struct json *d, struct buf *out)
{
	uint32_t token = json_get_kind(d, 0, "token", TOKEN_OBJECT);
	uint32_t n = json_get_kind(d, 0, "index", TOKEN_NUMBER);
	int64_t index = 0;

	if (token == JSON_NONE)
		return false;
	if (n == JSON_NONE || !json_int64(d, n, &index))
		index = 0;
	if (e->kind == TOKENS && index > 0 && index <= e->index)
		whole_joiner_end(e, out);
	if (json_get_kind(d, 0, "generated_text", TOKEN_NULL) == JSON_NONE) {
		if (e->kind == TOKENS && json_get_kind(d, 0, "generated_text",
		    TOKEN_STRING) != JSON_NONE)
			clear(e);
		return false;
	}
	begin(e, TOKENS, false, out);
	e->index = index;
	if (json_get_kind(d, token, "special", TOKEN_TRUE) == JSON_NONE)
		piece_inside(&e->text, d, json_get_kind(d, token, "text",
		    TOKEN_STRING));
	return true;
}

static void
message_add(struct whole_joiner *e, const struct json *d, struct buf *out)
{
	uint32_t parts = json_get_kind(d, json_get_kind(d, 0, "delta",
	    TOKEN_OBJECT), "content", TOKEN_ARRAY), t;

	begin(e, MESSAGE, !piece_same(&e->head, d, 0, "id"), out);
	if (e->head.n == 0)
		piece_set(&e->head, d, 0);
	for (t = parts == JSON_NONE ? JSON_NONE : json_first(d, parts);
	    t != JSON_NONE; t = json_next(d, parts, t))
		piece_inside(&e->text, d, json_get_kind(d, json_get_kind(d, t,
		    "text", TOKEN_OBJECT), "value", TOKEN_STRING));
}

static void
run_add(struct whole_joiner *e, const struct json *d, struct buf *out)
{
	static const char *const ends[] = { "failed", "expired", "cancelled",
	    "incomplete" };
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (!json_get_is(d, 0, "status", ends[i]))
			continue;
		if (e->kind == MESSAGE)
			whole_joiner_end(e, out);
		line_add(out, d, 0);
		clear(e);
		return;
	}
	if (json_get_is(d, 0, "status", "completed")) {
		if (e->kind == MESSAGE)
			whole_joiner_end(e, out);
		clear(e);
	} else if (e->kind != MESSAGE) {
		begin(e, RUN, !piece_same(&e->head, d, 0, "id"), out);
		piece_set(&e->head, d, 0);
	}
}

/*
 * OpenAI's Assistants tell each message whole when it is, and of a run that came to
 * nothing why.
 */
static bool
thread_add(struct whole_joiner *e, const struct json *d, struct buf *out)
{
	if (!piece_begins(d, "object", "thread"))
		return false;
	if (json_get_is(d, 0, "object", "thread.run")) {
		run_add(e, d, out);
	} else if (json_get_is(d, 0, "object", "thread.message.delta")) {
		message_add(e, d, out);
	} else if (json_get_is(d, 0, "object", "thread.message")) {
		message_add(e, d, out);
		if (json_get_is(d, 0, "status", "completed") ||
		    json_get_is(d, 0, "status", "incomplete")) {
			line_add(out, d, 0);
			clear(e);
		}
	}
	return true;
}

bool
whole_joiner_add(struct whole_joiner *e, const struct json *d, struct buf *out)
{
	return json_kind(d, 0) == TOKEN_OBJECT && (response_add(e, d, out) ||
	    chat_add(e, d, out) || tokens_add(e, d, out) ||
	    thread_add(e, d, out));
}
