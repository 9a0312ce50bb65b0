#include "queue/ingest/joiner_agent.h"

#include "core/json/value.h"
#include "core/json/write.h"
#include "queue/ingest/joiner_piece.h"

enum { NOTHING, CLAUDE, GEMINI, CODEX };

static void
clear(struct agent_joiner *a)
{
	buf_clear(&a->head);
	buf_clear(&a->last);
	buf_clear(&a->text);
	buf_clear(&a->asked);
	a->kind = NOTHING;
	a->open = false;
}

void
agent_joiner_release(struct agent_joiner *a)
{
	buf_release(&a->head);
	buf_release(&a->last);
	buf_release(&a->text);
	buf_release(&a->asked);
}

static bool
is(const struct json *d, const char *type)
{
	return json_get_is(d, 0, "type", type);
}

/* A member of the object that is kept, raw. */
static void
kept_write(struct writer *w, const struct buf *kept, const char *within,
    const char *key)
{
	struct json d = JSON_INIT;
	struct json_error why;
	uint32_t t;

	if (kept->n > 0 && json_parse(&d, buf_slice(kept), JSON_DEPTH_MAX,
	    JSON_LENIENT, &why) == STATUS_OK) {
		t = within == NULL ? 0 : json_get_kind(&d, 0, within,
		    TOKEN_OBJECT);
		t = json_get_kind(&d, t, key, TOKEN_STRING);
		if (t != JSON_NONE)
			write_raw(w, key, json_raw(&d, t));
	}
	json_release(&d);
}

/* Of a run that was cut off before it said anything. */
static void
claude_silent(struct agent_joiner *a, struct buf *out)
{
	struct writer w = WRITER(out, WRITE_KEPT);

	write_object(&w, NULL);
	write_word(&w, "type", "message");
	write_word(&w, "role", "assistant");
	kept_write(&w, &a->head, NULL, "session_id");
	kept_write(&w, &a->head, NULL, "model");
	write_raw(&w, "content", SLICE("[]"));
	write_word(&w, "stop_reason", "incomplete");
	write_end(&w);
	buf_putc(out, '\n');
}

/* The last message of a run that was cut off. */
static void
claude_cut(struct agent_joiner *a, struct buf *out)
{
	static const char *const but[] = { "type", "stop_reason", NULL };
	struct writer w = WRITER(out, WRITE_KEPT);
	struct json d = JSON_INIT;
	struct json_error why;
	uint32_t message, stop;

	if (json_parse(&d, buf_slice(&a->last), JSON_DEPTH_MAX, JSON_LENIENT,
	    &why) == STATUS_OK) {
		message = json_get(&d, 0, "message");
		stop = json_get_value(&d, message, "stop_reason");
		write_object(&w, NULL);
		write_word(&w, "type", "message");
		piece_members(&w, json_raw(&d, message), but);
		write_raw(&w, "stop_reason", stop == JSON_NONE ?
		    SLICE("\"incomplete\"") : json_raw(&d, stop));
		write_end(&w);
		buf_putc(out, '\n');
	}
	json_release(&d);
}

/* Claude Code's last line has the answer once more, with what it cost. */
static void
claude_end(struct agent_joiner *a, const struct json *d, struct buf *out)
{
	static const char *const but[] = { "model", "stop_reason", NULL };
	struct writer w = WRITER(out, WRITE_KEPT);

	if (d != NULL) {
		write_object(&w, NULL);
		piece_members(&w, json_raw(d, 0), but);
		kept_write(&w, &a->last, "message", "model");
		kept_write(&w, &a->last, "message", "stop_reason");
		write_end(&w);
		buf_putc(out, '\n');
	} else if (a->last.n > 0) {
		claude_cut(a, out);
	} else if (a->open) {
		claude_silent(a, out);
	}
	clear(a);
}

/* A text is in it, and it is no step of an agent below. */
static bool
claude_says(const struct json *d)
{
	uint32_t all = json_get_kind(d, json_get_kind(d, 0, "message",
	    TOKEN_OBJECT), "content", TOKEN_ARRAY), t;

	if (json_get_value(d, 0, "parent_tool_use_id") != JSON_NONE)
		return false;
	for (t = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    t != JSON_NONE; t = json_next(d, all, t))
		if (json_kind(d, t) == TOKEN_OBJECT && json_get_is(d, t, "type",
		    "text"))
			return true;
	return false;
}

static bool
is_claude(const struct json *d)
{
	static const char *const types[] = { "system", "assistant", "user",
	    "stream_event", "result", "rate_limit_event", "tool_progress" };
	size_t i;

	if (json_get_kind(d, 0, "session_id", TOKEN_STRING) == JSON_NONE)
		return false;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (is(d, types[i]))
			return true;
	return false;
}

static bool
claude_add(struct agent_joiner *a, const struct json *d, struct buf *out)
{
	bool init = is(d, "system") && json_get_is(d, 0, "subtype", "init");

	if (!is_claude(d) || (a->kind != CLAUDE && (!is(d, "system") ||
	    json_get_kind(d, 0, "subtype", TOKEN_STRING) == JSON_NONE)))
		return false;
	if (a->kind != CLAUDE || !piece_same(&a->head, d, 0, "session_id"))
		agent_joiner_end(a, out);
	a->kind = CLAUDE;
	a->open |= init;
	if (init || a->head.n == 0)
		piece_set(&a->head, d, 0);
	if (is(d, "assistant") && claude_says(d))
		piece_set(&a->last, d, 0);
	else if (is(d, "result"))
		claude_end(a, d, out);
	return true;
}

