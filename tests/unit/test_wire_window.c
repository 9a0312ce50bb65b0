/* Events that are held until their text may go out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/wire/window.h"
#include "tests/unit/wire_test.h"

#define E(type, members)	"event: " type "\ndata: {\"type\":\"" type "\"" \
	members "}\n\n"
#define CHUNK(rest)	"data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\"," \
	"\"created\":1,\"model\":\"m\"," rest "}\n\n"
#define MESSAGE		"{\"id\":\"i\",\"type\":\"message\",\"role\":\"assistant\"," \
	"\"status\":\"in_progress\",\"content\":[]}"
#define RESPONSE(status)	"{\"id\":\"r\",\"object\":\"response\",\"model\":" \
	"\"m\",\"status\":\"" status "\",\"output\":["

/* A stream of an API around a text: what comes before it, each piece of it (its
 * JSON string stands for %s), what comes after it (the same, whole). */
static const struct sample {
	enum wire_api	 api;
	const char	*before, *piece, *after;
} samples[] = {
	{ WIRE_CHAT, CHUNK("\"choices\":[],\"prompt_filter_results\":[]")
	    CHUNK("\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\","
	    "\"content\":\"\"},\"finish_reason\":null}]"),
	    CHUNK("\"choices\":[{\"index\":0,\"delta\":{\"content\":%s},"
	    "\"logprobs\":{\"content\":[{\"token\":%s}]},\"finish_reason\":"
	    "null}]"),
	    CHUNK("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
	    "\"stop\"}]") CHUNK("\"choices\":[],\"usage\":{\"prompt_tokens\":3,"
	    "\"completion_tokens\":4}") "data: [DONE]\n\n" },
	{ WIRE_CHAT, CHUNK("\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":"
	    "[{\"index\":0,\"id\":\"x\",\"function\":{\"name\":\"f\","
	    "\"arguments\":\"\"}}]}}]"),
	    CHUNK("\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{"
	    "\"index\":0,\"function\":{\"arguments\":%s}}]}}]"),
	    CHUNK("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
	    "\"tool_calls\"}]") "data: [DONE]\n\n" },
	{ WIRE_CHAT, CHUNK("\"choices\":[{\"index\":0,\"delta\":{\"content\":"
	    "\"\"}},{\"index\":1,\"delta\":{\"reasoning_content\":\"\"}}]"),
	    CHUNK("\"choices\":[{\"index\":1,\"delta\":{\"reasoning_content\":"
	    "%s}}]"),
	    CHUNK("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":"
	    "\"stop\"},{\"index\":1,\"delta\":{},\"finish_reason\":\"stop\"}]")
	    "data: [DONE]\n\n" },
	{ WIRE_MESSAGES, E("message_start", ",\"message\":{\"id\":\"m\","
	    "\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
	    "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
	    "\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}") E("ping", "")
	    E("content_block_start", ",\"index\":0,\"content_block\":{\"type\":"
	    "\"text\",\"text\":\"\"}"),
	    E("content_block_delta", ",\"index\":0,\"delta\":{\"type\":"
	    "\"text_delta\",\"text\":%s}"),
	    E("content_block_stop", ",\"index\":0") E("message_delta",
	    ",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
	    "\"usage\":{\"output_tokens\":4}") E("message_stop", "") },
	{ WIRE_MESSAGES, E("message_start", ",\"message\":{\"id\":\"m\","
	    "\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
	    "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null}")
	    E("content_block_start", ",\"index\":0,\"content_block\":{\"type\":"
	    "\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}"),
	    E("content_block_delta", ",\"index\":0,\"delta\":{\"type\":"
	    "\"input_json_delta\",\"partial_json\":%s}"),
	    E("content_block_stop", ",\"index\":0") E("message_delta",
	    ",\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null}")
	    E("message_stop", "") },
	{ WIRE_RESPONSES, E("response.created", ",\"sequence_number\":0,"
	    "\"response\":" RESPONSE("in_progress") "]}")
	    E("response.output_item.added", ",\"sequence_number\":1,"
	    "\"output_index\":0,\"item\":" MESSAGE)
	    E("response.content_part.added", ",\"sequence_number\":2,"
	    "\"output_index\":0,\"content_index\":0,\"part\":{\"type\":"
	    "\"output_text\",\"text\":\"\",\"annotations\":[],\"logprobs\":[]}"),
	    E("response.output_text.delta", ",\"sequence_number\":3,"
	    "\"output_index\":0,\"content_index\":0,\"logprobs\":[{\"token\":"
	    "%s}],\"delta\":%s"),
	    E("response.output_text.done", ",\"sequence_number\":4,"
	    "\"output_index\":0,\"content_index\":0,\"text\":%s")
	    E("response.content_part.done", ",\"sequence_number\":5,"
	    "\"output_index\":0,\"content_index\":0,\"part\":{\"type\":"
	    "\"output_text\",\"text\":%s,\"annotations\":[],\"logprobs\":[{"
	    "\"token\":%s}]}")
	    E("response.output_item.done", ",\"sequence_number\":6,"
	    "\"output_index\":0,\"item\":{\"id\":\"i\",\"type\":\"message\","
	    "\"role\":\"assistant\",\"status\":\"completed\",\"content\":[{"
	    "\"type\":\"output_text\",\"text\":%s,\"annotations\":[],"
	    "\"logprobs\":[]}]}")
	    E("response.completed", ",\"sequence_number\":7,\"response\":"
	    RESPONSE("completed") "{\"id\":\"i\",\"type\":\"message\",\"role\":"
	    "\"assistant\",\"status\":\"completed\",\"content\":[{\"type\":"
	    "\"output_text\",\"text\":%s,\"annotations\":[],\"logprobs\":[]}]}"
	    "]}") },
	{ WIRE_RESPONSES, E("response.created", ",\"response\":"
	    RESPONSE("in_progress") "]}") E("response.output_item.added",
	    ",\"output_index\":0,\"item\":{\"id\":\"i\",\"type\":"
	    "\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":"
	    "\"\"}"),
	    E("response.function_call_arguments.delta", ",\"output_index\":0,"
	    "\"delta\":%s"),
	    E("response.function_call_arguments.done", ",\"output_index\":0,"
	    "\"arguments\":%s") E("response.completed", ",\"response\":"
	    RESPONSE("completed") "{\"id\":\"i\",\"type\":\"function_call\","
	    "\"call_id\":\"c\",\"name\":\"f\",\"arguments\":%s}]}") },
	{ WIRE_RESPONSES, E("response.created", ",\"response\":"
	    RESPONSE("in_progress") "]}") E("response.output_item.added",
	    ",\"output_index\":0,\"item\":{\"id\":\"i\",\"type\":\"reasoning\","
	    "\"summary\":[]}") E("response.reasoning_summary_part.added",
	    ",\"output_index\":0,\"summary_index\":0,\"part\":{\"type\":"
	    "\"summary_text\",\"text\":\"\"}"),
	    E("response.reasoning_summary_text.delta", ",\"output_index\":0,"
	    "\"summary_index\":0,\"delta\":%s"),
	    E("response.reasoning_summary_text.done", ",\"output_index\":0,"
	    "\"summary_index\":0,\"text\":%s") E("response.incomplete",
	    ",\"response\":" RESPONSE("incomplete") "{\"id\":\"i\",\"type\":"
	    "\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":%s}]}"
	    "]}") }
};
#define SAMPLES	(sizeof(samples) / sizeof(samples[0]))

