#include "core/wire/chat_release.h"

#include "core/json/value.h"
#include "core/wire/events.h"
#include "core/wire/get.h"
#include "core/wire/patch.h"
#include "core/wire/release_names.h"

static const char *const reasoning[] = { "reasoning_content", "reasoning",
	"reasoning_details", "thinking", "thinking_blocks", NULL };

/* What of a message was the item's output, as core/shape makes it. */
enum said { SAID_CALLS, SAID_MESSAGE, SAID_CONTENT, SAID_REFUSAL };

static bool
is_null(const struct json *d, uint32_t t)
{
	return t == JSON_NONE || json_kind(d, t) == TOKEN_NULL;
}

static bool
is_blank(const struct json *d, uint32_t t)
{
	return is_null(d, t) || (json_kind(d, t) == TOKEN_STRING &&
	    json_string_is(d, t, ""));
}

/* The member that holds calls, or NULL. */
static const char *
calls_of(const struct json *d, uint32_t message)
{
	uint32_t t = json_get_kind(d, message, "tool_calls", TOKEN_ARRAY);

	if (t != JSON_NONE && d->tok[t].count > 0)
		return "tool_calls";
	return json_get_kind(d, message, "function_call", TOKEN_OBJECT) !=
	    JSON_NONE ? "function_call" : NULL;
}

static enum said
part_of(const struct json *d, uint32_t message)
{
	uint32_t content = json_get(d, message, "content");

	if (calls_of(d, message) != NULL)
		return is_blank(d, content) ? SAID_CALLS : SAID_MESSAGE;
	if (!is_blank(d, content))
		return SAID_CONTENT;
	if (json_get_kind(d, message, "refusal", TOKEN_STRING) != JSON_NONE)
		return SAID_REFUSAL;
	return is_null(d, content) ? SAID_MESSAGE : SAID_CONTENT;
}

static void
write_member(struct writer *w, const struct json *d, uint32_t object,
    const char *name)
{
	uint32_t t = json_get(d, object, name);

	if (t != JSON_NONE)
		write_raw(w, name, json_raw(d, t));
}

/* Where an array of parts may stand; any other JSON would be no content. */
static void
write_content(struct writer *w, const char *name, const struct wire_choice *c)
{
	if (c->is_string || c->text.n == 0 || c->text.p[0] != '[')
		write_text(w, name, c->text);
	else
		write_raw(w, name, c->text);
}

/* Only what is known to say nothing of the old text stays beside the new one. */
static void
write_changed(struct writer *w, const struct json *d, uint32_t message,
    const struct wire_choice *c)
{
	enum said part = part_of(d, message);
	const char *calls = calls_of(d, message);
	const char *const *name;

	if (part == SAID_MESSAGE && !c->is_string && c->text.n > 0 &&
	    c->text.p[0] == '{') {
		write_raw(w, "message", c->text);
		return;
	}
	write_object(w, "message");
	write_member(w, d, message, "role");
	if (part == SAID_CALLS && !c->is_string) {
		write_member(w, d, message, "content");
		write_member(w, d, message, "refusal");
		write_raw(w, calls, c->text);
	} else if (part == SAID_REFUSAL) {
		write_member(w, d, message, "content");
		write_content(w, "refusal", c);
	} else {
		write_content(w, "content", c);
		write_null(w, "refusal");
	}
	for (name = reasoning; c->keep_reasoning && *name != NULL; name++)
		write_member(w, d, message, *name);
	write_end(w);
}

static void
write_withheld(struct writer *w, struct slice fallback)
{
	write_object(w, "message");
	write_word(w, "role", "assistant");
	write_text(w, "content", fallback.p == NULL ? SLICE("") : fallback);
	write_null(w, "refusal");
	write_end(w);
}

/* A choice that is not as it came. */
static void
write_choice(struct writer *w, const struct json *d, uint32_t choice,
    const struct wire_choice *c, struct slice fallback)
{
	uint32_t message = json_get_kind(d, choice, "message", TOKEN_OBJECT);
	bool uncalled = message != JSON_NONE && c->is_string &&
	    calls_of(d, message) != NULL;

	write_object(w, NULL);
	write_member(w, d, choice, "index");
	if (c->withheld || message == JSON_NONE)
		write_withheld(w, c->withheld ? fallback : c->text);
	else
		write_changed(w, d, message, c);
	write_null(w, "logprobs");
	if (c->withheld || uncalled)
		write_word(w, "finish_reason", c->withheld ? "content_filter" :
		    "stop");
	else
		write_member(w, d, choice, "finish_reason");
	write_end(w);
}

