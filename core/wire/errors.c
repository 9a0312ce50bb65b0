#include "core/wire/errors.h"

#include "core/json/write.h"
#include "core/wire/events.h"

/*
 * What the APIs call an error of each status: openai-python's and OpenAI's guide
 * to error codes, Anthropic's table of errors.  The last row is of all others.
 */
static const struct error_words {
	int		 status;
	const char	*type, *code, *anthropic;
} words[] = {
	{ 400, "invalid_request_error", NULL, "invalid_request_error" },
	{ 401, "invalid_request_error", "invalid_api_key",
	    "authentication_error" },
	{ 403, "permission_error", NULL, "permission_error" },
	{ 404, "invalid_request_error", "not_found", "not_found_error" },
	{ 405, "invalid_request_error", "method_not_allowed",
	    "invalid_request_error" },
	{ 409, "conflict_error", NULL, "invalid_request_error" },
	{ 413, "invalid_request_error", "request_too_large",
	    "request_too_large" },
	{ 415, "invalid_request_error", "unsupported_media_type",
	    "invalid_request_error" },
	{ 422, "invalid_request_error", NULL, "invalid_request_error" },
	{ 429, "rate_limit_error", "rate_limited", "rate_limit_error" },
	{ 502, "server_error", "bad_gateway", "api_error" },
	{ 503, "server_error", "unavailable", "overloaded_error" },
	{ 504, "server_error", "timeout", "timeout_error" },
	{ 529, "server_error", "unavailable", "overloaded_error" },
	{ 500, "server_error", NULL, "api_error" }
};
#define WORDS	(sizeof(words) / sizeof(words[0]))

static const struct error_words *
word_of(int status)
{
	size_t i;

	for (i = 0; i < WORDS - 1 && words[i].status != status; i++)
		;
	/* A mistake of the client's that has no row. */
	return i == WORDS - 1 && status < 500 ? &words[0] : &words[i];
}

static const char *
given(const char *s, const char *otherwise)
{
	return s != NULL ? s : otherwise;
}

static void
openai(struct writer *w, const struct wire_error *e)
{
	const struct error_words *word = word_of(e->status);

	write_object(w, "error");
	write_word(w, "message", e->message);
	write_word(w, "type", given(e->type, word->type));
	write_null(w, "param");
	write_word(w, "code", given(e->code, word->code));
	write_end(w);
}

static void
anthropic(struct writer *w, const struct wire_error *e)
{
	write_word(w, "type", "error");
	write_object(w, "error");
	write_word(w, "type", word_of(e->status)->anthropic);
	write_word(w, "message", e->message);
	if (e->code != NULL)
		write_word(w, "code", e->code);
	write_end(w);
}

/* The event of Responses has the members by themselves; its clients throw what is
 * in "error". */
static void
response_event(struct writer *w, const struct wire_error *e)
{
	write_word(w, "type", "error");
	write_word(w, "code", given(e->code, word_of(e->status)->code));
	write_word(w, "message", e->message);
	write_null(w, "param");
	write_int(w, "sequence_number", e->sequence);
	openai(w, e);
}

static const struct {
	void		(*body)(struct writer *, const struct wire_error *);
	void		(*event)(struct writer *, const struct wire_error *);
	const char	*type;		/* of the event */
} forms[WIRE_APIS] = {
	[WIRE_CHAT] = { openai, openai, NULL },
	[WIRE_RESPONSES] = { openai, response_event, "error" },
	[WIRE_MESSAGES] = { anthropic, anthropic, "error" }
};

void
wire_error_write(struct buf *b, enum wire_api api, const struct wire_error *e)
{
	struct writer w = WRITER(b, WRITE_KEPT);

	write_object(&w, NULL);
	forms[api].body(&w, e);
	write_end(&w);
}

void
wire_error_event(struct buf *b, enum wire_api api, const struct wire_error *e)
{
	struct buf data = BUF_INIT;
	struct writer w = WRITER(&data, WRITE_KEPT);

	write_object(&w, NULL);
	forms[api].event(&w, e);
	write_end(&w);
	b->failed |= data.failed;
	events_add(b, forms[api].type, buf_slice(&data));
	buf_release(&data);
}

void
wire_error_pass(struct buf *b, enum wire_api api, struct slice body)
{
	events_add(b, forms[api].type, body);
}
