#include "queue/ingest/joiner_calls.h"

#include <stdlib.h>

#include "core/json/value.h"
#include "queue/ingest/joiner_piece.h"

#define CALLS_MAX	4096u	/* of one choice */

struct joined_call {
	int64_t		index;
	bool		custom;		/* its input is a text */
	struct buf	id, name, given;	/* inside of a string */
};

/* The last one of that index; NULL: none. */
static struct joined_call *
call_find(struct calls_joiner *j, int64_t index)
{
	size_t i;

	for (i = j->n; i > 0; i--)
		if (j->call[i - 1].index == index)
			return &j->call[i - 1];
	return NULL;
}

/* NULL: there are too many, or no memory. */
static struct joined_call *
call_new(struct calls_joiner *j, int64_t index)
{
	struct joined_call *grown;

	if (j->n == CALLS_MAX)
		return NULL;
	if ((j->n & (j->n - 1)) == 0) {		/* a power of two, or none */
		grown = realloc(j->call, (j->n == 0 ? 1 : j->n * 2) *
		    sizeof(*grown));
		if (grown == NULL)
			return NULL;
		j->call = grown;
	}
	grown = &j->call[j->n++];
	memset(grown, 0, sizeof(*grown));
	grown->index = index;
	return grown;
}

/* Inside of the quotes; absent where it is no text, or an empty one. */
static struct slice
inside(const struct json *d, uint32_t object, const char *key)
{
	uint32_t t = json_get_kind(d, object, key, TOKEN_STRING);
	struct slice raw;

	if (t == JSON_NONE || (raw = json_raw(d, t)).n <= 2)
		return SLICE_NONE;
	return (struct slice){ raw.p + 1, raw.n - 2 };
}

/* Another id at the same index is another call. */
static struct joined_call *
call_at(struct calls_joiner *j, int64_t index, struct slice id)
{
	struct joined_call *c = call_find(j, index);

	if (c != NULL && (id.p == NULL || c->id.n == 0 ||
	    slice_eq(id, buf_slice(&c->id))))
		return c;
	return call_new(j, index);
}

static void
part_add(struct calls_joiner *j, struct buf *b, struct slice s)
{
	if (s.p == NULL || j->bytes > PIECE_BYTES_MAX)
		return;
	buf_add_slice(b, s);
	j->bytes += s.n;
}

/* A name comes whole, and with some again and again. */
static void
call_add(struct calls_joiner *j, struct joined_call *c, const struct json *d,
    uint32_t function, const char *given)
{
	struct slice name = inside(d, function, "name");

	if (name.p != NULL && !(c->name.n > 0 && slice_eq(name,
	    buf_slice(&c->name))))
		part_add(j, &c->name, name);
	part_add(j, &c->given, inside(d, function, given));
}

static void
piece_add(struct calls_joiner *j, const struct json *d, uint32_t t, int64_t at)
{
	uint32_t n = json_get_kind(d, t, "index", TOKEN_NUMBER);
	uint32_t custom = json_get_kind(d, t, "custom", TOKEN_OBJECT);
	uint32_t function = json_get_kind(d, t, "function", TOKEN_OBJECT);
	struct slice id = inside(d, t, "id");
	struct joined_call *c;
	int64_t index;

	if (n == JSON_NONE || !json_int64(d, n, &index))
		index = at;
	if (index < 0 || (c = call_at(j, index, id)) == NULL)
		return;
	if (c->id.n == 0)
		part_add(j, &c->id, id);
	c->custom |= custom != JSON_NONE;
	if (custom != JSON_NONE)
		call_add(j, c, d, custom, "input");
	if (function != JSON_NONE)
		call_add(j, c, d, function, "arguments");
}

void
calls_joiner_add(struct calls_joiner *j, const struct json *d, uint32_t delta)
{
	uint32_t all = json_get_kind(d, delta, "tool_calls", TOKEN_ARRAY), t;
	uint32_t old = json_get_kind(d, delta, "function_call", TOKEN_OBJECT);
	struct joined_call *c;
	int64_t at = 0;

	for (t = all == JSON_NONE ? JSON_NONE : json_first(d, all);
	    t != JSON_NONE; t = json_next(d, all, t), at++)
		if (json_kind(d, t) == TOKEN_OBJECT)
			piece_add(j, d, t, at);
	if (old == JSON_NONE || (j->n > 0 && !j->legacy) ||
	    (c = call_at(j, 0, SLICE_NONE)) == NULL)
		return;
	j->legacy = true;
	call_add(j, c, d, old, "arguments");
}

static void
function_write(struct writer *w, const char *key, const struct joined_call *c)
{
	write_object(w, key);
	piece_write(w, "name", "\"\"", &c->name);
	piece_write(w, c->custom ? "input" : "arguments", "\"\"", &c->given);
	write_end(w);
}

void
calls_joiner_write(const struct calls_joiner *j, struct writer *w)
{
	const struct joined_call *c;

	if (j->n == 0)
		return;
	if (j->legacy) {
		function_write(w, "function_call", j->call);
		return;
	}
	write_array(w, "tool_calls");
	for (c = j->call; c < j->call + j->n; c++) {
		write_object(w, NULL);
		piece_write(w, "id", "\"\"", &c->id);
		write_word(w, "type", c->custom ? "custom" : "function");
		function_write(w, c->custom ? "custom" : "function", c);
		write_end(w);
	}
	write_end(w);
}

void
calls_joiner_release(struct calls_joiner *j)
{
	size_t i;

	for (i = 0; i < j->n; i++) {
		buf_release(&j->call[i].id);
		buf_release(&j->call[i].name);
		buf_release(&j->call[i].given);
	}
	free(j->call);
	memset(j, 0, sizeof(*j));
}
