#include "queue/ingest/joiner_events.h"

#include "core/json/value.h"
#include "core/json/write.h"
#include "queue/ingest/joiner_piece.h"

enum { NOTHING, STEPS, COHERE, LLAMA, COMPLETION, ANSWER,
    RESULT, CONVERSE, STATE };

static void
clear(struct event_joiner *e)
{
	buf_clear(&e->head);
	buf_clear(&e->list);
	buf_clear(&e->begin);
	buf_clear(&e->text);
	buf_clear(&e->more);
	e->kind = NOTHING;
	e->broken = false;
}

void
event_joiner_release(struct event_joiner *e)
{
	buf_release(&e->head);
	buf_release(&e->list);
	buf_release(&e->begin);
	buf_release(&e->text);
	buf_release(&e->more);
}

/* Arguments come as pieces of JSON, in a string. */
static void
arguments_write(struct writer *w, const char *key, const struct buf *inside)
{
	struct buf decoded = BUF_INIT;
	struct json inner = JSON_INIT;
	struct json_error why;

	json_decode(buf_slice(inside), &decoded);
	if (!decoded.failed && json_parse(&inner, buf_slice(&decoded),
	    JSON_DEPTH_MAX - 4, 0, &why) == STATUS_OK)
		write_raw(w, key, buf_slice(&decoded));
	else
		piece_write(w, key, "\"\"", inside);
	json_release(&inner);
	buf_release(&decoded);
}

/* A step that is over goes to those that are done. */
static void
step_end(struct event_joiner *e)
{
	static const char *const none[] = { NULL };
	static const char *const said[] = { "content", NULL };
	static const char *const called[] = { "arguments", NULL };
	struct writer w;

	if (e->begin.n == 0)
		return;
	if (e->list.n > 0)
		buf_putc(&e->list, ',');
	w = WRITER(&e->list, WRITE_KEPT);
	write_object(&w, NULL);
	piece_members(&w, buf_slice(&e->begin), e->text.n > 0 ? said :
	    e->more.n > 0 ? called : none);
	if (e->text.n > 0) {
		write_array(&w, "content");
		write_object(&w, NULL);
		write_word(&w, "type", "text");
		piece_write(&w, "text", "\"\"", &e->text);
		write_end(&w);
		write_end(&w);
	} else if (e->more.n > 0) {
		arguments_write(&w, "arguments", &e->more);
	}
	write_end(&w);
	buf_clear(&e->begin);
	buf_clear(&e->text);
	buf_clear(&e->more);
}

/* whole: the last event told how it ended. */
static void
steps_end(struct event_joiner *e, bool whole, struct buf *out)
{
	static const char *const told[] = { "steps", NULL };
	static const char *const broken[] = { "steps", "status", NULL };
	struct writer w = WRITER(out, WRITE_KEPT);

	step_end(e);
	whole = whole && !e->broken;
	write_object(&w, NULL);
	if (e->head.n == 0)
		write_word(&w, "object", "interaction");
	piece_members(&w, buf_slice(&e->head), whole ? told : broken);
	if (!whole)
		write_word(&w, "status", "failed");
	piece_write(&w, "steps", "[]", &e->list);
	write_end(&w);
	buf_putc(out, '\n');
	clear(e);
}

static bool
steps_add(struct event_joiner *e, const struct json *d, struct buf *out)
{
	uint32_t delta = json_get_kind(d, 0, "delta", TOKEN_OBJECT);

	if (!piece_begins(d, "event_type", "interaction.") &&
	    !piece_begins(d, "event_type", "step."))
		return false;
	if (e->kind == STEPS && !piece_same(&e->head, d, json_get_kind(d, 0,
	    "interaction", TOKEN_OBJECT), "id"))
		steps_end(e, false, out);
	e->kind = STEPS;
	piece_set(&e->head, d, json_get_kind(d, 0, "interaction", TOKEN_OBJECT));
	if (json_get_is(d, 0, "event_type", "step.start")) {
		step_end(e);
		piece_set(&e->begin, d, json_get_kind(d, 0, "step", TOKEN_OBJECT));
	} else if (delta != JSON_NONE) {
		if (json_get_is(d, delta, "type", "text"))
			piece_inside(&e->text, d, json_get_kind(d, delta, "text",
			    TOKEN_STRING));
		piece_inside(&e->more, d, json_get_kind(d, delta, "arguments",
		    TOKEN_STRING));
	} else if (json_get_is(d, 0, "event_type", "step.stop")) {
		step_end(e);
	} else if (json_get_is(d, 0, "event_type", "interaction.completed")) {
		steps_end(e, true, out);
	}
	return true;
}