/* As --output-format json has it; an error is told as one. */
static void
gemini_end(struct agent_joiner *a, const struct json *d, struct buf *out)
{
	static const char *const none[] = { NULL };
	struct writer w = WRITER(out, WRITE_KEPT);
	uint32_t stats = d == NULL ? JSON_NONE : json_get_kind(d, 0, "stats",
	    TOKEN_OBJECT);
	uint32_t error = d == NULL ? JSON_NONE : json_get_kind(d, 0, "error",
	    TOKEN_OBJECT);

	write_object(&w, NULL);
	kept_write(&w, &a->head, NULL, "session_id");
	kept_write(&w, &a->head, NULL, "model");
	if (error != JSON_NONE) {
		write_raw(&w, "error", json_raw(d, error));
	} else {
		if (a->asked.n > 0)
			write_raw(&w, "prompt", buf_slice(&a->asked));
		piece_write(&w, "response", "\"\"", &a->text);
		write_object(&w, "stats");
		piece_members(&w, stats == JSON_NONE ? SLICE_NONE :
		    json_raw(d, stats), none);
		write_end(&w);
		write_word(&w, "stop_reason", d == NULL ? "incomplete" : "end");
	}
	write_end(&w);
	buf_putc(out, '\n');
	clear(a);
}

static bool
is_gemini(const struct json *d)
{
	static const char *const types[] = { "message", "tool_use",
	    "tool_result", "error", "result" };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (is(d, types[i]))
			return true;
	return false;
}

static bool
gemini_add(struct agent_joiner *a, const struct json *d, struct buf *out)
{
	bool begins = is(d, "init") && json_get_kind(d, 0, "session_id",
	    TOKEN_STRING) != JSON_NONE && json_get(d, 0, "output") == JSON_NONE;

	if (begins)
		agent_joiner_end(a, out);
	else if (a->kind != GEMINI || !is_gemini(d))
		return false;
	a->kind = GEMINI;
	if (begins)
		piece_set(&a->head, d, 0);
	else if (is(d, "message") && json_get_is(d, 0, "role", "assistant"))
		piece_inside(&a->text, d, json_get_kind(d, 0, "content",
		    TOKEN_STRING));
	else if (is(d, "message") && json_get_is(d, 0, "role", "user"))
		piece_set(&a->asked, d, json_get_kind(d, 0, "content",
		    TOKEN_STRING));
	else if (is(d, "result"))
		gemini_end(a, d, out);
	return true;
}

/* What a turn said last, with what it took. */
static void
codex_end(struct agent_joiner *a, const struct json *d, struct buf *out)
{
	static const char *const but[] = { "type", NULL };
	struct writer w = WRITER(out, WRITE_KEPT);
	uint32_t error = d == NULL ? JSON_NONE : json_get_value(d, 0,
	    is(d, "error") ? "message" : "error");

	write_object(&w, NULL);
	kept_write(&w, &a->head, NULL, "thread_id");
	if (error != JSON_NONE) {
		write_raw(&w, "error", json_raw(d, error));
	} else {
		write_word(&w, "type", "turn.completed");
		piece_write(&w, "text", "\"\"", &a->text);
		if (d != NULL)
			piece_members(&w, json_raw(d, 0), but);
		else
			write_word(&w, "stop_reason", "incomplete");
	}
	write_end(&w);
	buf_putc(out, '\n');
	buf_clear(&a->text);
	a->open = false;
}

static bool
codex_add(struct agent_joiner *a, const struct json *d, struct buf *out)
{
	uint32_t item = json_get_kind(d, 0, "item", TOKEN_OBJECT);

	if (is(d, "thread.started") && json_get_kind(d, 0, "thread_id",
	    TOKEN_STRING) != JSON_NONE) {
		agent_joiner_end(a, out);
		a->kind = CODEX;
		a->open = true;
		piece_set(&a->head, d, 0);
		return true;
	}
	if (a->kind != CODEX || !(piece_begins(d, "type", "turn.") ||
	    piece_begins(d, "type", "item.") || (is(d, "error") &&
	    json_get_kind(d, 0, "message", TOKEN_STRING) != JSON_NONE)))
		return false;
	a->open = true;
	if (is(d, "item.completed") && json_get_is(d, item, "type",
	    "agent_message")) {
		buf_clear(&a->text);
		piece_inside(&a->text, d, json_get_kind(d, item, "text",
		    TOKEN_STRING));
	} else if (is(d, "turn.completed") || is(d, "turn.failed")) {
		codex_end(a, d, out);
	}
	return true;
}

bool
agent_joiner_add(struct agent_joiner *a, const struct json *d, struct buf *out)
{
	return json_kind(d, 0) == TOKEN_OBJECT && (claude_add(a, d, out) ||
	    gemini_add(a, d, out) || codex_add(a, d, out));
}

void
agent_joiner_end(struct agent_joiner *a, struct buf *out)
{
	if (a->kind == CLAUDE)
		claude_end(a, NULL, out);
	else if (a->kind == GEMINI)
		gemini_end(a, NULL, out);
	else if (a->kind == CODEX && a->open)
		codex_end(a, NULL, out);
	clear(a);
}