static void
add_form(struct buf *b, const char *form, struct slice text)
{
	const char *at;

	for (; (at = strstr(form, "%s")) != NULL; form = at + 2) {
		buf_add(b, form, (size_t)(at - form));
		buf_printf(b, "\"%.*s\"", SLICE_ARG(text));
	}
	buf_puts(b, form);
}

/* The sample with a text that is cut before these bytes. */
static void
make(struct buf *b, const struct sample *s, const char *text,
    const size_t *cuts, size_t n)
{
	size_t i, at = 0, end;

	buf_puts(b, s->before);
	for (i = 0; i <= n; i++) {
		end = i < n ? cuts[i] : strlen(text);
		add_form(b, s->piece, (struct slice){ text + at, end - at });
		at = end;
	}
	add_form(b, s->after, slice_of(text));
}

/* A stream through a window. */
struct passing {
	enum wire_api		 api;
	struct wire_stream	*s;
	struct wire_window	*w;
	struct buf		 out;
	struct error		 err;
};

static const struct wire_release as_it_came;
static size_t	limit;		/* of what may go out of any text */

static void
begin(struct passing *p, enum wire_api api, const struct wire_release *r)
{
	memset(p, 0, sizeof(*p));
	limit = SIZE_MAX;
	p->api = api;
	p->s = wire_stream_new(api, STREAM_MAX);
	p->w = wire_window_new(api, r);
	assert_non_null(p->s);
	assert_non_null(p->w);
}