/* One call; its arguments stay the text that they are. */
static void
call_end(struct event_joiner *e)
{
	static const char *const but[] = { "function", NULL };
	struct json d = JSON_INIT;
	struct json_error why;
	struct writer w;
	uint32_t f;

	if (e->begin.n == 0)
		return;
	if (e->list.n > 0)
		buf_putc(&e->list, ',');
	w = WRITER(&e->list, WRITE_KEPT);
	write_object(&w, NULL);
	piece_members(&w, buf_slice(&e->begin), but);
	write_object(&w, "function");
	if (json_parse(&d, buf_slice(&e->begin), JSON_DEPTH_MAX, 0, &why) ==
	    STATUS_OK && (f = json_get_kind(&d, 0, "function", TOKEN_OBJECT)) !=
	    JSON_NONE && (f = json_get_kind(&d, f, "name", TOKEN_STRING)) != JSON_NONE)
		write_raw(&w, "name", json_raw(&d, f));
	piece_write(&w, "arguments", "\"\"", &e->more);
	write_end(&w);
	write_end(&w);
	json_release(&d);
	buf_clear(&e->begin);
	buf_clear(&e->more);
}

static void
cohere_end(struct event_joiner *e, const struct json *d, struct buf *out)
{
	static const char *const none[] = { NULL };
	uint32_t delta = d == NULL || e->broken ? JSON_NONE : json_get_kind(d, 0, "delta",
	    TOKEN_OBJECT);
	struct writer w = WRITER(out, WRITE_KEPT);

	call_end(e);
	write_object(&w, NULL);
	if (e->head.n > 0)
		write_raw(&w, "id", buf_slice(&e->head));
	if (delta == JSON_NONE)
		write_word(&w, "finish_reason", "ERROR");
	else
		piece_members(&w, json_raw(d, delta), none);
	write_object(&w, "message");
	write_word(&w, "role", "assistant");
	if (e->list.n > 0)
		piece_write(&w, "tool_calls", "[]", &e->list);
	write_array(&w, "content");
	write_object(&w, NULL);
	write_word(&w, "type", "text");
	piece_write(&w, "text", "\"\"", &e->text);
	write_end(&w);
	write_end(&w);
	write_end(&w);
	write_end(&w);
	buf_putc(out, '\n');
	clear(e);
}

static bool
cohere_add(struct event_joiner *e, const struct json *d, struct buf *out)
{
	static const char *const begins[] = { "message-start", "content-",
	    "tool-plan-", "tool-call-", "citation-", "message-end", NULL };
	uint32_t delta = json_get_kind(d, 0, "delta", TOKEN_OBJECT),
	    m = json_get_kind(d, delta, "message", TOKEN_OBJECT), calls = json_get_kind(d, m, "tool_calls", TOKEN_OBJECT);
	size_t i;

	for (i = 0; begins[i] != NULL && !piece_begins(d, "type", begins[i]);
	    i++)
		;
	if (begins[i] == NULL || (e->kind != COHERE && !json_get_is(d, 0, "type",
	    "message-start")))
		return false;
	if (e->kind == COHERE && i == 0)
		cohere_end(e, NULL, out);
	e->kind = COHERE;
	if (i == 0)
		piece_set(&e->head, d, json_get_kind(d, 0, "id", TOKEN_STRING));
	piece_inside(&e->text, d, json_get_kind(d, json_get_kind(d, m, "content",
	    TOKEN_OBJECT), "text", TOKEN_STRING));
	if (json_get_is(d, 0, "type", "tool-call-start")) {
		call_end(e);
		piece_set(&e->begin, d, calls);
	}
	piece_inside(&e->more, d, json_get_kind(d, json_get_kind(d, calls, "function",
	    TOKEN_OBJECT), "arguments", TOKEN_STRING));
	if (json_get_is(d, 0, "type", "message-end"))
		cohere_end(e, d, out);
	return true;
}

