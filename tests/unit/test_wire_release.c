/* What goes to the client of a whole answer. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/wire/release.h"
#include "tests/unit/wire_test.h"

#define S(s)		{ s, sizeof(s) - 1 }
#define CHAT(message, why, more)	"{\"id\":\"c\",\"choices\":[{\"index\":0," \
	"\"message\":" message ",\"logprobs\":null,\"finish_reason\":\"" why \
	"\"}]" more "}"
#define CALL(arguments)	"[{\"id\":\"x\",\"type\":\"function\",\"function\":{" \
	"\"name\":\"f\",\"arguments\":\"" arguments "\"}}]"

#define MESSAGE(blocks, why)	"{\"id\":\"m\",\"type\":\"message\"," \
	"\"content\":[" blocks "],\"stop_reason\":" why "," \
	"\"stop_sequence\":null,\"usage\":{\"input_tokens\":1}}"
#define THOUGHT		"{\"type\":\"thinking\",\"thinking\":\"h\"," \
	"\"signature\":\"s\"}"
#define TEXT(text)	"{\"type\":\"text\",\"text\":\"" text "\"}"
#define USE(name)	"{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\"," \
	"\"input\":{\"to\":\"" name "\"}}"

#define RESPONSE(status, details, output)	"{\"id\":\"r\",\"status\":\"" \
	status "\",\"incomplete_details\":" details ",\"output\":[" output "]}"
#define MUSED		"{\"id\":\"t\",\"type\":\"reasoning\",\"summary\":[]}"
#define ITEM(id, text, logprobs)	"{\"id\":\"" id "\",\"type\":" \
	"\"message\",\"status\":\"completed\",\"role\":\"assistant\"," \
	"\"content\":[{\"type\":\"output_text\",\"text\":\"" text "\"," \
	"\"annotations\":[],\"logprobs\":" logprobs "}]}"
#define SAID(id, text)		ITEM(id, text, "[]")
#define SAYS(text, logprobs)	ITEM("i", text, logprobs)
#define CALLED(arguments)	"{\"id\":\"c\",\"type\":\"function_call\"," \
	"\"name\":\"f\",\"arguments\":\"" arguments "\"}"

static const struct release_case {
	enum wire_api		 api;
	const char		*name, *response;
	struct wire_choice	 choice;
	struct wire_release	 release;
	const char		*want;
} cases[] = {
	{ WIRE_CHAT, "as it came, byte for byte", " {\"choices\" : [] } ",
	    { .changed = false }, { .n = 0 }, " {\"choices\" : [] } " },
	{ WIRE_CHAT, "withheld", CHAT("{\"role\":\"assistant\",\"content\":"
	    "\"bad\",\"tool_calls\":" CALL("bad") ",\"reasoning\":\"bad\","
	    "\"new\":\"bad\"}", "stop", ",\"usage\":{\"prompt_tokens\": 1}"),
	    { .withheld = true }, { .fallback = S("a \"person\" will") },
	    CHAT("{\"role\":\"assistant\",\"content\":\"a \\\"person\\\" will\","
	    "\"refusal\":null}", "content_filter",
	    ",\"usage\":{\"prompt_tokens\": 1}") },
	{ WIRE_CHAT, "withheld without a fallback", CHAT("{\"content\":\"bad\"}",
	    "stop", ""), { .withheld = true }, { .n = 0 },
	    CHAT("{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}",
	    "content_filter", "") },
	{ WIRE_CHAT, "another text: nothing says the old one",
	    "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
	    "\"content\":\"old\",\"annotations\":[\"old\"],\"audio\":\"old\","
	    "\"reasoning\":\"old\"},\"logprobs\":{\"content\":[\"old\"]},"
	    "\"token_ids\":[1],\"finish_reason\":\"length\"}]}",
	    { .changed = true, .is_string = true, .text = S("new") }, { .n = 0 },
	    "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
	    "\"content\":\"new\",\"refusal\":null},\"logprobs\":null,"
	    "\"finish_reason\":\"length\"}]}" },
	{ WIRE_CHAT, "another text, the reasoning is kept",
	    CHAT("{\"role\":\"assistant\",\"content\":\"old\",\"reasoning\":"
	    "\"r\"}", "stop", ""), { .changed = true, .is_string = true,
	    .keep_reasoning = true, .text = S("new") }, { .n = 0 },
	    CHAT("{\"role\":\"assistant\",\"content\":\"new\",\"refusal\":null,"
	    "\"reasoning\":\"r\"}", "stop", "") },
	{ WIRE_CHAT, "another refusal", CHAT("{\"role\":\"assistant\","
	    "\"content\":null,\"refusal\":\"old\"}", "stop", ""),
	    { .changed = true, .is_string = true, .text = S("new") }, { .n = 0 },
	    CHAT("{\"role\":\"assistant\",\"content\":null,\"refusal\":"
	    "\"new\"}", "stop", "") },
	{ WIRE_CHAT, "other calls", CHAT("{\"role\":\"assistant\",\"content\":"
	    "null,\"tool_calls\":" CALL("old") "}", "tool_calls", ""),
	    { .changed = true, .text = S(CALL("new")) }, { .n = 0 },
	    CHAT("{\"role\":\"assistant\",\"content\":null,\"tool_calls\":"
	    CALL("new") "}", "tool_calls", "") },
	{ WIRE_CHAT, "a text for calls", CHAT("{\"role\":\"assistant\","
	    "\"content\":null,\"tool_calls\":" CALL("old") "}", "tool_calls",
	    ""), { .changed = true, .is_string = true, .text = S("new") },
	    { .n = 0 }, CHAT("{\"role\":\"assistant\",\"content\":\"new\","
	    "\"refusal\":null}", "stop", "") },
	{ WIRE_CHAT, "another message", CHAT("{\"role\":\"assistant\","
	    "\"content\":\"old\",\"tool_calls\":" CALL("old") "}", "tool_calls",
	    ""), { .changed = true, .text = S("{\"role\":\"assistant\","
	    "\"content\":\"new\",\"tool_calls\":" CALL("new") "}") },
	    { .n = 0 }, CHAT("{\"role\":\"assistant\",\"content\":\"new\","
	    "\"tool_calls\":" CALL("new") "}", "tool_calls", "") },
	{ WIRE_CHAT, "another content array", CHAT("{\"role\":\"assistant\","
	    "\"content\":[{\"text\":\"old\"}]}", "stop", ""),
	    { .changed = true, .text = S("[{\"text\":\"new\"}]") }, { .n = 0 },
	    CHAT("{\"role\":\"assistant\",\"content\":[{\"text\":\"new\"}],"
	    "\"refusal\":null}", "stop", "") },
	{ WIRE_CHAT, "what the client did not ask for", "{\"id\":\"c\",\"model\":"
	    "\"gpt\",\"choices\":[{\"message\":{\"content\":\"a\","
	    "\"reasoning_content\":\"r\"},\"logprobs\":{\"content\":[]}}],"
	    "\"usage\":{}}", { .cut_reasoning = true }, { .cut_usage = true,
	    .cut_logprobs = true, .id = S("call-1"), .model = S("reply") },
	    "{\"id\":\"call-1\",\"model\":\"reply\",\"choices\":[{\"message\":{"
	    "\"content\":\"a\"},\"logprobs\":null}]}" },
	{ WIRE_CHAT, "estimated usage", CHAT("{\"content\":\"a\"}", "stop",
	    ",\"usage\":null"), { .changed = false }, { .usage =
	    &(const struct wire_usage){ 3, 4, -1, -1, true } },
	    CHAT("{\"content\":\"a\"}", "stop", ",\"usage\":{\"prompt_tokens\":3,"
	    "\"completion_tokens\":4,\"total_tokens\":7}") },
	{ WIRE_MESSAGES, "withheld", MESSAGE(THOUGHT "," TEXT("bad"),
	    "\"tool_use\""), { .withheld = true }, { .fallback = S("wait") },
	    MESSAGE(TEXT("wait"), "\"refusal\"") },
	{ WIRE_MESSAGES, "withheld without a fallback", MESSAGE(TEXT("bad"),
	    "\"end_turn\""), { .withheld = true }, { .n = 0 },
	    MESSAGE("", "\"refusal\"") },
	{ WIRE_MESSAGES, "another text", MESSAGE(THOUGHT "," TEXT("old") ","
	    TEXT("older"), "\"max_tokens\""), { .changed = true,
	    .is_string = true, .text = S("new") }, { .id = S("call-1") },
	    "{\"id\":\"call-1\",\"type\":\"message\",\"content\":["
	    TEXT("new") "],\"stop_reason\":\"max_tokens\","
	    "\"stop_sequence\":null,\"usage\":{\"input_tokens\":1}}" },
	{ WIRE_MESSAGES, "other blocks, the thoughts are kept",
	    MESSAGE(THOUGHT "," TEXT("old") "," USE("old"), "\"tool_use\""),
	    { .changed = true, .keep_reasoning = true,
	    .text = S("[" TEXT("new") "," USE("new") "]") }, { .n = 0 },
	    MESSAGE(THOUGHT "," TEXT("new") "," USE("new"), "\"tool_use\"") },
	{ WIRE_MESSAGES, "a text for a call", MESSAGE(USE("old"),
	    "\"tool_use\""), { .changed = true, .is_string = true,
	    .text = S("new") }, { .n = 0 },
	    MESSAGE(TEXT("new"), "\"end_turn\"") },
	{ WIRE_MESSAGES, "without thoughts", MESSAGE(THOUGHT "," TEXT("a"),
	    "\"end_turn\""), { .cut_reasoning = true }, { .n = 0 },
	    MESSAGE(TEXT("a"), "\"end_turn\"") },
	{ WIRE_MESSAGES, "estimated usage", "{\"content\":[]}",
	    { .changed = false }, { .usage =
	    &(const struct wire_usage){ 3, 4, -1, -1, true } },
	    "{\"content\":[],\"usage\":{\"input_tokens\":3,"
	    "\"output_tokens\":4}}" },
	{ WIRE_RESPONSES, "withheld", RESPONSE("completed", "null",
	    MUSED "," SAID("i", "bad") "," CALLED("bad")), { .withheld = true },
	    { .fallback = S("wait") }, RESPONSE("incomplete",
	    "{\"reason\":\"content_filter\"}", SAID("i", "wait")) },
	{ WIRE_RESPONSES, "withheld without a fallback",
	    RESPONSE("completed", "null", SAID("i", "bad")),
	    { .withheld = true }, { .n = 0 },
	    RESPONSE("incomplete", "{\"reason\":\"content_filter\"}", "") },
	{ WIRE_RESPONSES, "another text", RESPONSE("completed", "null", MUSED
	    ",{\"id\":\"i\",\"type\":\"message\",\"content\":[{\"text\":"
	    "\"old\"},{\"text\":\"old\"}]}," SAID("k", "old")),
	    { .changed = true, .is_string = true, .text = S("new") },
	    { .n = 0 }, RESPONSE("completed", "null", SAID("i", "new")) },
	{ WIRE_RESPONSES, "other items, what was thought stays in its place",
	    RESPONSE("completed", "null", SAID("i", "old") "," MUSED ","
	    CALLED("old")), { .changed = true, .keep_reasoning = true,
	    .text = S("[" SAYS("new", "[\"old\"]") "," CALLED("new") "]") },
	    { .n = 0 }, RESPONSE("completed", "null", SAID("i", "new") ","
	    MUSED "," CALLED("new")) },
	{ WIRE_RESPONSES, "without thoughts and logprobs",
	    RESPONSE("completed", "null", MUSED "," SAYS("a", "[1]")),
	    { .cut_reasoning = true }, { .cut_logprobs = true,
	    .id = S("call-1") }, "{\"id\":\"call-1\",\"status\":\"completed\","
	    "\"incomplete_details\":null,\"output\":[" SAID("i", "a") "]}" },
	{ WIRE_RESPONSES, "estimated usage", "{\"output\":[]}",
	    { .changed = false }, { .usage =
	    &(const struct wire_usage){ 3, 4, -1, -1, true } },
	    "{\"output\":[],\"usage\":{\"input_tokens\":3,"
	    "\"input_tokens_details\":{\"cached_tokens\":0},"
	    "\"output_tokens\":4,\"output_tokens_details\":{"
	    "\"reasoning_tokens\":0},\"total_tokens\":7}}" }
};

/* Also as events: they say the same. */
static void
check_case(const struct release_case *c)
{
	struct wire_release r = c->release;
	struct wire_stream *s = wire_stream_new(c->api, STREAM_MAX);
	struct error err = { STATUS_OK, "" };
	struct buf b = BUF_INIT;

	r.choice = &c->choice;
	r.n = 1;
	assert_int_equal(wire_release_write(&b, c->api, slice_of(c->response),
	    &r, &err), STATUS_OK);
	if (strcmp(buf_str(&b), c->want) != 0)
		fail_msg("%s\n got: %s\nwant: %s", c->name, buf_str(&b),
		    c->want);
	if (wire_stream_whole(s, buf_slice(&b), &err) == WIRE_DONE) {
		struct buf events = BUF_INIT, again = BUF_INIT, want = BUF_INIT;
		struct wire_stream *t = wire_stream_new(c->api, STREAM_MAX);

		assert_int_equal(wire_release_events(&events, c->api,
		    slice_of(c->response), &r, &err), STATUS_OK);
		assert_int_equal(wire_feed(t, buf_slice(&events), &err),
		    WIRE_DONE);
		assert_int_equal(wire_stream_response(t, &again, &err),
		    STATUS_OK);
		assert_int_equal(wire_stream_response(s, &want, &err),
		    STATUS_OK);
		if (!wire_json_equal(buf_slice(&again), buf_slice(&want)))
			fail_msg("%s\n got: %s\nwant: %s", c->name,
			    buf_str(&again), buf_str(&want));
		if (c->choice.withheld || c->choice.changed)
			assert_null(strstr(buf_str(&events), "old"));
		buf_release(&events);
		buf_release(&again);
		buf_release(&want);
		wire_stream_free(t);
	}
	buf_release(&b);
	wire_stream_free(s);
}

static void
test_released(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_case(&cases[i]);
}

static void
test_no_answer(void **state)
{
	static const struct wire_release r = { .cut_usage = true };
	struct error err = { STATUS_OK, "" };
	struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(wire_release_write(&b, WIRE_CHAT, SLICE("{}"), &r,
	    &err), STATUS_INVALID);
	assert_string_equal(err.text, "a completion without choices");
	error_clear(&err);
	assert_int_equal(wire_release_write(&b, WIRE_CHAT, SLICE("<html>"), &r,
	    &err), STATUS_INVALID);
	assert_string_equal(err.text,
	    "the answer's byte 0: expected a value");
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_released),
		cmocka_unit_test(test_no_answer)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