static void
end(struct passing *p)
{
	wire_stream_free(p->s);
	wire_window_free(p->w);
	buf_release(&p->out);
}

/* All texts may go out but for so many bytes at their ends, where there is an end;
 * of the edit, what lies in the first text of such a length. */
static enum status
let_out(struct passing *p, size_t hold, const struct wire_edit *edit, bool ends)
{
	struct wire_passage passage[16] = { { 0, NULL, 0 } };
	const struct wire_text *t;
	size_t n, i;

	t = wire_stream_texts(p->s, &n);
	assert_true(n <= 16);
	for (i = 0; i < n; i++) {
		passage[i].upto = t[i].ended ? t[i].text.n :
		    t[i].text.n > hold ? t[i].text.n - hold : 0;
		if (passage[i].upto > limit)
			passage[i].upto = limit;
		if (edit != NULL && t[i].kind != WIRE_TOOL_NAME &&
		    t[i].text.n >= edit->end) {
			passage[i].edit = edit;
			passage[i].n = 1;
		}
	}
	return wire_window_out(p->w, p->s, passage, n, ends, &p->out, &p->err);
}

/* The stream, until so many events came; whether its end did. */
static bool
feed(struct passing *p, struct slice events, size_t count, size_t hold,
    const struct wire_edit *edit)
{
	enum wire_outcome outcome = WIRE_MORE;
	struct sse_reader r;
	struct sse_event e;

	sse_init(&r, STREAM_MAX);
	for (; count > 0 && sse_read(&r, &events, &e) == SSE_EVENT; count--) {
		outcome = wire_stream_event(p->s, &e, &p->err);
		assert_true(outcome == WIRE_MORE || outcome == WIRE_DONE);
		assert_int_equal(wire_window_event(p->w, p->s, &e, &p->err),
		    STATUS_OK);
		if (hold != SIZE_MAX)
			assert_int_equal(let_out(p, hold, edit, false),
			    STATUS_OK);
	}
	sse_release(&r);
	return outcome == WIRE_DONE;
}

/* The answer that a client makes of what came out. */
static enum wire_outcome
gathered(enum wire_api api, struct buf *events, struct buf *response)
{
	struct wire_stream *s = wire_stream_new(api, STREAM_MAX);
	struct error err = { STATUS_OK, "" };
	enum wire_outcome outcome = wire_feed(s, buf_slice(events), &err);

	buf_clear(response);
	if (wire_stream_response(s, response, &err) != STATUS_OK)
		buf_clear(response);
	wire_stream_free(s);
	return outcome;
}

#define SECRET	"zoe@example.com"
#define TEXT	"Write to zoe@example.com or wait for us."