static void
llama_end(struct event_joiner *e, struct buf *out)
{
	struct writer w = WRITER(out, WRITE_KEPT);

	write_object(&w, NULL);
	write_word(&w, "stop_type", "incomplete");
	piece_write(&w, "content", "\"\"", &e->text);
	write_end(&w);
	buf_putc(out, '\n');
	clear(e);
}

/* llama.cpp's pieces say that they are not the last; the last has all else. */
static bool
llama_add(struct event_joiner *e, const struct json *d, struct buf *out)
{
	static const char *const but[] = { "content", NULL };
	uint32_t text = json_get_kind(d, 0, "content", TOKEN_STRING);
	bool last = json_get_kind(d, 0, "stop", TOKEN_TRUE) != JSON_NONE;
	struct writer w = WRITER(out, WRITE_KEPT);

	if (text == JSON_NONE || (!last && json_get_kind(d, 0, "stop", TOKEN_FALSE) ==
	    JSON_NONE) || (last && e->kind != LLAMA))
		return false;
	e->kind = LLAMA;
	piece_inside(&e->text, d, text);
	if (!last)
		return true;
	if (e->broken) {
		llama_end(e, out);
		return true;
	}
	write_object(&w, NULL);
	piece_write(&w, "content", "\"\"", &e->text);
	piece_members(&w, json_raw(d, 0), but);
	write_end(&w);
	buf_putc(out, '\n');
	clear(e);
	return true;
}

/* Anthropic's first API: texts, of which the last says why it stopped. */
static void
completion_end(struct event_joiner *e, const struct json *d, struct buf *out)
{
	static const char *const but[] = { "completion", NULL };
	static const char *const cut[] = { "completion", "stop_reason", NULL };
	struct writer w = WRITER(out, WRITE_KEPT);

	write_object(&w, NULL);
	piece_write(&w, "completion", "\"\"", &e->text);
	if (d != NULL && !e->broken) {
		piece_members(&w, json_raw(d, 0), but);
	} else {
		piece_members(&w, buf_slice(&e->head), cut);
		write_word(&w, "stop_reason", "error");
	}
	write_end(&w);
	buf_putc(out, '\n');
	clear(e);
}

static bool
completion_add(struct event_joiner *e, const struct json *d, struct buf *out)
{
	uint32_t text = json_get_kind(d, 0, "completion", TOKEN_STRING);
	bool last = json_get_kind(d, 0, "stop_reason", TOKEN_STRING) !=
	    JSON_NONE;

	if (text == JSON_NONE || !json_get_is(d, 0, "type", "completion") ||
	    (last && e->kind != COMPLETION))
		return false;
	if (e->kind == COMPLETION && !piece_same(&e->head, d, 0, "id"))
		completion_end(e, NULL, out);
	e->kind = COMPLETION;
	piece_set(&e->head, d, 0);
	piece_inside(&e->text, d, text);
	if (last)
		completion_end(e, d, out);
	return true;
}

/* Bedrock's ConverseStream: a block that is over goes to those that are done. */
static void
block_end(struct event_joiner *e)
{
	static const char *const none[] = { NULL };
	struct writer w;

	if (e->begin.n + e->text.n == 0)
		return;
	if (e->list.n > 0)
		buf_putc(&e->list, ',');
	w = WRITER(&e->list, WRITE_KEPT);
	write_object(&w, NULL);
	if (e->begin.n > 0) {
		write_object(&w, "toolUse");
		piece_members(&w, buf_slice(&e->begin), none);
		if (e->more.n > 0)
			arguments_write(&w, "input", &e->more);
		else
			write_raw(&w, "input", SLICE("{}"));
		write_end(&w);
	} else {
		piece_write(&w, "text", "\"\"", &e->text);
	}
	write_end(&w);
	buf_clear(&e->begin);
	buf_clear(&e->text);
	buf_clear(&e->more);
}

