/* Requests and answers without memory, each allocation in turn: told, nothing is
 * leaked, and what is told as done is done. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/http/sse.h"
#include "core/wire/release.h"
#include "core/wire/request.h"
#include "core/wire/request_write.h"
#include "core/wire/stream.h"
#include "core/wire/window.h"
#include "tests/unit/memory_test.h"

#define CALLS_MAX	4000L	/* more than any of these needs */

static const struct {
	enum wire_api	 api;
	const char	*request, *answer;
} cases[] = {
	{ WIRE_CHAT, "{\"model\":\"m\",\"messages\":[{\"content\":\"a\\n\"}],"
	    "\"stream\":true}", "{\"id\":\"c\",\"object\":\"chat.completion\","
	    "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
	    "\"content\":\"a\\u00e9\",\"tool_calls\":[{\"id\":\"x\",\"type\":"
	    "\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}],"
	    "\"new\":[\"a\",{\"index\":0,\"b\":\"c\"}]},\"logprobs\":{\"content\":"
	    "[{\"token\":\"a\"}]},\"finish_reason\":\"stop\"}],\"usage\":{"
	    "\"prompt_tokens\":1}}" },
	{ WIRE_MESSAGES, "{\"model\":\"m\",\"system\":\"s\",\"messages\":[{"
	    "\"content\":\"a\\n\"}],\"metadata\":{\"user_id\":\"\\u0061\"}}",
	    "{\"id\":\"m\",\"type\":\"message\",\"content\":[{\"type\":\"text\","
	    "\"text\":\"a\\u00e9\",\"citations\":[{\"cited_text\":\"c\"}]},{"
	    "\"type\":\"tool_use\",\"name\":\"f\",\"input\":{\"a\":1}}],"
	    "\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{"
	    "\"input_tokens\":1}}" },
	{ WIRE_RESPONSES, "{\"model\":\"m\",\"input\":\"a\\n\"}",
	    "{\"id\":\"r\",\"object\":\"response\",\"status\":\"completed\","
	    "\"output\":[{\"id\":\"t\",\"type\":\"reasoning\",\"summary\":[{"
	    "\"type\":\"summary_text\",\"text\":\"h\"}]},{\"id\":\"i\",\"type\":"
	    "\"message\",\"content\":[{\"type\":\"output_text\",\"text\":"
	    "\"a\\u00e9\",\"annotations\":[],\"logprobs\":[{\"token\":\"a\"}]}]},"
	    "{\"id\":\"f\",\"type\":\"function_call\",\"name\":\"f\","
	    "\"arguments\":\"{}\"}]}" }
};
#define CASES	(sizeof(cases) / sizeof(cases[0]))

/* True once nothing failed; so are those below. */
static bool
request_works(size_t i)
{
	const struct slice text = SLICE("b\n");
	struct wire_change c = { .model = SLICE("n"), .max_tokens = 3,
	    .logprobs = true, .stream = true };
	struct wire_request r = { .api = WIRE_CHAT };
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	struct buf b = BUF_INIT;
	struct slice *texts, with[2];
	enum status st;
	size_t n;

	st = wire_request_read(&r, cases[i].api, slice_of(cases[i].request),
	    &arena, &err);
	if (st == STATUS_OK)
		st = wire_request_texts(&r, &arena, &texts, &n, &err);
	if (st == STATUS_OK) {
		with[0] = with[1] = text;
		c.texts = with;
		st = wire_request_write(&b, &r, &c, &err);
	}
	assert_true(st == STATUS_OK || st == STATUS_NOMEM);
	if (st == STATUS_OK)
		assert_non_null(strstr(buf_str(&b), "\"b\\n\""));
	buf_release(&b);
	wire_request_release(&r);
	arena_release(&arena);
	return st == STATUS_OK;
}

static bool
release_works(size_t i)
{
	const struct wire_usage usage = { 1, 2, -1, -1, true };
	const struct wire_choice c = { .changed = true, .text = SLICE("[]") };
	const struct wire_release r = { .choice = &c, .n = 1, .id = SLICE("x"),
	    .model = SLICE("y"), .usage = &usage };
	struct error err = { STATUS_OK, "" };
	struct buf b = BUF_INIT;
	enum status st = wire_release_events(&b, cases[i].api,
	    slice_of(cases[i].answer), &r, &err);

	assert_true(st == STATUS_OK || st == STATUS_NOMEM);
	buf_release(&b);
	return st == STATUS_OK;
}

/* All through a window, cut before its end where `cut`. */
static enum status
pass(struct wire_stream *s, struct wire_window *w, struct slice events, bool cut,
    struct buf *out)
{
	static const struct wire_edit edit = { 0, 1, { "<M>", 3 } };
	struct wire_passage p[16];
	enum wire_outcome outcome = WIRE_MORE;
	enum status st = STATUS_OK;
	struct error err = { STATUS_OK, "" };
	struct sse_reader r;
	struct sse_event e;
	size_t i, n;

