#include "core/wire/stream.h"

#include <assert.h>
#include <stdlib.h>

#include "core/json/value.h"
#include "core/wire/api.h"
#include "core/wire/gather.h"

#define KEPT_TOKENS	1024u	/* of an event, from one answer to the next */
#define KEPT_TEXTS	64u
#define KEPT_TEXT	1024u	/* bytes of each of them */

struct wire_stream *
wire_stream_new(enum wire_api api, size_t max_bytes)
{
	struct wire_stream *s = calloc(1, sizeof(*s));

	if (s != NULL) {
		s->api = api;
		s->max = max_bytes;
		s->usage = WIRE_USAGE_NONE;
	}
	return s;
}

/* What a text was written to serves one of the next answer, unless it is much. */
static void
texts_reset(struct wire_stream *s, size_t most)
{
	uint32_t i;

	for (i = 0; i < s->text_made; i++)
		if (s->text[i].text.cap > most)
			buf_release(&s->text[i].text);
	s->ntexts = 0;
}

static void
lists_free(struct wire_stream *s)
{
	texts_reset(s, 0);
	free(s->text);
	free(s->place);
	free(s->piece);
	s->text = NULL;
	s->place = NULL;
	s->piece = NULL;
	s->text_cap = s->text_made = s->piece_cap = 0;
}

void
wire_stream_reset(struct wire_stream *s, enum wire_api api)
{
	struct wire_stream kept;

	texts_reset(s, KEPT_TEXT);
	if (s->d.cap > KEPT_TOKENS)
		json_release(&s->d);
	if (s->text_cap > KEPT_TEXTS || s->piece_cap > KEPT_TEXTS)
		lists_free(s);
	arena_trim(&s->nodes.arena);
	kept = (struct wire_stream){ .api = api, .max = s->max, .d = s->d,
	    .piece = s->piece, .piece_cap = s->piece_cap, .text = s->text,
	    .place = s->place, .text_cap = s->text_cap,
	    .text_made = s->text_made,
	    .nodes.arena = s->nodes.arena, .usage = WIRE_USAGE_NONE };
	*s = kept;
}

void
wire_stream_free(struct wire_stream *s)
{
	if (s == NULL)
		return;
	lists_free(s);
	nodes_release(&s->nodes);
	json_release(&s->d);
	free(s);
}

static bool
is_true(const struct json *d, uint32_t t)
{
	return t != JSON_NONE && json_kind(d, t) != TOKEN_NULL &&
	    json_kind(d, t) != TOKEN_FALSE;
}

/* Whatever the API: what a client of it takes for an error. */
static bool
is_error(const struct wire_stream *s, struct slice type)
{
	return slice_is(type, "error") || json_get_is(&s->d, 0, "type",
	    "error") || is_true(&s->d, json_get(&s->d, 0, "error"));
}

static enum wire_outcome
bad(struct error *err, const char *why)
{
	(void)error_set(err, STATUS_INVALID, "%s", why);
	return WIRE_BAD;
}

static enum wire_outcome
add_event(struct wire_stream *s, const struct sse_event *e, struct error *err)
{
	struct json_error why;
	enum status st;

	if (wire_row(s->api)->is_end != NULL && wire_row(s->api)->is_end(e->data))
		return wire_row(s->api)->end(s, err);
	st = json_parse(&s->d, e->data, JSON_DEPTH_MAX, 0, &why);
	if (st == STATUS_NOMEM)
		return WIRE_NO_MEMORY;
	if (st != STATUS_OK) {
		(void)error_set(err, st, "an event's byte %zu: %s", why.offset,
		    why.reason);
		return slice_is(e->type, "error") ? WIRE_ERROR :
		    WIRE_BAD;
	}
	if (json_kind(&s->d, 0) != TOKEN_OBJECT)
		return slice_is(e->type, "error") ? WIRE_ERROR :
		    bad(err, "an event that is no object");
	if (is_error(s, e->type))
		return WIRE_ERROR;
	return wire_row(s->api)->event(s, e, err);
}

static int
piece_order(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return x->t < y->t ? -1 : x->t > y->t;
}

/* What came of an event, memory and limits considered. */
static enum wire_outcome
settle(struct wire_stream *s, enum wire_outcome outcome, struct error *err)
{
	if (s->failed || s->nodes.failed || outcome == WIRE_NO_MEMORY) {
		(void)error_nomem(err);
		return WIRE_NO_MEMORY;
	}
	if (s->too_long || s->nodes.used + s->text_bytes > s->max) {
		(void)error_set(err, STATUS_LIMIT,
		    "the answer is over %zu bytes", s->max);
		return WIRE_TOO_LONG;
	}
	if (s->bad != NULL)
		return bad(err, s->bad);
	if (s->npieces > 1)
		qsort(s->piece, s->npieces, sizeof(*s->piece), piece_order);
	s->done = outcome == WIRE_DONE;
	return outcome;
}

enum wire_outcome
wire_stream_event(struct wire_stream *s, const struct sse_event *e,
    struct error *err)
{
	if (s->done)
		return WIRE_DONE;
	s->npieces = 0;
	s->ends = s->unknown = false;
	s->d.n = 0;
	return settle(s, add_event(s, e, err), err);
}

static enum wire_outcome
add_whole(struct wire_stream *s, struct slice response, struct error *err)
{
	struct json_error why;
	enum status st = json_parse(&s->d, response, JSON_DEPTH_MAX, 0, &why);

	if (st == STATUS_NOMEM)
		return WIRE_NO_MEMORY;
	if (st != STATUS_OK) {
		(void)error_set(err, st, "the answer's byte %zu: %s",
		    why.offset, why.reason);
		return WIRE_BAD;
	}
	if (json_kind(&s->d, 0) != TOKEN_OBJECT)
		return bad(err, "the answer is no object");
	s->whole = true;
	/* A response says that it has no error, or has one and still is one. */
	if (json_get_is(&s->d, 0, "type", "error") || (is_true(&s->d,
	    json_get(&s->d, 0, "error")) && json_get_kind(&s->d, 0, "output",
	    TOKEN_ARRAY) == JSON_NONE))
		return WIRE_ERROR;
	return wire_row(s->api)->whole(s, err);
}

enum wire_outcome
wire_stream_whole(struct wire_stream *s, struct slice response,
    struct error *err)
{
	return settle(s, add_whole(s, response, err), err);
}

const struct json *
wire_stream_json(const struct wire_stream *s)
{
	return s->whole && s->d.n > 0 ? &s->d : NULL;
}

const struct wire_text *
wire_stream_texts(const struct wire_stream *s, size_t *n)
{
	*n = s->ntexts;
	return s->text;
}

const struct wire_usage *
wire_stream_usage(const struct wire_stream *s)
{
	return &s->usage;
}

enum status
wire_stream_response(const struct wire_stream *s, struct buf *out,
    struct error *err)
{
	struct writer w = WRITER(out, WRITE_KEPT);

	if (s->answer == NULL)
		return error_set(err, STATUS_NOT_FOUND,
		    "nothing of an answer came");
	wire_row(s->api)->response(s, &w);
	return buf_check(out, err);
}
