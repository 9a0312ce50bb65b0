/* Requests, events and responses without memory, each allocation in turn: told, and
 * nothing is leaked. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/http/request.h"
#include "core/http/response.h"
#include "core/http/sse.h"
#include "tests/unit/memory_test.h"

static const struct http_limits limits = {
	.head_max = 16384, .fields_max = 100, .target_max = 8192, .body_max = 99
};

/* True once nothing failed. */
static bool
request_read(struct slice in)
{
	struct http_request r;
	struct slice piece = SLICE_NONE, value;
	struct buf decoded = BUF_INIT;
	enum http_event event;
	const char *why = NULL;
	enum status st = STATUS_OK;

	http_request_init(&r, &limits);
	while ((event = http_request_read(&r, &in, &piece)) < HTTP_END) {
		assert_int_not_equal(event, HTTP_MORE);
		if (event == HTTP_HEAD && (st = http_query_get(r.target.query, "q",
		    &decoded, &value, &why)) == STATUS_OK)
			assert_true(slice_is(value, "a long value that needs some "
			    "memory, more than there is at first"));
	}
	assert_true(event == HTTP_END || event == HTTP_NO_MEMORY);
	assert_true(st == STATUS_OK || st == STATUS_NOMEM);
	if (event == HTTP_NO_MEMORY)
		assert_int_equal(http_request_read(&r, &in, &piece),
		    HTTP_NO_MEMORY);
	http_request_release(&r);
	buf_release(&decoded);
	return event == HTTP_END && st == STATUS_OK;
}

static bool
events_read(struct slice in)
{
	struct sse_reader r;
	struct sse_event event;
	enum sse_outcome outcome;
	size_t n = 0;

	sse_init(&r, 1000);
	while ((outcome = sse_read(&r, &in, &event)) == SSE_EVENT)
		n++;
	assert_true(outcome == SSE_MORE || outcome == SSE_NO_MEMORY);
	if (outcome == SSE_MORE)
		assert_int_equal(n, 2);
	sse_release(&r);
	return outcome == SSE_MORE;
}

static bool
response_write(struct slice value)
{
	struct buf b = BUF_INIT;
	bool whole;

	http_response_begin(&b, 200, "now", false);
	http_response_field(&b, "X", value);
	http_response_chunked(&b);
	http_chunk(&b, value);
	http_chunk_end(&b);
	whole = !b.failed;
	buf_release(&b);
	return whole;
}

static void
in_turn(bool (*run)(struct slice), struct slice in)
{
	long k, before = live;
	bool whole = false;

	for (k = 0; k < 100 && !whole; k++) {
		left = k;
		whole = run(in);
		left = -1;
		assert_int_equal(live, before);
	}
	assert_true(whole);
#ifndef SANITIZED
	assert_true(k > 1);
#endif
}

static void
test_in_turn(void **state)
{
	char text[4000];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "POST /?q=a+long+value+that+needs+some%20memory,+more+than+there"
	    "+is+at+first HTTP/1.1\r\nHost: a\r\nX: ", 98);
	memcpy(text + sizeof(text) - 4, "\r\n\r\n", 4);
	in_turn(request_read, (struct slice){ text, sizeof(text) });
	in_turn(events_read, SLICE("event: x\nid: 7\ndata: 1\ndata: 2\n\n"
	    "data: a long line that needs some memory, more than there is at "
	    "first\r\n\r\nevent: an event that is not whole"));
	in_turn(response_write, (struct slice){ text + 100, 2000 });
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_turn)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