static void
test_all_goes_out(void **state)
{
	static const size_t cuts[] = { 3, 9, 20, 30 };
	struct buf events = BUF_INIT, want = BUF_INIT, got = BUF_INIT;
	struct passing p;
	size_t i, hold;

	(void)state;
	for (i = 0; i < SAMPLES; i++)
		for (hold = 0; hold < 50; hold += 7) {
			buf_clear(&events);
			make(&events, &samples[i], TEXT, cuts, 4);
			begin(&p, samples[i].api, &as_it_came);
			assert_true(feed(&p, buf_slice(&events), 99, hold,
			    NULL));
			assert_true(wire_window_held(p.w) > 0);
			assert_int_equal(let_out(&p, 0, NULL, true),
			    STATUS_OK);
			assert_int_equal(wire_window_held(p.w), 0);
			/* Byte for byte. */
			assert_string_equal(buf_str(&p.out), buf_str(&events));
			end(&p);
		}
	buf_release(&events);
	buf_release(&want);
	buf_release(&got);
}

/* No text beyond so many bytes is out: by the window's word, and by what it
 * wrote. */
static void
must_not_say(struct passing *p, size_t upto)
{
	struct wire_stream *s = wire_stream_new(p->api, STREAM_MAX);
	const struct wire_text *t;
	struct error err = { STATUS_OK, "" };
	size_t i, n;

	(void)wire_feed(s, buf_slice(&p->out), &err);
	t = wire_stream_texts(s, &n);
	for (i = 0; i < n; i++)
		if (t[i].text.n > upto || wire_window_sent(p->w, i) > upto)
			fail_msg("%zu: %s", i, buf_str(&p->out));
	if (strchr(buf_str(&p->out), '@') != NULL)
		fail_msg("%s", buf_str(&p->out));
	wire_stream_free(s);
}

/* A text split at every byte, cut once the secret is whole: none of it is out. */
static void
test_cut(void **state)
{
	size_t secret = (size_t)(strstr(TEXT, SECRET) - TEXT), cut, i, count;
	struct buf events = BUF_INIT, response = BUF_INIT;
	size_t cuts[2];
	struct passing p;

	(void)state;
	for (i = 0; i < SAMPLES; i++)
		for (cut = 0; cut < sizeof(SECRET); cut++) {
			cuts[0] = secret;
			cuts[1] = secret + cut;
			buf_clear(&events);
			make(&events, &samples[i], TEXT, cuts, 2);
			for (count = 1; count < 12; count++) {
				begin(&p, samples[i].api, &as_it_came);
				limit = secret;
				(void)feed(&p, buf_slice(&events), count, 0,
				    NULL);
				assert_int_equal(wire_window_cut(p.w, p.s,
				    &p.out, &p.err), STATUS_OK);
				assert_int_equal(wire_window_held(p.w), 0);
				must_not_say(&p, secret);
				assert_int_equal(gathered(samples[i].api,
				    &p.out, &response), WIRE_DONE);
				assert_true(strstr(buf_str(&response),
				    "content_filter") != NULL ||
				    strstr(buf_str(&response), "\"refusal\"") !=
				    NULL);
				end(&p);
			}
		}
	buf_release(&events);
	buf_release(&response);
}

/* The first bytes are out when the rest is cut, and it all says the same text. */
static void
test_cut_keeps_what_is_out(void **state)
{
	static const size_t cuts[] = { 6, 12 };
	struct buf events = BUF_INIT, response = BUF_INIT;
	struct passing p;
	size_t i, n, k;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		make(&events, &samples[i], TEXT, cuts, 2);
		begin(&p, samples[i].api, &as_it_came);
		limit = 6;
		(void)feed(&p, buf_slice(&events), 99, 0, NULL);
		(void)wire_stream_texts(p.s, &n);
		for (k = 0; k < n && wire_window_sent(p.w, k) != 6; k++)
			;
		assert_true(k < n);
		assert_int_equal(wire_window_cut(p.w, p.s, &p.out, &p.err),
		    STATUS_OK);
		assert_int_equal(gathered(samples[i].api, &p.out, &response),
		    WIRE_DONE);
		if (strstr(buf_str(&response), "Write \"") == NULL)
			fail_msg("%zu: %s\n%s", i, buf_str(&response),
			    buf_str(&p.out));
		end(&p);
		buf_clear(&events);
	}
	buf_release(&events);
	buf_release(&response);
}

