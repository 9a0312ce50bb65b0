#include "core/wire/strings.h"

#include <stdlib.h>

#include "core/json/value.h"

/* Members of messages and their parts that name, type or refer, and those that
 * hold bytes: nothing that anybody wrote to be read. */
static const char *const no_text[] = { "role", "type", "id", "tool_call_id",
	"call_id", "tool_use_id", "item_id", "file_id", "name", "status",
	"media_type", "detail", "format", "cache_control", "signature", "data",
	"file_data", "encrypted_content", "image_url", "file_url", "url", "size",
	"quality", NULL };

/* Signed: with another text they would be refused. */
static const char *const thoughts[] = { "thinking", "redacted_thinking", NULL };

static enum status
add(struct strings *s, uint32_t t, struct error *err)
{
	size_t cap = s->cap == 0 ? 32 : s->cap * 2;
	void *p;

	if (s->n == s->cap) {
		if ((p = realloc(s->t, cap * sizeof(*s->t))) == NULL)
			return error_nomem(err);
		s->t = p;
		s->cap = cap;
	}
	s->t[s->n++] = t;
	return STATUS_OK;
}

static bool
is_one_of(const struct json *d, uint32_t t, const char *const *names)
{
	for (; *names != NULL; names++)
		if (json_string_is(d, t, *names))
			return true;
	return false;
}

static bool
is_thought(const struct json *d, uint32_t object)
{
	uint32_t type = json_get_kind(d, object, "type", TOKEN_STRING);

	return type != JSON_NONE && is_one_of(d, type, thoughts);
}

/* What lies in the value, which no parser lets be deep.  A call's input is an
 * object whose members have names of its own. */
static enum status
walk(struct strings *s, uint32_t t, bool own_names, struct error *err)
{
	const struct json *d = s->d;
	bool object = json_kind(d, t) == TOKEN_OBJECT;
	enum status st = STATUS_OK;
	uint32_t e;

	if (json_kind(d, t) == TOKEN_STRING)
		return add(s, t, err);
	if (!object && json_kind(d, t) != TOKEN_ARRAY)
		return STATUS_OK;
	if (object && !own_names && is_thought(d, t))
		return STATUS_OK;
	for (e = json_first(d, t); e != JSON_NONE && st == STATUS_OK;
	    e = json_next(d, t, e)) {
		if (!object)
			st = walk(s, e, own_names, err);
		else if (own_names || !is_one_of(d, e, no_text))
			st = walk(s, e + 1, own_names || (json_kind(d, e + 1) ==
			    TOKEN_OBJECT && json_string_is(d, e, "input")),
			    err);
	}
	return st;
}

enum status
strings_find(struct strings *s, const struct wire_asks *asks, struct error *err)
{
	const struct json *d = s->d;
	enum status st = STATUS_OK;
	uint32_t t;

	for (t = json_first(d, 0); t != JSON_NONE && st == STATUS_OK;
	    t = json_next(d, 0, t))
		if (json_string_is(d, t, asks->messages) ||
		    json_string_is(d, t, "prediction") ||
		    (asks->system != NULL && json_string_is(d, t,
		    asks->system)))
			st = walk(s, t + 1, false, err);
	return st;
}

void
strings_release(struct strings *s)
{
	free(s->t);
	s->t = NULL;
	s->n = s->cap = 0;
}
