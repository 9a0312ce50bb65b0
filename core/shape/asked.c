#include "core/shape/asked.h"

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/lc.h"
#include "core/shape/part_kind.h"
#include "core/shape/parts.h"

static const struct {
	const char	*theirs, *role;
} roles[] = {
	{ "model", "assistant" }, { "ai", "assistant" },
	{ "human", "user" }, { "USER", "user" }, { "CHATBOT", "assistant" }, { "SYSTEM", "system" }
};

static void
role_write(const struct json *d, uint32_t message, struct writer *w)
{
	uint32_t t = json_get_kind(d, message, "role", TOKEN_STRING);
	size_t i;

	if (t == JSON_NONE)
		t = json_get_kind(d, message, "type", TOKEN_STRING);
	for (i = 0; t != JSON_NONE && i < sizeof(roles) / sizeof(roles[0]); i++)
		if (json_string_is(d, t, roles[i].theirs)) {
			write_word(w, "role", roles[i].role);
			return;
		}
	if (t == JSON_NONE)
		write_word(w, "role", "user");
	else
		write_raw(w, "role", json_raw(d, t));
}

static uint32_t
content_of(const struct json *d, uint32_t message)
{
	static const char *const keys[] = { "content", "parts", "message",
	    "text" };
	uint32_t t;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if ((t = json_get_value(d, message, keys[i])) != JSON_NONE)
			return t;
	return JSON_NONE;
}

/* lc: LangChain's, or NULL. */
static void
message_write(const struct json *d, uint32_t message,
    const struct lc_message *lc, struct writer *w)
{
	static const char *const also[] = { "tool_calls", "tool_call_id",
	    "name" };
	uint32_t content = content_of(d, message), t;
	struct buf text = BUF_INIT;
	size_t i;

	write_object(w, NULL);
	if (lc != NULL && lc->role != NULL)
		write_word(w, "role", lc->role);
	else
		role_write(d, message, w);
	buf_putc(&text, '"');
	if (content == JSON_NONE) {
		write_null(w, "content");
	} else if (json_kind(d, content) == TOKEN_ARRAY &&
	    part_texts(d, content, &text)) {
		buf_putc(&text, '"');
		write_raw(w, "content", buf_slice(&text));
	} else {
		write_raw(w, "content", json_raw(d, content));
	}
	for (i = 0; i < sizeof(also) / sizeof(also[0]); i++)
		if ((t = json_get_value(d, message, also[i])) != JSON_NONE &&
		    (i > 0 || part_calls(d, t)))
			write_raw(w, also[i], json_raw(d, t));
	write_end(w);
	w->b->failed |= text.failed;
	buf_release(&text);
}

bool
asked_is_plain(const struct json *d, uint32_t t)
{
	uint32_t e, content;

	if (json_kind(d, t) != TOKEN_ARRAY)
		return false;
	for (e = json_first(d, t); e != JSON_NONE; e = json_next(d, t, e)) {
		if (json_kind(d, e) != TOKEN_OBJECT || json_get_kind(d, e,
		    "role", TOKEN_STRING) == JSON_NONE)
			return false;
		content = json_get(d, e, "content");
		if (content == JSON_NONE || (json_kind(d, content) ==
		    TOKEN_ARRAY && d->tok[content].count > 0 &&
		    json_kind(d, content + 1) == TOKEN_OBJECT &&
		    json_get(d, content + 1, "type") == JSON_NONE))
			return false;
	}
	return true;
}

static struct slice
messages_until(struct reading *r, const struct json *d, uint32_t t, uint32_t end)
{
	struct lc_message lc;
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	uint32_t e;

	write_array(&w, NULL);
	for (e = json_first(d, t); e != end; e = json_next(d, t, e)) {
		if (json_kind(d, e) != TOKEN_OBJECT)
			continue;
		if (lc_message(d, e, &lc))
			message_write(d, lc.data, &lc, &w);
		else
			message_write(d, lc_kwargs(d, e), NULL, &w);
	}
	write_end(&w);
	return part_keep(r, &b);
}

struct slice
asked_messages(struct reading *r, const struct json *d, uint32_t t)
{
	if (json_kind(d, t) == TOKEN_ARRAY && d->tok[t].count == 1 &&
	    json_kind(d, t + 1) == TOKEN_ARRAY)
		t++;		/* a batch of one conversation */
	if (json_kind(d, t) != TOKEN_ARRAY || d->tok[t].count == 0)
		return SLICE_NONE;
	return asked_is_plain(d, t) ? json_raw(d, t) : messages_until(r, d, t,
	    JSON_NONE);
}

struct slice
asked_before(struct reading *r, const struct json *d, uint32_t list,
    uint32_t end)
{
	return json_first(d, list) == end ? SLICE_NONE : messages_until(r, d,
	    list, end);
}

struct slice
asked_text(struct reading *r, const struct json *d, uint32_t t)
{
	uint32_t content = json_kind(d, t) == TOKEN_OBJECT ?
	    content_of(d, t) : t;
	struct buf b = BUF_INIT;

	if (content == JSON_NONE || json_kind(d, content) != TOKEN_ARRAY)
		return SLICE_NONE;
	buf_putc(&b, '"');
	if (!part_texts(d, content, &b)) {
		buf_release(&b);
		return SLICE_NONE;
	}
	buf_putc(&b, '"');
	return part_keep(r, &b);
}