/* A redaction over a text split at every byte. */
static void
test_edited(void **state)
{
	size_t secret = (size_t)(strstr(TEXT, SECRET) - TEXT), cut, i;
	const struct wire_edit edit = { secret, secret + sizeof(SECRET) - 1,
	    SLICE("<\"MAIL\">") };
	struct buf events = BUF_INIT, response = BUF_INIT;
	size_t cuts[2];
	struct passing p;

	(void)state;
	for (i = 0; i < SAMPLES; i++)
		for (cut = 0; cut < sizeof(SECRET); cut++) {
			cuts[0] = secret - 2;
			cuts[1] = secret + cut;
			buf_clear(&events);
			make(&events, &samples[i], TEXT, cuts, 2);
			begin(&p, samples[i].api, &as_it_came);
			assert_true(feed(&p, buf_slice(&events), 99, 20,
			    &edit));
			assert_int_equal(let_out(&p, 0, &edit, true),
			    STATUS_OK);
			if (strchr(buf_str(&p.out), '@') != NULL ||
			    strstr(buf_str(&p.out), "zoe\"") != NULL)
				fail_msg("%zu: %s", i, buf_str(&p.out));
			assert_int_equal(gathered(samples[i].api, &p.out,
			    &response), WIRE_DONE);
			assert_non_null(strstr(buf_str(&response),
			    "Write to <\\\"MAIL\\\"> or wait for us."));
			end(&p);
		}
	buf_release(&events);
	buf_release(&response);
}

static void
test_edit_too_late(void **state)
{
	static const size_t cuts[] = { 12 };
	const struct wire_edit edit = { 9, 24, SLICE("<MAIL>") };
	struct buf events = BUF_INIT;
	struct passing p;
	size_t i;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		make(&events, &samples[i], TEXT, cuts, 1);
		begin(&p, samples[i].api, &as_it_came);
		(void)feed(&p, buf_slice(&events), 99, SIZE_MAX, NULL);
		assert_int_equal(let_out(&p, 0, NULL, false), STATUS_OK);
		assert_int_equal(let_out(&p, 0, &edit, true), STATUS_CONFLICT);
		assert_string_equal(p.err.text,
		    "an edit begins in what went out before");
		end(&p);
		buf_clear(&events);
	}
	buf_release(&events);
}

/* What a client did not ask for, and other names. */
static void
test_left_out(void **state)
{
	static const struct wire_release r = { .cut_usage = true,
		.cut_logprobs = true, .id = { "call-1", 6 },
		.model = { "reply", 5 } };
	static const size_t cuts[] = { 12 };
	struct buf events = BUF_INIT;
	struct passing p;
	size_t i;

	(void)state;
	for (i = 0; i < SAMPLES; i++) {
		make(&events, &samples[i], TEXT, cuts, 1);
		begin(&p, samples[i].api, &r);
		(void)feed(&p, buf_slice(&events), 99, 0, NULL);
		assert_int_equal(let_out(&p, 0, NULL, true), STATUS_OK);
		assert_null(strstr(buf_str(&p.out), "\"model\":\"m\""));
		assert_non_null(strstr(buf_str(&p.out), "\"model\":\"reply\""));
		assert_non_null(strstr(buf_str(&p.out), "\"id\":\"call-1\""));
		assert_null(strstr(buf_str(&p.out), "\"token\""));
		if (samples[i].api == WIRE_CHAT)
			assert_null(strstr(buf_str(&p.out), "prompt_tokens"));
		else if (i == 3)
			assert_non_null(strstr(buf_str(&p.out),
			    "input_tokens"));
		end(&p);
		buf_clear(&events);
	}
	buf_release(&events);
}

/* A text of which nothing may go out holds all that comes after it. */
static void
test_order(void **state)
{
	static const struct wire_passage none[2] = { { 0, NULL, 0 },
		{ 0, NULL, 0 } };
	const struct sample *s = &samples[0];
	struct buf events = BUF_INIT;
	struct passing p;

	(void)state;
	make(&events, s, TEXT, NULL, 0);
	begin(&p, s->api, &as_it_came);
	(void)feed(&p, buf_slice(&events), 99, SIZE_MAX, NULL);
	assert_int_equal(wire_window_out(p.w, p.s, NULL, 0, false, &p.out,
	    &p.err), STATUS_OK);
	assert_int_equal(wire_window_out(p.w, p.s, none, 1, false, &p.out,
	    &p.err), STATUS_OK);
	assert_string_equal(buf_str(&p.out), s->before);
	end(&p);
	buf_release(&events);
}