/* One as it came, but for what is cut. */
static void
copy_choice(struct writer *w, const struct json *d, uint32_t choice,
    bool no_logprobs, bool no_reasoning)
{
	uint32_t message = json_get_kind(d, choice, "message", TOKEN_OBJECT);
	struct wire_member cut[sizeof(reasoning) / sizeof(reasoning[0])];
	struct buf b = BUF_INIT;
	struct writer mw = WRITER(&b, WRITE_KEPT);
	struct wire_member m[2];
	size_t n = 0, i;

	if (no_logprobs && json_get(d, choice, "logprobs") != JSON_NONE)
		m[n++] = (struct wire_member){ "logprobs", SLICE("null") };
	if (no_reasoning && message != JSON_NONE) {
		for (i = 0; reasoning[i] != NULL; i++)
			cut[i] = (struct wire_member){ reasoning[i],
			    SLICE_NONE };
		write_object(&mw, NULL);
		members_write(&mw, d, message, NULL, cut, i);
		write_end(&mw);
		m[n++] = (struct wire_member){ "message", buf_slice(&b) };
	}
	write_object(w, NULL);
	members_write(w, d, choice, NULL, m, n);
	write_end(w);
	w->b->failed |= b.failed;
	buf_release(&b);
}

static void
write_choices(struct writer *w, const struct json *d, uint32_t choices,
    const struct wire_release *r)
{
	static const struct wire_choice as_it_came;
	const struct wire_choice *c;
	uint32_t t;
	size_t i = 0;

	write_array(w, NULL);
	for (t = json_first(d, choices); t != JSON_NONE;
	    t = json_next(d, choices, t), i++) {
		c = i < r->n ? &r->choice[i] : &as_it_came;
		if (json_kind(d, t) == TOKEN_OBJECT && (c->withheld ||
		    c->changed))
			write_choice(w, d, t, c, r->fallback);
		else if (json_kind(d, t) == TOKEN_OBJECT && (r->cut_logprobs ||
		    c->cut_reasoning))
			copy_choice(w, d, t, r->cut_logprobs, c->cut_reasoning);
		else
			write_raw(w, NULL, json_raw(d, t));
	}
	write_end(w);
}

static void
write_usage(struct writer *w, const struct wire_usage *u)
{
	int64_t input = u->input < 0 ? 0 : u->input;
	int64_t output = u->output < 0 ? 0 : u->output;

	write_object(w, NULL);
	write_int(w, "prompt_tokens", input);
	write_int(w, "completion_tokens", output);
	write_int(w, "total_tokens", input + output);
	write_end(w);
}

enum status
chat_write(struct writer *w, const struct json *d, const struct wire_release *r,
    struct error *err)
{
	uint32_t choices = json_get_kind(d, 0, "choices", TOKEN_ARRAY);
	struct buf b[3] = { BUF_INIT, BUF_INIT, BUF_INIT };
	struct writer cw = WRITER(&b[0], WRITE_KEPT);
	struct writer uw = WRITER(&b[1], WRITE_KEPT);
	struct wire_member m[2 + RELEASE_NAMES];
	size_t n = 0;

	if (choices == JSON_NONE)
		return error_set(err, STATUS_INVALID,
		    "a completion without choices");
	write_choices(&cw, d, choices, r);
	m[n++] = (struct wire_member){ "choices", buf_slice(&b[0]) };
	if (r->cut_usage) {
		m[n++] = (struct wire_member){ "usage", SLICE_NONE };
	} else if (r->usage != NULL && is_null(d, json_get(d, 0, "usage"))) {
		write_usage(&uw, r->usage);
		m[n++] = (struct wire_member){ "usage", buf_slice(&b[1]) };
	}
	n += release_names(r, &b[2], m + n);
	write_object(w, NULL);
	members_write(w, d, 0, NULL, m, n);
	write_end(w);
	w->b->failed |= b[0].failed || b[1].failed || b[2].failed;
	buf_release(&b[0]);
	buf_release(&b[1]);
	buf_release(&b[2]);
	return STATUS_OK;
}

/* The members that each chunk has; all others come with the first. */
static void
begin_chunk(struct writer *w, const struct json *d, bool first)
{
	static const char *const each[] = { "id", "created", "model",
		"service_tier", "system_fingerprint", NULL };
	static const struct wire_member but[] = {
		{ "object", { "\"chat.completion.chunk\"", 23 } },
		{ "choices", { NULL, 0 } }, { "usage", { NULL, 0 } }
	};
	const char *const *name;

	write_object(w, NULL);
	if (first) {
		members_write(w, d, 0, NULL, but, 3);
		return;
	}
	for (name = each; *name != NULL; name++)
		write_member(w, d, 0, *name);
	write_raw(w, "object", but[0].raw);
}

