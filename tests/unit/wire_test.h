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

#endif