/* What an event is called goes out where that is known, and its data says the same. */
static void
test_names(void **state)
{
	static const struct {
		enum wire_api	 api;
		const char	*event, *out;
	} rows[] = {
		{ WIRE_CHAT, "event: xyzzy\ndata: {\"choices\":[]}\n\n",
		    "data: {\"choices\":[]}\n\n" },
		{ WIRE_MESSAGES, "event: ping\ndata: {\"type\":\"ping\"}\n\n",
		    "event: ping\ndata: {\"type\":\"ping\"}\n\n" },
		{ WIRE_MESSAGES, "event: xyzzy\ndata: {\"type\":\"ping\"}\n\n",
		    "data: {\"type\":\"ping\"}\n\n" },
		{ WIRE_MESSAGES, "event: ping\ndata: {}\n\n",
		    "event: ping\ndata: {}\n\n" },
		{ WIRE_MESSAGES, "event: xyzzy\ndata: {}\n\n",
		    "data: {}\n\n" },
		{ WIRE_MESSAGES, "event: x y\ndata: {\"type\":\"x y\"}\n\n",
		    "data: {\"type\":\"x y\"}\n\n" },
		{ WIRE_RESPONSES, "event: xyzzy\ndata: {\"delta\":\"d\"}\n\n",
		    "data: {\"delta\":\"d\"}\n\n" },
		{ WIRE_RESPONSES, "event: new\ndata: {\"type\":\"new\",\"delta\":"
		    "\"d\"}\n\n", "data: {\"type\":\"new\","
		    "\"delta\":\"d\"}\n\n" }
	};
	struct passing p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&p, rows[i].api, &as_it_came);
		(void)feed(&p, slice_of(rows[i].event), 1, SIZE_MAX, NULL);
		assert_int_equal(let_out(&p, 0, NULL, true), STATUS_OK);
		assert_string_equal(buf_str(&p.out), rows[i].out);
		end(&p);
	}
}

/* A choice of which nothing is out yet says who speaks, and no other does again. */
static void
test_cut_says_who(void **state)
{
	static const struct wire_passage passage = { 1, NULL, 0 };
	struct passing p;

	(void)state;
	begin(&p, WIRE_CHAT, &as_it_came);
	(void)feed(&p, SLICE(CHUNK("\"choices\":[{\"index\":0,\"delta\":{"
	    "\"role\":\"assistant\",\"content\":\"a\"}}]")
	    CHUNK("\"choices\":[{\"index\":1,\"delta\":{\"role\":"
	    "\"assistant\",\"content\":\"b\"}}]")), 2, SIZE_MAX, NULL);
	assert_int_equal(wire_window_out(p.w, p.s, &passage, 1, false, &p.out,
	    &p.err), STATUS_OK);
	buf_clear(&p.out);
	assert_int_equal(wire_window_cut(p.w, p.s, &p.out, &p.err), STATUS_OK);
	assert_string_equal(buf_str(&p.out), "data: {\"id\":\"c\",\"object\":"
	    "\"chat.completion.chunk\",\"model\":\"m\",\"created\":1,"
	    "\"choices\":[{\"index\":0,\"delta\":{},\"logprobs\":null,"
	    "\"finish_reason\":\"content_filter\"}]}\n\n"
	    "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\","
	    "\"model\":\"m\",\"created\":1,\"choices\":[{\"index\":1,"
	    "\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
	    "\"logprobs\":null,\"finish_reason\":\"content_filter\"}]}\n\n"
	    "data: [DONE]\n\n");
	end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_goes_out),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_keeps_what_is_out),
		cmocka_unit_test(test_edited),
		cmocka_unit_test(test_edit_too_late),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_cut_says_who)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