	for (i = 0; i < 16; i++)
		p[i] = (struct wire_passage){ 99, &edit, 1 };
	sse_init(&r, 100000);
	while (outcome == WIRE_MORE && st == STATUS_OK &&
	    sse_read(&r, &events, &e) == SSE_EVENT) {
		outcome = wire_stream_event(s, &e, &err);
		if (outcome > WIRE_DONE)
			break;
		if (cut && outcome == WIRE_DONE)
			continue;
		(void)wire_stream_texts(s, &n);
		st = wire_window_event(w, s, &e, &err);
		if (st == STATUS_OK)
			st = wire_window_out(w, s, p, n, outcome == WIRE_DONE,
			    out, &err);
	}
	sse_release(&r);
	if (outcome == WIRE_MORE && st == STATUS_OK)
		return STATUS_NOMEM;		/* the reader's */
	assert_true(outcome == WIRE_DONE || outcome == WIRE_NO_MEMORY ||
	    st == STATUS_NOMEM);
	if (st == STATUS_OK && outcome == WIRE_DONE && cut)
		st = wire_window_cut(w, s, out, &err);
	return outcome == WIRE_NO_MEMORY ? STATUS_NOMEM : st;
}

static bool
window_works(size_t i, struct slice events, bool cut)
{
	static const struct wire_release r = { .id = { "x", 1 } };
	struct wire_stream *s = wire_stream_new(cases[i].api, 1 << 20);
	struct wire_window *w = wire_window_new(cases[i].api, &r);
	struct error err = { STATUS_OK, "" };
	struct buf out = BUF_INIT, response = BUF_INIT;
	enum status st = s == NULL || w == NULL ? STATUS_NOMEM :
	    pass(s, w, events, cut, &out);

	if (st == STATUS_OK)
		st = wire_stream_response(s, &response, &err);
	assert_true(st == STATUS_OK || st == STATUS_NOMEM);
	if (st == STATUS_OK)
		assert_non_null(strstr(buf_str(&out), "<M>"));
	wire_stream_free(s);
	wire_window_free(w);
	buf_release(&out);
	buf_release(&response);
	return st == STATUS_OK;
}

static void
each_in_turn(size_t i, bool (*works)(size_t))
{
	long before = live, n;
	bool done = false;

	for (n = 0; !done && n < CALLS_MAX; n++) {
		left = n;
		done = works(i);
		left = -1;
		assert_int_equal(live, before);
	}
	assert_true(done);
}

static void
test_request(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < CASES; i++)
		each_in_turn(i, request_works);
}

static void
test_release(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < CASES; i++)
		each_in_turn(i, release_works);
}

static void
test_window(void **state)
{
	static const struct wire_release as_it_came;
	struct error err = { STATUS_OK, "" };
	struct buf events = BUF_INIT;
	long before, n;
	size_t i, cut;
	bool done;

	(void)state;
	for (i = 0; i < 2 * CASES; i++) {
		cut = i / CASES;
		buf_clear(&events);
		assert_int_equal(wire_release_events(&events,
		    cases[i % CASES].api, slice_of(cases[i % CASES].answer),
		    &as_it_came, &err), STATUS_OK);
		before = live;
		done = false;
		for (n = 0; !done && n < CALLS_MAX; n++) {
			left = n;
			done = window_works(i % CASES, buf_slice(&events),
			    cut == 1);
			left = -1;
			assert_int_equal(live, before);
		}
		assert_true(done);
	}
	buf_release(&events);
}

/* A stream that gathered one answer gathers the next as a new one would. */
static void
test_one_answer_after_another(void **state)
{
	struct wire_stream *s = wire_stream_new(WIRE_CHAT, 1 << 20), *fresh;
	struct buf a = BUF_INIT, b = BUF_INIT;
	struct error err = { STATUS_OK, "" };
	const struct wire_text *t, *u;
	size_t i, n, m;

	(void)state;
	for (i = 0; i < 2 * CASES; i++) {
		const struct slice answer = slice_of(cases[i % CASES].answer);

		wire_stream_reset(s, cases[i % CASES].api);
		fresh = wire_stream_new(cases[i % CASES].api, 1 << 20);
		buf_clear(&a);
		buf_clear(&b);
		assert_int_equal(wire_stream_whole(s, answer, &err), WIRE_DONE);
		assert_int_equal(wire_stream_whole(fresh, answer, &err),
		    WIRE_DONE);
		assert_int_equal(wire_stream_response(s, &a, &err), STATUS_OK);
		assert_int_equal(wire_stream_response(fresh, &b, &err),
		    STATUS_OK);
		assert_string_equal(buf_str(&a), buf_str(&b));
		t = wire_stream_texts(s, &n);
		u = wire_stream_texts(fresh, &m);
		assert_int_equal(n, m);
		for (m = 0; m < n; m++)
			assert_true(slice_eq(buf_slice(&t[m].text),
			    buf_slice(&u[m].text)));
		wire_stream_free(fresh);
	}
	wire_stream_free(s);
	buf_release(&a);
	buf_release(&b);
}

/* And one that is a text, as most are, in the memory that it has. */
static void
test_texts_need_no_more(void **state)
{
	static const char answer[] = "{\"id\":\"c\",\"object\":"
	    "\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{"
	    "\"role\":\"assistant\",\"content\":\"a text\\n\"},"
	    "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1}}";
	struct wire_stream *s = wire_stream_new(WIRE_CHAT, 1 << 20);
	struct error err = { STATUS_OK, "" };
	const struct wire_text *t;
	size_t n;
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		left = i == 0 ? -1 : 0;
		assert_int_equal(wire_stream_whole(s, SLICE(answer), &err),
		    WIRE_DONE);
		t = wire_stream_texts(s, &n);
		assert_int_equal(n, 1);
		assert_true(slice_is(buf_slice(&t->text), "a text\n"));
		wire_stream_reset(s, WIRE_CHAT);
		left = -1;
	}
	wire_stream_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_release),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_one_answer_after_another),
		cmocka_unit_test(test_texts_need_no_more)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
