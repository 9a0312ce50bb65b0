/*
 * Streams of events for tests of core/wire.
 */
#ifndef TESTS_UNIT_WIRE_TEST_H
#define TESTS_UNIT_WIRE_TEST_H

#include "core/json/equal.h"
#include "core/json/parse.h"
#include "core/shape/read.h"
#include "core/wire/release.h"
#include "core/wire/stream.h"

#define STREAM_MAX	((size_t)1 << 20)

struct wire_case {
	const char	*name, *events;
	const char	*response;	/* NULL: none is asked for */
	const char	*texts;		/* KIND CHOICE:TEXT;, NULL: not asked for */
	enum wire_outcome outcome;
	int		 input, output;	/* tokens */
};

/* The outcome of the last event. */
static inline enum wire_outcome
wire_feed(struct wire_stream *s, struct slice events, struct error *err)
{
	enum wire_outcome outcome = WIRE_MORE;
	struct sse_reader r;
	struct sse_event e;

	sse_init(&r, STREAM_MAX);
	while (sse_read(&r, &events, &e) == SSE_EVENT &&
	    (outcome == WIRE_MORE || outcome == WIRE_DONE))
		outcome = wire_stream_event(s, &e, err);
	sse_release(&r);
	return outcome;
}

static inline bool
wire_json_equal(struct slice a, struct slice b)
{
	struct json x = JSON_INIT, y = JSON_INIT;
	struct arena arena = ARENA_INIT;
	struct json_error why;
	bool nomem = false, equal;

	equal = json_parse(&x, a, JSON_DEPTH_MAX, 0, &why) == STATUS_OK &&
	    json_parse(&y, b, JSON_DEPTH_MAX, 0, &why) == STATUS_OK &&
	    value_equal(&x, 0, &y, 0, &arena, &nomem) && !nomem;
	json_release(&x);
	json_release(&y);
	arena_release(&arena);
	return equal;
}

static inline void
texts_of(const struct wire_stream *s, struct buf *b)
{
	const struct wire_text *t;
	size_t i, n;

	t = wire_stream_texts(s, &n);
	for (i = 0; i < n; i++)
		if (t[i].text.n > 0)
			buf_printf(b, "%d %u:%.*s;", (int)t[i].kind,
			    t[i].choice, SLICE_ARG(buf_slice(&t[i].text)));
}

static inline void
wire_check(enum wire_api api, const struct wire_case *c)
{
	struct wire_stream *s = wire_stream_new(api, STREAM_MAX);
	struct error err = { STATUS_OK, "" };
	struct buf b = BUF_INIT, texts = BUF_INIT;

	assert_int_equal(wire_feed(s, slice_of(c->events), &err), c->outcome);
	if (c->response != NULL) {
		assert_int_equal(wire_stream_response(s, &b, &err), STATUS_OK);
		if (!wire_json_equal(buf_slice(&b), slice_of(c->response)))
			fail_msg("%s\n got: %s\nwant: %s", c->name,
			    buf_str(&b), c->response);
	}
	texts_of(s, &texts);
	if (c->texts != NULL && strcmp(buf_str(&texts), c->texts) != 0)
		fail_msg("%s\n got: %s\nwant: %s", c->name, buf_str(&texts),
		    c->texts);
	assert_int_equal(wire_stream_usage(s)->input, c->input);
	assert_int_equal(wire_stream_usage(s)->output, c->output);
	buf_release(&b);
	buf_release(&texts);
	wire_stream_free(s);
}

/* A whole answer is what its events are, text by text. */
static inline void
wire_check_whole(const struct wire_stream *s, enum wire_api api,
    struct slice response)
{
	struct wire_stream *whole = wire_stream_new(api, STREAM_MAX);
	struct error err = { STATUS_OK, "" };
	struct buf b = BUF_INIT, got = BUF_INIT, want = BUF_INIT;

	assert_int_equal(wire_stream_whole(whole, response, &err), WIRE_DONE);
	assert_int_equal(wire_stream_response(whole, &b, &err), STATUS_OK);
	if (!wire_json_equal(buf_slice(&b), response))
		fail_msg(" got: %s\nwant: %.*s", buf_str(&b),
		    SLICE_ARG(response));
	texts_of(whole, &got);
	texts_of(s, &want);
	assert_string_equal(buf_str(&got), buf_str(&want));
	assert_int_equal(wire_stream_usage(whole)->output,
	    wire_stream_usage(s)->output);
	buf_release(&b);
	buf_release(&got);
	buf_release(&want);
	wire_stream_free(whole);
}

