#include "core/wire/messages_release.h"

#include "core/json/value.h"
#include "core/wire/events.h"
#include "core/wire/patch.h"
#include "core/wire/release_names.h"

static bool
is_thought(const struct json *d, uint32_t block)
{
	return json_get_is(d, block, "type", "thinking") ||
	    json_get_is(d, block, "type", "redacted_thinking");
}

static void
write_blocks(struct writer *w, const struct json *d, uint32_t content,
    bool thoughts, bool others)
{
	uint32_t t;

	for (t = json_first(d, content); t != JSON_NONE;
	    t = json_next(d, content, t))
		if (is_thought(d, t) ? thoughts : others)
			write_raw(w, NULL, json_raw(d, t));
}

static void
write_text_block(struct writer *w, struct slice text)
{
	if (text.n == 0)
		return;		/* the API refuses empty ones that come back */
	write_object(w, NULL);
	write_word(w, "type", "text");
	write_text(w, "text", text);
	write_end(w);
}

static void
write_content(struct writer *w, const struct json *d, uint32_t content,
    const struct wire_choice *c, struct slice fallback)
{
	write_array(w, NULL);
	if (c->withheld) {
		write_text_block(w, fallback);
	} else if (c->changed) {
		write_blocks(w, d, content, c->keep_reasoning, false);
		if (!c->is_string && c->text.n > 0 && c->text.p[0] == '[')
			write_inside(w, c->text);
		else
			write_text_block(w, c->text);
	} else {
		write_blocks(w, d, content, false, true);
	}
	write_end(w);
}

static void
write_usage(struct writer *w, const char *name, const struct wire_usage *u)
{
	write_object(w, name);
	write_int(w, "input_tokens", u->input < 0 ? 0 : u->input);
	write_int(w, "output_tokens", u->output < 0 ? 0 : u->output);
	write_end(w);
}

/* Which members are otherwise, and how many. */
static size_t
stop_members(const struct json *d, const struct wire_choice *c,
    struct wire_member *m)
{
	size_t n = 0;

	if (c->withheld) {
		m[n++] = (struct wire_member){ "stop_reason",
		    SLICE("\"refusal\"") };
		m[n++] = (struct wire_member){ "stop_sequence", SLICE("null") };
		m[n++] = (struct wire_member){ "stop_details", SLICE_NONE };
	} else if (c->changed && c->is_string && json_get_is(d, 0,
	    "stop_reason", "tool_use")) {
		m[n++] = (struct wire_member){ "stop_reason",
		    SLICE("\"end_turn\"") };
	}
	return n;
}

enum status
messages_write(struct writer *w, const struct json *d,
    const struct wire_release *r, struct error *err)
{
	static const struct wire_choice as_it_came;
	const struct wire_choice *c = r->n == 0 ? &as_it_came : r->choice;
	uint32_t content = json_get_kind(d, 0, "content", TOKEN_ARRAY);
	struct buf b[3] = { BUF_INIT, BUF_INIT, BUF_INIT };
	struct writer cw = WRITER(&b[0], WRITE_KEPT);
	struct writer uw = WRITER(&b[1], WRITE_KEPT);
	struct wire_member m[4 + 1 + RELEASE_NAMES];
	size_t n, i;

	if (content == JSON_NONE)
		return error_set(err, STATUS_INVALID, "a message without "
		    "content");
	n = stop_members(d, c, m);
	if (c->withheld || c->changed || c->cut_reasoning) {
		write_content(&cw, d, content, c, r->fallback);
		m[n++] = (struct wire_member){ "content", buf_slice(&b[0]) };
	}
	if (r->usage != NULL && json_get_kind(d, 0, "usage", TOKEN_OBJECT) ==
	    JSON_NONE) {
		write_usage(&uw, NULL, r->usage);
		m[n++] = (struct wire_member){ "usage", buf_slice(&b[1]) };
	}
	n += release_names(r, &b[2], m + n);
	write_object(w, NULL);
	members_write(w, d, 0, NULL, m, n);
	write_end(w);
	for (i = 0; i < 3; i++) {
		w->b->failed |= b[i].failed;
		buf_release(&b[i]);
	}
	return STATUS_OK;
}

static struct slice
raw_of(const struct json *d, uint32_t object, const char *name,
    struct slice otherwise)
{
	uint32_t t = json_get(d, object, name);

	return t == JSON_NONE ? otherwise : json_raw(d, t);
}

/* Clients want one. */
static void
copy_usage(struct writer *w, const struct json *d)
{
	uint32_t t = json_get_kind(d, 0, "usage", TOKEN_OBJECT);

	if (t == JSON_NONE)
		write_usage(w, "usage", &WIRE_USAGE_NONE);
	else
		write_raw(w, "usage", json_raw(d, t));
}

