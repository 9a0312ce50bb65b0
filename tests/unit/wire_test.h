/*
 * Streams of events for tests of core/wire.
 */
#ifndef TESTS_UNIT_WIRE_TEST_H
#define TESTS_UNIT_WIRE_TEST_H

#include "core/json/equal.h"
#include "core/json/parse.h"
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
	wire_stream_free(s);
	buf_release(&b);
	buf_release(&events);
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
}

#endif
