#include "queue/ingest/joiner_chat.h"

#include "core/json/value.h"
#include "queue/ingest/joiner_piece.h"

void
chat_joiner_release(struct chat_joiner *c)
{
	buf_release(&c->text);
	buf_release(&c->refusal);
	buf_release(&c->logprobs);
	buf_release(&c->sources);
	buf_release(&c->context);
	buf_release(&c->filter);
	audio_joiner_release(&c->audio);
	calls_joiner_release(&c->calls);
}

/* A text, or a list of parts, of which some were only thought. */
static void
content_add(struct chat_joiner *c, const struct json *d, uint32_t delta)
{
	uint32_t content = json_get_value(d, delta, "content"), t;

	if (content != JSON_NONE && json_kind(d, content) == TOKEN_STRING)
		piece_inside(&c->text, d, content);
	if (content == JSON_NONE || json_kind(d, content) != TOKEN_ARRAY)
		return;
	for (t = json_first(d, content); t != JSON_NONE;
	    t = json_next(d, content, t))
		if (json_get_is(d, t, "type", "text"))
			piece_inside(&c->text, d, json_get_kind(d, t, "text",
			    TOKEN_STRING));
}

static void
elements_add(struct buf *b, const struct json *d, uint32_t array)
{
	uint32_t t;

	for (t = array == JSON_NONE ? JSON_NONE : json_first(d, array);
	    t != JSON_NONE; t = json_next(d, array, t))
		piece_element(b, json_raw(d, t));
}

static size_t
size(const struct chat_joiner *c)
{
	return c->text.n + c->refusal.n + c->logprobs.n + c->sources.n +
	    c->context.n + c->filter.n + c->calls.bytes;
}

size_t
chat_joiner_add(struct chat_joiner *c, const struct json *d, uint32_t choice,
    bool chat)
{
	size_t before = size(c), after;
	uint32_t delta = json_get_kind(d, choice, "delta", TOKEN_OBJECT);
	uint32_t probs = json_get_kind(d, choice, "logprobs", TOKEN_OBJECT);

	if (chat)
		content_add(c, d, delta);
	else
		piece_inside(&c->text, d, json_get_kind(d, choice, "text",
		    TOKEN_STRING));
	piece_inside(&c->refusal, d, json_get_kind(d, delta, "refusal",
	    TOKEN_STRING));
	audio_joiner_add(&c->audio, d, json_get_kind(d, delta, "audio",
	    TOKEN_OBJECT));
	calls_joiner_add(&c->calls, d, delta);
	elements_add(&c->sources, d, json_get_kind(d, delta, "annotations",
	    TOKEN_ARRAY));
	elements_add(&c->logprobs, d, json_get_kind(d, probs, chat ?
	    "content" : "token_logprobs", TOKEN_ARRAY));
	piece_set(&c->context, d, json_get_kind(d, delta, "context",
	    TOKEN_OBJECT));
	/* One that held something back is not forgotten for a later one. */
	if (c->filter.n == 0 || memmem(c->filter.p, c->filter.n, "true", 4) ==
	    NULL)
		piece_set(&c->filter, d, json_get_kind(d, choice,
		    "content_filter_results", TOKEN_OBJECT));
	after = size(c);
	return after > before ? after - before : 0;
}

static void
message_write(const struct chat_joiner *c, struct writer *w)
{
	write_object(w, "message");
	write_word(w, "role", "assistant");
	if (c->text.n > 0 || (c->calls.n == 0 && c->refusal.n == 0 &&
	    !c->audio.used))
		piece_write(w, "content", "\"\"", &c->text);
	else
		write_null(w, "content");
	if (c->refusal.n > 0)
		piece_write(w, "refusal", "\"\"", &c->refusal);
	audio_joiner_write(&c->audio, w);
	calls_joiner_write(&c->calls, w);
	if (c->sources.n > 0)
		piece_write(w, "annotations", "[]", &c->sources);
	if (c->context.n > 0)
		write_raw(w, "context", buf_slice(&c->context));
	write_end(w);
}

void
chat_joiner_write(const struct chat_joiner *c, struct writer *w, bool chat)
{
	if (chat)
		message_write(c, w);
	else
		piece_write(w, "text", "\"\"", &c->text);
	if (c->logprobs.n > 0) {
		write_object(w, "logprobs");
		piece_write(w, chat ? "content" : "token_logprobs", "[]",
		    &c->logprobs);
		write_end(w);
	}
	if (c->filter.n > 0)
		write_raw(w, "content_filter_results", buf_slice(&c->filter));
}