static void
write_calls(struct writer *w, const struct json *d, uint32_t calls)
{
	static const struct wire_member index = { "index", { NULL, 0 } };
	uint32_t t, n = 0;

	write_array(w, "tool_calls");
	for (t = json_first(d, calls); t != JSON_NONE;
	    t = json_next(d, calls, t), n++) {
		if (json_kind(d, t) != TOKEN_OBJECT) {
			write_raw(w, NULL, json_raw(d, t));
			continue;
		}
		write_object(w, NULL);
		write_uint(w, "index", n);
		members_write(w, d, t, NULL, &index, 1);
		write_end(w);
	}
	write_end(w);
}

static void
write_delta(struct writer *w, const struct json *d, uint32_t message)
{
	static const struct wire_member but[] = { { "role", { NULL, 0 } },
		{ "tool_calls", { NULL, 0 } } };
	uint32_t t = json_get_kind(d, message, "tool_calls", TOKEN_ARRAY);

	write_object(w, "delta");
	members_write(w, d, message, NULL, but, t == JSON_NONE ? 1 : 2);
	if (t != JSON_NONE)
		write_calls(w, d, t);
	write_end(w);
}

static void
begin_choice(struct writer *w, const struct json *d, uint32_t choice,
    uint32_t nth)
{
	int64_t index = wire_count(d, choice, "index");

	write_array(w, "choices");
	write_object(w, NULL);
	write_int(w, "index", index < 0 ? nth : index);
}

static void
end_chunk(struct writer *w, struct buf *out)
{
	write_end(w);
	write_end(w);
	write_end(w);
	out->failed |= w->b->failed;
	events_add(out, NULL, buf_slice(w->b));
	buf_clear(w->b);
}

/* Who speaks, in a chunk of its own: clients count the logprobs of the first one
 * twice. */
static void
role_event(struct buf *out, struct buf *b, const struct json *d,
    uint32_t choice, uint32_t nth)
{
	struct writer w = WRITER(b, WRITE_KEPT);
	uint32_t message = json_get_kind(d, choice, "message", TOKEN_OBJECT);

	begin_chunk(&w, d, nth == 0);
	begin_choice(&w, d, choice, nth);
	write_object(&w, "delta");
	write_member(&w, d, message, "role");
	if (json_get_kind(d, message, "content", TOKEN_STRING) != JSON_NONE)
		write_word(&w, "content", "");
	write_end(&w);
	write_null(&w, "logprobs");
	write_null(&w, "finish_reason");
	end_chunk(&w, out);
}

/* Then what the model said, and that it ended. */
static void
choice_events(struct buf *out, struct buf *b, const struct json *d,
    uint32_t choice, uint32_t nth)
{
	static const struct wire_member said[] = { { "index", { NULL, 0 } },
		{ "message", { NULL, 0 } }, { "delta", { NULL, 0 } },
		{ "logprobs", { "null", 4 } } };
	struct writer w = WRITER(b, WRITE_KEPT);
	uint32_t message = json_get_kind(d, choice, "message", TOKEN_OBJECT);
	uint32_t logprobs = json_get(d, choice, "logprobs");

	if (message != JSON_NONE)
		role_event(out, b, d, choice, nth);
	begin_chunk(&w, d, message == JSON_NONE && nth == 0);
	begin_choice(&w, d, choice, nth);
	if (message == JSON_NONE)
		write_raw(&w, "delta", SLICE("{}"));
	else
		write_delta(&w, d, message);
	write_raw(&w, "logprobs", logprobs == JSON_NONE ? SLICE("null") :
	    json_raw(d, logprobs));
	write_null(&w, "finish_reason");
	end_chunk(&w, out);
	w = WRITER(b, WRITE_KEPT);
	begin_chunk(&w, d, false);
	begin_choice(&w, d, choice, nth);
	write_raw(&w, "delta", SLICE("{}"));
	members_write(&w, d, choice, NULL, said, 4);
	end_chunk(&w, out);
}

static void
usage_event(struct buf *out, struct buf *b, const struct json *d,
    uint32_t usage)
{
	struct writer w = WRITER(b, WRITE_KEPT);

	begin_chunk(&w, d, false);
	write_array(&w, "choices");
	write_end(&w);
	write_raw(&w, "usage", json_raw(d, usage));
	write_end(&w);
	events_add(out, NULL, buf_slice(b));
}

void
chat_events(struct buf *out, const struct json *d)
{
	uint32_t choices = json_get_kind(d, 0, "choices", TOKEN_ARRAY), t, n =
	    0;
	uint32_t usage = json_get_kind(d, 0, "usage", TOKEN_OBJECT);
	struct buf b = BUF_INIT;

	for (t = choices == JSON_NONE ? JSON_NONE : json_first(d, choices);
	    t != JSON_NONE; t = json_next(d, choices, t))
		if (json_kind(d, t) == TOKEN_OBJECT)
			choice_events(out, &b, d, t, n++);
	if (usage != JSON_NONE)
		usage_event(out, &b, d, usage);
	buf_puts(out, "data: [DONE]\n\n");
	out->failed |= b.failed;
	buf_release(&b);
}