/* told: usage and metrics, which come last; JSON_NONE: they did not. */
static void
converse_end(struct event_joiner *e, const struct json *d, uint32_t told,
    struct buf *out)
{
	static const char *const none[] = { NULL };
	struct writer w = WRITER(out, WRITE_KEPT);

	block_end(e);
	write_object(&w, NULL);
	write_object(&w, "output");
	write_object(&w, "message");
	write_word(&w, "role", "assistant");
	piece_write(&w, "content", "[]", &e->list);
	write_end(&w);
	write_end(&w);
	if (e->head.n > 0 && !e->broken)
		write_raw(&w, "stopReason", buf_slice(&e->head));
	else
		write_word(&w, "stopReason", "error");
	if (told != JSON_NONE)
		piece_members(&w, json_raw(d, told), none);
	write_end(&w);
	buf_putc(out, '\n');
	clear(e);
}

static bool
converse_add(struct event_joiner *e, const struct json *d, struct buf *out)
{
	uint32_t begin = json_get_kind(d, 0, "messageStart", TOKEN_OBJECT);
	uint32_t start = json_get_kind(d, json_get_kind(d, 0,
	    "contentBlockStart", TOKEN_OBJECT), "start", TOKEN_OBJECT);
	uint32_t delta = json_get_kind(d, json_get_kind(d, 0,
	    "contentBlockDelta", TOKEN_OBJECT), "delta", TOKEN_OBJECT);
	uint32_t stop = json_get_kind(d, 0, "messageStop", TOKEN_OBJECT);
	uint32_t told = json_get_kind(d, 0, "metadata", TOKEN_OBJECT);

	if (begin != JSON_NONE && e->kind == CONVERSE)
		converse_end(e, d, JSON_NONE, out);
	if (e->kind != CONVERSE && begin == JSON_NONE)
		return false;
	e->kind = CONVERSE;
	if (json_get_kind(d, 0, "contentBlockStop", TOKEN_OBJECT) != JSON_NONE)
		block_end(e);
	piece_set(&e->begin, d, json_get_kind(d, start, "toolUse",
	    TOKEN_OBJECT));
	piece_inside(&e->text, d, json_get_kind(d, delta, "text", TOKEN_STRING));
	piece_inside(&e->more, d, json_get_kind(d, json_get_kind(d, delta,
	    "toolUse", TOKEN_OBJECT), "input", TOKEN_STRING));
	if (stop != JSON_NONE)
		piece_set(&e->head, d, json_get_kind(d, stop, "stopReason",
		    TOKEN_STRING));
	if (told != JSON_NONE)
		converse_end(e, d, told, out);
	return true;
}

/* What is under way, with the members of the last event beside the text. */
static void
text_end(struct event_joiner *e, const char *key, const struct json *d,
    struct buf *out)
{
	bool whole = d != NULL && !e->broken;
	const char *const but[] = { key, whole ? NULL : "finish_reason", NULL };
	struct writer w = WRITER(out, WRITE_KEPT);

	write_object(&w, NULL);
	piece_write(&w, key, "\"\"", &e->text);
	piece_members(&w, d != NULL ? json_raw(d, 0) : buf_slice(&e->head),
	    but);
	if (!whole)
		write_word(&w, "finish_reason", "error");
	write_end(&w);
	buf_putc(out, '\n');
	clear(e);
}

/* Dify tells of much else; ERNIE says of each piece whether it is the last. */
static bool
dify_add(struct event_joiner *e, const struct json *d, struct buf *out)
{
	bool said = json_get_is(d, 0, "event", "message") || json_get_is(d, 0,
	    "event", "agent_message");

	if (json_get_kind(d, 0, "event", TOKEN_STRING) == JSON_NONE ||
	    (json_get_kind(d, 0, "task_id", TOKEN_STRING) == JSON_NONE &&
	    !json_get_is(d, 0, "event", "ping")) || json_get_is(d, 0, "event",
	    "error"))
		return false;
	if (said) {
		if (e->kind == ANSWER && !piece_same(&e->head, d, 0,
		    "message_id"))
			text_end(e, "answer", NULL, out);
		e->kind = ANSWER;
		piece_set(&e->head, d, 0);
		piece_inside(&e->text, d, json_get_kind(d, 0, "answer",
		    TOKEN_STRING));
	} else if (json_get_is(d, 0, "event", "message_end")) {
		text_end(e, "answer", d, out);
	}
	return true;
}