/* Made into events and gathered again, an answer is the same. */
static inline void
wire_check_again(enum wire_api api, const struct wire_case *c)
{
	static const struct wire_release as_it_came;
	struct error err = { STATUS_OK, "" };
	struct buf b = BUF_INIT;
	struct wire_stream *s;
	struct buf events = BUF_INIT;

	assert_int_equal(wire_release_events(&events, api,
	    slice_of(c->response), &as_it_came, &err), STATUS_OK);
	s = wire_stream_new(api, STREAM_MAX);
	assert_int_equal(wire_feed(s, buf_slice(&events), &err), WIRE_DONE);
	assert_int_equal(wire_stream_response(s, &b, &err), STATUS_OK);
	if (!wire_json_equal(buf_slice(&b), slice_of(c->response)))
		fail_msg("%s\n got: %s\nwant: %s", c->name, buf_str(&b),
		    c->response);
	wire_check_whole(s, api, slice_of(c->response));
	wire_stream_free(s);
	buf_release(&b);
	buf_release(&events);
}

/* The outputs of an answer's items, released as they are. */
struct wire_outputs {
	struct wire_choice	choice[8];
	size_t			n;
	struct arena		arena;
};

static inline enum status
wire_output(void *arg, const struct item *item, struct error *err)
{
	struct wire_outputs *o = arg;
	struct wire_choice *c = &o->choice[o->n++];

	(void)err;
	assert_true(o->n <= 8);
	*c = (struct wire_choice){ .changed = true, .keep_reasoning = true,
	    .is_string = item->output_is_string, .text = { arena_copy(
	    &o->arena, item->output.p, item->output.n), item->output.n } };
	return STATUS_OK;
}

static inline void
wire_read_items(struct slice answer, struct wire_outputs *o)
{
	struct arena arena = ARENA_INIT;
	struct item_reader reader = { .arena = &arena };
	struct error err = { STATUS_OK, "" };
	struct buf b = BUF_INIT;

	memset(o, 0, sizeof(*o));
	buf_printf(&b, "{\"request\":{},\"response\":%.*s}",
	    SLICE_ARG(answer));
	if (item_read(&reader, buf_slice(&b), wire_output, o, &err) !=
	    STATUS_OK)
		fail_msg("%s: %s", err.text, buf_str(&b));
	buf_release(&b);
	item_reader_release(&reader);
	arena_release(&arena);
}

/* An answer is items; with their outputs in the place of its own they stay so. */
static inline void
wire_check_items(enum wire_api api, const struct wire_case *c)
{
	struct error err = { STATUS_OK, "" };
	struct wire_outputs o, again;
	struct wire_release r = { .choice = o.choice };
	struct buf b = BUF_INIT;
	size_t i;

	wire_read_items(slice_of(c->response), &o);
	r.n = o.n;
	assert_int_equal(wire_release_write(&b, api, slice_of(c->response), &r,
	    &err), STATUS_OK);
	wire_read_items(buf_slice(&b), &again);
	assert_int_equal(o.n, again.n);
	for (i = 0; i < o.n; i++)
		if (o.choice[i].is_string != again.choice[i].is_string ||
		    !slice_eq(o.choice[i].text, again.choice[i].text))
			fail_msg("%s\n got: %.*s\nwant: %.*s", c->name,
			    SLICE_ARG(again.choice[i].text),
			    SLICE_ARG(o.choice[i].text));
	buf_release(&b);
	arena_release(&o.arena);
	arena_release(&again.arena);
}

#define WIRE_CASE_TESTS(api) \
static void \
test_gathered(void **state) \
{ \
	size_t i; \
\
	(void)state; \
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) \
		wire_check(api, &cases[i]); \
} \
\
static void \
test_events_again(void **state) \
{ \
	size_t i; \
\
	(void)state; \
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) \
		if (cases[i].outcome == WIRE_DONE) \
			wire_check_again(api, &cases[i]); \
} \
\
static void \
test_items(void **state) \
{ \
	size_t i; \
\
	(void)state; \
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) \
		if (cases[i].outcome == WIRE_DONE) \
			wire_check_items(api, &cases[i]); \
}

#endif