static void
end_event(struct writer *w, struct buf *out, const char *type)
{
	write_end(w);
	out->failed |= w->b->failed;
	events_add(out, type, buf_slice(w->b));
	buf_clear(w->b);
}

static struct writer
begin_event(struct buf *b, const char *type, int64_t index)
{
	struct writer w = WRITER(b, WRITE_KEPT);

	write_object(&w, NULL);
	write_word(&w, "type", type);
	if (index >= 0)
		write_int(&w, "index", index);
	return w;
}

static void
message_start(struct buf *out, struct buf *b, const struct json *d)
{
	struct writer w = begin_event(b, "message_start", -1);
	const struct wire_member m[] = {
		{ "content", SLICE("[]") }, { "stop_reason", SLICE("null") },
		{ "stop_sequence", SLICE("null") }, { "usage", SLICE_NONE }
	};

	write_object(&w, "message");
	members_write(&w, d, 0, NULL, m, 4);
	copy_usage(&w, d);
	write_end(&w);
	end_event(&w, out, "message_start");
}

/* What comes in deltas, and what stands in its place as the block begins. */
static const struct {
	const char	*name, *type, *as;
	struct slice	 empty;
	enum json_kind	 kind;
} deltas[] = {
	{ "text", "text_delta", "text", { "\"\"", 2 }, TOKEN_STRING },
	{ "thinking", "thinking_delta", "thinking", { "\"\"", 2 },
	    TOKEN_STRING },
	{ "signature", "signature_delta", "signature", { "\"\"", 2 },
	    TOKEN_STRING },
	{ "input", "input_json_delta", "partial_json", { "{}", 2 },
	    TOKEN_OBJECT }
};
#define DELTAS	(sizeof(deltas) / sizeof(deltas[0]))

static void
block_delta(struct buf *out, struct buf *b, const struct json *d, uint32_t t,
    int64_t index, size_t i)
{
	struct writer w = begin_event(b, "content_block_delta", index);

	write_object(&w, "delta");
	write_word(&w, "type", deltas[i].type);
	if (deltas[i].kind == TOKEN_STRING)
		write_raw(&w, deltas[i].as, json_raw(d, t));
	else
		write_text(&w, deltas[i].as, json_raw(d, t));
	write_end(&w);
	end_event(&w, out, "content_block_delta");
}

static void
block_events(struct buf *out, struct buf *b, const struct json *d,
    uint32_t block, int64_t index)
{
	struct writer w = begin_event(b, "content_block_start", index);
	struct wire_member m[DELTAS];
	uint32_t t[DELTAS];
	size_t i, n = 0;

	for (i = 0; i < DELTAS; i++) {
		t[i] = json_get_kind(d, block, deltas[i].name, deltas[i].kind);
		if (t[i] != JSON_NONE)
			m[n++] = (struct wire_member){ deltas[i].name,
			    deltas[i].empty };
	}
	write_object(&w, "content_block");
	members_write(&w, d, block, NULL, m, n);
	write_end(&w);
	end_event(&w, out, "content_block_start");
	for (i = 0; i < DELTAS; i++)
		if (t[i] != JSON_NONE && !slice_eq(json_raw(d, t[i]),
		    deltas[i].empty))
			block_delta(out, b, d, t[i], index, i);
	w = begin_event(b, "content_block_stop", index);
	end_event(&w, out, "content_block_stop");
}

static void
message_delta(struct buf *out, struct buf *b, const struct json *d)
{
	struct writer w = begin_event(b, "message_delta", -1);
	struct slice details = raw_of(d, 0, "stop_details", SLICE_NONE);

	write_object(&w, "delta");
	write_raw(&w, "stop_reason", raw_of(d, 0, "stop_reason",
	    SLICE("null")));
	write_raw(&w, "stop_sequence", raw_of(d, 0, "stop_sequence",
	    SLICE("null")));
	if (details.p != NULL)
		write_raw(&w, "stop_details", details);
	write_end(&w);
	copy_usage(&w, d);
	end_event(&w, out, "message_delta");
}

void
messages_events(struct buf *out, const struct json *d)
{
	uint32_t content = json_get_kind(d, 0, "content", TOKEN_ARRAY), t;
	struct buf b = BUF_INIT;
	struct writer w;
	int64_t index = 0;

	message_start(out, &b, d);
	for (t = content == JSON_NONE ? JSON_NONE : json_first(d, content);
	    t != JSON_NONE; t = json_next(d, content, t))
		if (json_kind(d, t) == TOKEN_OBJECT)
			block_events(out, &b, d, t, index++);
	message_delta(out, &b, d);
	w = begin_event(&b, "message_stop", -1);
	end_event(&w, out, "message_stop");
	buf_release(&b);
}