static bool
ernie_add(struct event_joiner *e, const struct json *d, struct buf *out)
{
	uint32_t text = json_get_kind(d, 0, "result", TOKEN_STRING);
	bool last = json_get_kind(d, 0, "is_end", TOKEN_TRUE) != JSON_NONE;

	if (text == JSON_NONE || json_get(d, 0, "is_end") == JSON_NONE)
		return false;
	if (e->kind == RESULT && !piece_same(&e->head, d, 0, "id"))
		text_end(e, "result", NULL, out);
	e->kind = RESULT;
	piece_set(&e->head, d, 0);
	piece_inside(&e->text, d, text);
	if (last)
		text_end(e, "result", d, out);
	return true;
}

/* A state of LangGraph's has the messages so far; the last one has the answer. */
static uint32_t
first_message(const struct json *d)
{
	uint32_t all = json_get_kind(d, 0, "messages", TOKEN_ARRAY), first;

	if (all == JSON_NONE || d->tok[all].count == 0)
		return JSON_NONE;
	first = json_first(d, all);
	return json_kind(d, first) == TOKEN_OBJECT && json_get(d, first,
	    "content") != JSON_NONE && json_get_kind(d, first, "type",
	    TOKEN_STRING) != JSON_NONE && json_get(d, first, "role") ==
	    JSON_NONE ? first : JSON_NONE;
}

bool
event_joiner_is_run(const struct json *d)
{
	return json_get_kind(d, 0, "run_id", TOKEN_STRING) != JSON_NONE &&
	    (d->tok[0].count == 1 || json_get_kind(d, 0, "attempt",
	    TOKEN_NUMBER) != JSON_NONE);
}

bool
event_joiner_has_state(const struct event_joiner *e)
{
	return e->kind == STATE;
}

static void
state_end(struct event_joiner *e, struct buf *out)
{
	buf_add_slice(out, buf_slice(&e->text));
	buf_putc(out, '\n');
	clear(e);
}

static bool
state_add(struct event_joiner *e, const struct json *d, struct buf *out)
{
	uint32_t first = first_message(d);

	if (first == JSON_NONE && !event_joiner_is_run(d))
		return false;
	if (e->kind == STATE && (first == JSON_NONE || !slice_eq(json_raw(d,
	    first), buf_slice(&e->head))))
		state_end(e, out);
	if (first == JSON_NONE)
		return true;
	e->kind = STATE;
	piece_set(&e->head, d, first);
	piece_set(&e->text, d, 0);
	return true;
}

bool
event_joiner_add(struct event_joiner *e, const struct json *d, struct buf *out)
{
	if (e->kind == STATE && json_kind(d, 0) == TOKEN_NULL)
		return true;		/* the event end */
	return json_kind(d, 0) == TOKEN_OBJECT && (steps_add(e, d, out) ||
	    cohere_add(e, d, out) || llama_add(e, d, out) ||
	    completion_add(e, d, out) || dify_add(e, d, out) ||
	    ernie_add(e, d, out) || converse_add(e, d, out) ||
	    state_add(e, d, out));
}

void
event_joiner_end(struct event_joiner *e, struct buf *out)
{
	if (e->kind == STEPS)
		steps_end(e, false, out);
	else if (e->kind == COHERE)
		cohere_end(e, NULL, out);
	else if (e->kind == LLAMA)
		llama_end(e, out);
	else if (e->kind == COMPLETION)
		completion_end(e, NULL, out);
	else if (e->kind == CONVERSE)
		converse_end(e, NULL, JSON_NONE, out);
	else if (e->kind == STATE)
		state_end(e, out);
	else if (e->kind == ANSWER || e->kind == RESULT)
		text_end(e, e->kind == ANSWER ? "answer" : "result", NULL, out);
}
