/* Why a model stopped, whether there is an answer, and what is none: of every
 * shape that is read. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/item/item.h"
#include "core/shape/read.h"

struct fixture {
	struct arena		arena, again;
	struct item_reader	reader, rereader;
	struct buf		told;
};

/* What the store would give back later says the same. */
static void
read_again(struct fixture *f, const struct item *i)
{
	const struct item_stored stored = { i->record, i->input,
	    i->forced ? slice_of(i->shape) : SLICE_NONE, i->choice, i->mapping };
	struct error err = { STATUS_OK, "" };
	struct item j;

	assert_int_equal(item_reread(&f->rereader, &stored, &j, &err),
	    STATUS_OK);
	assert_int_equal(j.stop, i->stop);
	assert_int_equal(item_answers(&j), item_answers(i));
}

static enum status
take(void *arg, const struct item *i, struct error *err)
{
	struct fixture *f = arg;
	struct slice stop = stop_name(i->stop);

	(void)err;
	buf_printf(&f->told, "%s%.*s%s", f->told.n > 0 ? ", " : "",
	    SLICE_ARG(stop.p == NULL ? SLICE("-") : stop),
	    item_answers(i) ? "" : " no answer");
	read_again(f, i);
	return STATUS_OK;
}

/* "end", "filter no answer", one for each item, or the reason of a refusal. */
static const char *
said(struct fixture *f, const char *record)
{
	struct error err = { STATUS_OK, "" };

	f->told.n = 0;
	if (item_read(&f->reader, slice_of(record), take, f, &err) != STATUS_OK)
		buf_printf(&f->told, "! %s", err.text);
	return buf_str(&f->told);
}

struct row {
	const char	*record, *want;
};

static void
check_rows(const struct row *rows, size_t n)
{
	struct fixture f;
	const char *got;
	size_t i, bad = 0;

	memset(&f, 0, sizeof(f));
	f.reader.arena = &f.arena;
	f.rereader.arena = &f.again;
	for (i = 0; i < n; i++) {
		got = said(&f, rows[i].record);
		/* Where the refused bytes begin is another test's business. */
		if (strncmp(got, "! byte ", 7) == 0 && strchr(got, ':') != NULL)
			got = strchr(got, ':');
		if (strcmp(got, rows[i].want) == 0)
			continue;
		print_error("%s\n   got: %s\n  want: %s\n", rows[i].record, got,
		    rows[i].want);
		bad++;
	}
	item_reader_release(&f.reader);
	item_reader_release(&f.rereader);
	arena_release(&f.arena);
	arena_release(&f.again);
	buf_release(&f.told);
	assert_int_equal(bad, 0);
}
#define CHECK(rows)	check_rows(rows, sizeof(rows) / sizeof((rows)[0]))

static void
test_reasons(void **state)
{
	static const struct {
		const char	*reason, *want;
	} rows[] = {
		{ "stop", "end" }, { "STOP", "end" }, { "end_turn", "end" },
		{ "FinishReason.STOP", "end" }, { "COMPLETE", "end" },
		{ "stop_sequence", "end" }, { "eos_token", "end" },
		{ "FINISH_REASON_STOP", "end" },
		{ "length", "length" }, { "max_tokens", "length" },
		{ "MAX_TOKENS", "length" }, { "max_output_tokens", "length" },
		{ "model_context_window_exceeded", "length" },
		{ "pause_turn", "length" }, { "model_length", "length" },
		{ "content_filter", "filter" }, { "content-filter", "filter" },
		{ "contentFiltered", "filter" }, { "SAFETY", "filter" },
		{ "guardrail_intervened", "filter" }, { "SPII", "filter" },
		{ "RECITATION", "filter" }, { "PROHIBITED_CONTENT", "filter" },
		{ "refusal", "refusal" },
		{ "tool_calls", "tool" }, { "tool-calls", "tool" },
		{ "function_call", "tool" }, { "tool_use", "tool" },
		{ "TOOL_CALL", "tool" },
		{ "error", "error" }, { "MALFORMED_FUNCTION_CALL", "error" },
		{ "abort", "error" }, { "insufficient_system_resource", "error" },
		{ "", "" }, { "OTHER", "" }, { "unknown", "" },
		{ "stop; drop", "" }, { "stopped by the driver", "" },
		{ "a reason of many more letters than any has in it", "" }
	};
	struct slice got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		got = stop_name(stop_from(slice_of(rows[i].reason)));
		if (!slice_is(got.p == NULL ? SLICE("") : got, rows[i].want))
			fail_msg("%s: got %.*s, want %s", rows[i].reason,
			    SLICE_ARG(got), rows[i].want);
	}
	assert_null(stop_name(STOP_UNKNOWN).p);
}

#define NATIVE(output)	"{\"output\":" output "}"

static void
test_native(void **state)
{
	static const struct row rows[] = {
		{ NATIVE("\"Yes.\""), "-" },
		{ NATIVE("\"null\""), "-" },
		{ NATIVE("\"\""), "- no answer" },
		{ NATIVE("\" \\n\\t\\r\""), "- no answer" },
		{ NATIVE("\"\\u00a0\\u3000\\u200b\\ufeff\""), "- no answer" },
		{ NATIVE("null"), "- no answer" },
		{ NATIVE("[]"), "- no answer" },
		{ NATIVE("{}"), "- no answer" },
		{ NATIVE("[\" \",null]"), "- no answer" },
		{ NATIVE("{\"reply\":\"\\n\"}"), "- no answer" },
		{ NATIVE("0"), "-" }, { NATIVE("false"), "-" },
		{ NATIVE("{\"total\":0}"), "-" },
		{ NATIVE("{\"role\":\"assistant\",\"content\":null}"),
		    "- no answer" },
		{ NATIVE("{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[]}"),
		    "- no answer" },
		{ NATIVE("{\"role\":\"assistant\",\"content\":null,\"tool_calls\":"
		    "[{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"),
		    "-" },
		{ NATIVE("[{\"type\":\"text\",\"text\":\"\"}]"), "- no answer" },
		{ NATIVE("[{\"type\":\"thinking\",\"thinking\":\"Hm.\"}]"),
		    "- no answer" },
		{ NATIVE("{\"type\":\"refund\"}"), "-" },
		/* Nobody's key where there is an output. */
		{ "{\"output\":\"Yes.\",\"error\":\"none\",\"status\":\"failed\"}",
		    "-" },
		{ "{\"output\":\"Yes.\",\"stop\":\"filter\"}", "-" },
		{ "{\"output\":null,\"error\":\"out of memory\",\"status\":"
		    "\"failed\"}", ": there is no output: out of memory" },
		{ "{\"output\":\"\",\"error\":{\"code\":\"E7\",\"message\":\"boom\"}}",
		    ": there is no output: E7: boom" },
		{ "{\"output\":null,\"error\":null,\"status\":\"succeeded\"}",
		    "- no answer" },
		{ "{\"output\":null,\"status\":\"starting\"}",
		    ": there is no output: it is queued" },
		{ "{\"output\":null,\"status\":\"canceled\"}",
		    ": there is no output: it was cancelled" },
		{ "{\"error\":{\"message\":\"The model is overloaded\",\"type\":"
		    "\"overloaded_error\"},\"type\":\"error\"}",
		    ": an API error: overloaded_error: The model is "
		    "overloaded" },
		{ "{\"error\":{\"code\":429,\"message\":\"slow down\"}}",
		    ": an API error: 429: slow down" },
		{ "{\"output\":null,\"status\":\"FAILED\",\"error\":false}",
		    ": there is no output: it failed" },
		{ "{\"error\":\"model not found\"}",
		    ": an API error: model not found" }
	};

	(void)state;
	CHECK(rows);
}

#define CHAT(choices)	"{\"object\":\"chat.completion\",\"choices\":[" choices "]}"
#define CHOICE(reason, message)	"{\"finish_reason\":" reason \
	",\"message\":{\"role\":\"assistant\"," message "}}"

static void
test_openai_chat(void **state)
{
	static const struct row rows[] = {
		{ CHAT(CHOICE("\"stop\"", "\"content\":\"Hi\"")), "end" },
		{ CHAT(CHOICE("null", "\"content\":\"Hi\"")), "-" },
		{ CHAT("{\"message\":{\"content\":\"Hi\"}}"), "-" },
		{ CHAT(CHOICE("\"length\"", "\"content\":\"Hi\"")), "length" },
		{ CHAT(CHOICE("\"length\"", "\"content\":\"\"")),
		    "length no answer" },
		{ CHAT(CHOICE("\"stop\"", "\"content\":null")), "end no answer" },
		{ CHAT(CHOICE("\"stop\"", "\"content\":null,\"reasoning\":\"Hm.\"")),
		    "end no answer" },
		{ CHAT("{\"message\":{\"content\":null,\"reasoning\":\"Hm.\"}}"),
		    "- no answer" },
		{ CHAT(CHOICE("\"stop\"", "\"content\":\"\",\"tool_calls\":[]")),
		    "end no answer" },
		{ CHAT(CHOICE("\"stop\"", "\"content\":\"\",\"function_call\":{}")),
		    "end no answer" },
		{ CHAT(CHOICE("\"content_filter\"", "\"content\":\"Half of\"")),
		    "filter no answer" },
		{ CHAT(CHOICE("\"content_filter\"", "\"content\":null")),
		    "filter no answer" },
		{ CHAT(CHOICE("\"tool_calls\"", "\"content\":null,\"tool_calls\":"
		    "[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\","
		    "\"arguments\":\"{}\"}}]")), "tool" },
		{ CHAT(CHOICE("\"function_call\"", "\"content\":null,"
		    "\"function_call\":{\"name\":\"f\",\"arguments\":\"\"}")), "tool" },
		{ CHAT(CHOICE("\"stop\"", "\"content\":null,\"refusal\":\"No.\"")),
		    "refusal" },
		{ CHAT(CHOICE("\"stop\"", "\"content\":null,\"refusal\":\"\"")),
		    "end no answer" },
		{ CHAT(CHOICE("\"stop\"", "\"content\":null,\"audio\":{\"id\":\"a\","
		    "\"transcript\":\"Hi\"}")), "end" },
		{ CHAT(CHOICE("\"stop\"", "\"content\":[{\"type\":\"text\","
		    "\"text\":\"\"}]")), "end no answer" },
		{ CHAT("{\"finish_reason\":\"stop\",\"text\":\" \"}"),
		    "end no answer" },
		{ CHAT("{\"finish_reason\":\"error\",\"message\":{\"content\":\"\"},"
		    "\"error\":{\"code\":502,\"message\":\"Upstream error\"}}"),
		    ": the request failed: 502: Upstream error" },
		{ CHAT("{\"finish_reason\":\"error\",\"message\":{\"content\":\"Half\"},"
		    "\"error\":{\"code\":502,\"message\":\"Upstream error\"}}"),
		    "error no answer" },
		{ CHAT("{\"finish_reason\":null,\"native_finish_reason\":\"SAFETY\","
		    "\"message\":{\"content\":\"\"}}"), "filter no answer" },
		{ CHAT(CHOICE("\"error\"", "\"content\":\"\"")),
		    ": the answer broke off: finish_reason error" },
		/* One of two choices is an answer: the other is kept beside it. */
		{ CHAT(CHOICE("\"stop\"", "\"content\":\"Hi\"") ","
		    CHOICE("\"error\"", "\"content\":\"\"")),
		    "end, error no answer" },
		{ CHAT(CHOICE("\"error\"", "\"content\":\"\"") ","
		    CHOICE("\"error\"", "\"content\":\" \"")),
		    ": the answer broke off: finish_reason error" },
		{ "{\"object\":\"chat.completion\",\"choices\":[],\"error\":{\"code\":"
		    "503,\"message\":\"No instances\"}}",
		    ": the request failed: 503: No instances" },
		{ "{\"object\":\"chat.completion\",\"choices\":[" CHOICE("null",
		    "\"content\":\"Half\"") "],\"error\":{\"message\":\"reset\"}}",
		    "error no answer" }
	};

	(void)state;
	CHECK(rows);
}

#define RESPONSE(rest)	"{\"object\":\"response\"," rest "}"
#define SAYS(part)	"\"output\":[{\"type\":\"message\",\"role\":\"assistant\"," \
	"\"content\":[" part "]}]"
#define TEXT(text)	SAYS("{\"type\":\"output_text\",\"text\":\"" text "\"}")
#define DONE		"\"status\":\"completed\","
#define AGAIN		": give it again when it is completed"

static void
test_openai_responses(void **state)
{
	static const struct row rows[] = {
		{ RESPONSE(DONE TEXT("Hi")), "end" },
		{ RESPONSE(TEXT("Hi")), "-" },
		{ RESPONSE(DONE TEXT("")), "end no answer" },
		{ RESPONSE(DONE "\"output\":[]"), "end no answer" },
		{ RESPONSE(DONE "\"output\":[{\"type\":\"reasoning\",\"summary\":[]}]"),
		    "end no answer" },
		{ RESPONSE(DONE SAYS("{\"type\":\"refusal\",\"refusal\":\"No.\"}")),
		    "refusal" },
		{ RESPONSE(DONE "\"output\":[{\"type\":\"function_call\",\"name\":\"f\","
		    "\"arguments\":\"{}\"}]"), "tool" },
		{ RESPONSE(DONE "\"output\":[{\"type\":\"web_search_call\","
		    "\"id\":\"w\",\"status\":\"completed\"}]"), "end no answer" },
		{ RESPONSE("\"status\":\"queued\",\"output\":[]"),
		    ": the response is queued" AGAIN },
		{ RESPONSE("\"status\":\"in_progress\"," TEXT("Hal")),
		    ": the response is still running" AGAIN },
		{ RESPONSE("\"status\":\"cancelled\",\"output\":[]"),
		    ": the response was cancelled" },
		{ RESPONSE("\"status\":\"cancelled\"," TEXT("Hal")),
		    ": the response was cancelled" },
		{ RESPONSE("\"status\":\"failed\",\"output\":[]"),
		    ": the response failed" },
		{ RESPONSE("\"status\":\"failed\",\"error\":{\"code\":\"server_error\","
		    "\"message\":\"It broke\"}," TEXT("Hal")),
		    ": the request failed: server_error: It broke" },
		{ RESPONSE("\"status\":\"incomplete\",\"error\":{\"code\":\"x\","
		    "\"message\":\"reset\"}," TEXT("Hal")), "error no answer" },
		{ RESPONSE("\"status\":\"incomplete\",\"error\":{\"code\":\"x\","
		    "\"message\":\"reset\"},\"output\":[]"),
		    ": the request failed: x: reset" },
		{ RESPONSE("\"status\":\"incomplete\",\"incomplete_details\":{"
		    "\"reason\":\"max_output_tokens\"}," TEXT("Hal")), "length" },
		{ RESPONSE("\"status\":\"incomplete\",\"incomplete_details\":{"
		    "\"reason\":\"max_output_tokens\"},\"output\":[]"),
		    "length no answer" },
		{ RESPONSE("\"status\":\"incomplete\",\"incomplete_details\":{"
		    "\"reason\":\"content_filter\"}," TEXT("Hal")),
		    "filter no answer" },
		{ RESPONSE("\"status\":\"incomplete\"," TEXT("Hal")),
		    "error no answer" }
	};

	(void)state;
	CHECK(rows);
}

#define MESSAGE(reason, blocks)	"{\"type\":\"message\",\"stop_reason\":" reason \
	",\"content\":[" blocks "]}"
#define BLOCK(text)	"{\"type\":\"text\",\"text\":\"" text "\"}"

static void
test_anthropic(void **state)
{
	static const struct row rows[] = {
		{ MESSAGE("\"end_turn\"", BLOCK("Hi")), "end" },
		{ MESSAGE("\"stop_sequence\"", BLOCK("Hi")), "end" },
		{ MESSAGE("null", BLOCK("Hi")), "-" },
		{ MESSAGE("\"end_turn\"", ""), "end no answer" },
		{ MESSAGE("\"end_turn\"", BLOCK("\\n")), "end no answer" },
		{ MESSAGE("\"end_turn\"", "{\"type\":\"thinking\",\"thinking\":\"Hm.\"}"),
		    "end no answer" },
		{ MESSAGE("\"max_tokens\"", BLOCK("Hal")), "length" },
		{ MESSAGE("\"max_tokens\"", ""), "length no answer" },
		{ MESSAGE("\"model_context_window_exceeded\"", BLOCK("Hal")),
		    "length" },
		{ MESSAGE("\"tool_use\"", "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":"
		    "\"f\",\"input\":{}}"), "tool" },
		{ MESSAGE("\"refusal\"", ""), "refusal no answer" },
		{ MESSAGE("\"refusal\"", BLOCK("I will not.")), "refusal" },
		{ MESSAGE("\"pause_turn\"", "{\"type\":\"server_tool_use\",\"id\":\"s\","
		    "\"name\":\"web_search\",\"input\":{}},{\"type\":"
		    "\"web_search_tool_result\",\"tool_use_id\":\"s\",\"content\":[]}"),
		    "length no answer" },
		{ "{\"custom_id\":\"b\",\"result\":{\"type\":\"succeeded\",\"message\":"
		    MESSAGE("\"refusal\"", "") "}}", "refusal no answer" },
		{ "{\"custom_id\":\"b\",\"result\":{\"type\":\"errored\",\"error\":{"
		    "\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":"
		    "\"Internal\"}}}}", ": the request failed: api_error: Internal" },
		{ "{\"custom_id\":\"b\",\"result\":{\"type\":\"canceled\"}}",
		    ": the request has no message: canceled" },
		{ "{\"custom_id\":\"b\",\"result\":{\"type\":\"expired\"}}",
		    ": the request has no message: expired" }
	};

	(void)state;
	CHECK(rows);
}

#define LINE(status, body)	"{\"custom_id\":\"b\",\"error\":null,\"response\":{" \
	"\"status_code\":" status ",\"body\":" body "}}"
#define CALL(rest)	"{\"call_type\":\"acompletion\",\"startTime\":1.5," rest "}"

static void
test_wrappers(void **state)
{
	static const struct row rows[] = {
		{ LINE("200", CHAT(CHOICE("\"content_filter\"", "\"content\":\"x\""))),
		    "filter no answer" },
		{ LINE("200", RESPONSE("\"status\":\"queued\",\"output\":[]")),
		    ": the response is queued" AGAIN },
		{ LINE("429", "{\"error\":{\"code\":\"rate_limit_exceeded\","
		    "\"message\":\"Slow down\"}}"),
		    ": the request failed: rate_limit_exceeded: Slow down" },
		{ LINE("200", "{\"error\":{\"type\":\"server_error\",\"code\":null,"
		    "\"message\":\"Oops\"}}"),
		    ": the request failed: server_error: Oops" },
		{ "{\"custom_id\":\"b\",\"response\":null,\"error\":{\"code\":"
		    "\"batch_cancelled\",\"message\":\"Cancelled\"}}",
		    ": the request failed: batch_cancelled: Cancelled" },
		{ CALL("\"status\":\"success\",\"response\":" CHAT(CHOICE("\"stop\"",
		    "\"content\":\"Hi\""))), "end" },
		{ CALL("\"status\":\"success\",\"response\":" CHAT(CHOICE(
		    "\"length\"", "\"content\":\"\""))), "length no answer" },
		{ CALL("\"status\":\"success\",\"response\":\"\""), "- no answer" },
		{ CALL("\"status\":\"success\",\"response\":{}"), "- no answer" },
		{ CALL("\"status\":\"failure\",\"response\":{},\"error_information\":{"
		    "\"error_code\":\"429\",\"error_class\":\"RateLimitError\","
		    "\"error_message\":\"Slow down\"}"),
		    ": the call failed: 429: Slow down" },
		{ CALL("\"status\":\"failure\",\"error_str\":\"timed out\""),
		    ": the call failed: timed out" }
	};

	(void)state;
	CHECK(rows);
}

#define SPAN(rest)	"{\"traceId\":\"5b8e\",\"spanId\":\"eee1\"," rest "}"
#define STRING(key, text)	"{\"key\":\"" key "\",\"value\":{\"stringValue\":\"" \
	text "\"}}"
#define REASONS(list)	"{\"key\":\"gen_ai.response.finish_reasons\",\"value\":{" \
	"\"arrayValue\":{\"values\":[" list "]}}}"
#define REASON(s)	"{\"stringValue\":\"" s "\"}"
#define MESSAGES(list)	STRING("gen_ai.output.messages", "[" list "]")
#define SAID(text, rest)	"{\\\"role\\\":\\\"assistant\\\",\\\"parts\\\":[{" \
	"\\\"type\\\":\\\"text\\\",\\\"content\\\":\\\"" text "\\\"}]" rest "}"
#define WHY(s)		",\\\"finish_reason\\\":\\\"" s "\\\""
#define FAILED		",\"status\":{\"code\":2,\"message\":\"deadline\"}"

static void
test_otlp(void **state)
{
	static const struct row rows[] = {
		{ SPAN("\"attributes\":[" MESSAGES(SAID("Hi", WHY("stop"))) "]"),
		    "end" },
		{ SPAN("\"attributes\":[" MESSAGES(SAID("Hi", "")) "]"), "-" },
		{ SPAN("\"attributes\":[" MESSAGES(SAID("", WHY("stop"))) "]"),
		    "end no answer" },
		{ SPAN("\"attributes\":[" MESSAGES("{\\\"role\\\":\\\"assistant\\\","
		    "\\\"parts\\\":[]" WHY("content_filter") "}") "]"),
		    "filter no answer" },
		{ SPAN("\"attributes\":[" MESSAGES(SAID("Hi", "")) ","
		    REASONS(REASON("length")) "]"), "length" },
		{ SPAN("\"attributes\":[" MESSAGES(SAID("Hi", "") ","
		    SAID("Ho", "")) "," REASONS(REASON("stop") ","
		    REASON("content_filter")) "]"), "end, filter no answer" },
		{ SPAN("\"attributes\":[" MESSAGES(SAID("Hi", "")) ","
		    STRING("gen_ai.response.finish_reasons", "[\\\"stop\\\"]")
		    "]"), "end" },
		{ SPAN("\"attributes\":[" STRING("gen_ai.completion.0.content", "Hi")
		    "," STRING("gen_ai.completion.0.finish_reason",
		    "FinishReason.SAFETY") "]"), "filter no answer" },
		{ SPAN("\"attributes\":[" STRING("gen_ai.completion.0.role",
		    "thinking") "," STRING("gen_ai.completion.0.content", "Hm") ","
		    STRING("gen_ai.completion.1.content", "Hi") ","
		    STRING("gen_ai.completion.1.finish_reason", "max_tokens")
		    "]"), "length" },
		{ SPAN("\"attributes\":[],\"events\":[{\"name\":\"gen_ai.choice\","
		    "\"attributes\":[" STRING("content", "Hi") ","
		    STRING("finish_reason", "tool_calls") "]}]"), "tool" },
		{ SPAN("\"attributes\":[],\"events\":[{\"name\":\"gen_ai.choice\","
		    "\"attributes\":[" STRING("message", "{\\\"finish_reason\\\":"
		    "\\\"stop\\\",\\\"message\\\":{\\\"content\\\":\\\"Hi\\\"}}")
		    "]}]"), "end" },
		{ SPAN("\"attributes\":[" MESSAGES(SAID("Hal", "")) "]" FAILED),
		    "error no answer" },
		{ SPAN("\"attributes\":[" MESSAGES(SAID("", "")) "]" FAILED),
		    ": the call failed: deadline" },
		{ SPAN("\"attributes\":[]" FAILED), ": the span holds no output "
		    "(gen_ai.output.messages): the call failed: deadline" },
		{ SPAN("\"attributes\":[],\"status\":{\"code\":\"STATUS_CODE_ERROR\"},"
		    "\"events\":[{\"name\":\"exception\",\"attributes\":["
		    STRING("exception.message", "reset by peer") "]}]"),
		    ": the span holds no output (gen_ai.output.messages): the "
		    "call failed: reset by peer" },
		{ SPAN("\"attributes\":[" MESSAGES(SAID("Hal", "")) ","
		    STRING("error.type", "timeout") "]"), "error no answer" },
		/* A span that failed beside one that did not. */
		{ "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":["
		    SPAN("\"attributes\":[" MESSAGES(SAID("Hi", "")) "]") ","
		    SPAN("\"attributes\":[" MESSAGES(SAID("", "")) "]" FAILED)
		    "]}]}]}", "-, error no answer" },
		{ "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":["
		    SPAN("\"attributes\":[]" FAILED) "]}]}]}",
		    ": no span here holds an output (gen_ai.output.messages); "
		    "one failed: deadline" }
	};

	(void)state;
	CHECK(rows);
}

#define OBSERVED(rest)	"{\"id\":\"o\",\"traceId\":\"t\",\"type\":\"GENERATION\"," \
	"\"startTime\":\"2026-11-23T10:00:00Z\"," rest "}"

static void
test_langfuse(void **state)
{
	static const struct row rows[] = {
		{ OBSERVED("\"output\":\"Hi\""), "-" },
		{ OBSERVED("\"output\":\"\""), "- no answer" },
		{ OBSERVED("\"output\":{\"role\":\"assistant\",\"content\":null}"),
		    "- no answer" },
		{ OBSERVED("\"output\":{\"role\":\"assistant\",\"content\":\"Hi\","
		    "\"finish_reason\":\"content_filter\"}"), "filter no answer" },
		{ OBSERVED("\"output\":{\"role\":\"assistant\",\"content\":\"Hi\","
		    "\"response_metadata\":{\"stop_reason\":\"end_turn\"}}"), "end" },
		{ OBSERVED("\"output\":" CHAT(CHOICE("\"content_filter\"",
		    "\"content\":null"))), "filter no answer" },
		{ OBSERVED("\"output\":" CHAT(CHOICE("null", "\"content\":null"))),
		    "- no answer" },
		{ OBSERVED("\"output\":\"Hi\",\"metadata\":{\"finish_reason\":"
		    "\"length\"}"), "length" },
		{ OBSERVED("\"output\":\"Hal\",\"level\":\"ERROR\",\"statusMessage\":"
		    "\"reset\""), "error no answer" },
		{ OBSERVED("\"output\":\"\",\"level\":\"ERROR\",\"statusMessage\":"
		    "\"reset\""), ": the call failed: reset" },
		{ OBSERVED("\"output\":null,\"level\":\"ERROR\",\"statusMessage\":"
		    "\"reset\""), ": the call failed: reset" },
		{ OBSERVED("\"output\":null,\"level\":\"ERROR\""),
		    ": the call failed: level ERROR" },
		{ OBSERVED("\"output\":\"Hi\",\"level\":\"WARNING\""), "-" }
	};

	(void)state;
	CHECK(rows);
}

/* What waits for a decision is always something. */
static void
test_actions(void **state)
{
	static const struct row rows[] = {
		{ "{\"action_request\":{\"action\":\"send\",\"args\":{}}}", "-" },
		{ "{\"action_requests\":[{\"name\":\"send\",\"args\":{}}]}", "-" }
	};

	(void)state;
	CHECK(rows);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_native),
		cmocka_unit_test(test_openai_chat),
		cmocka_unit_test(test_openai_responses),
		cmocka_unit_test(test_anthropic),
		cmocka_unit_test(test_wrappers),
		cmocka_unit_test(test_otlp),
		cmocka_unit_test(test_langfuse),
		cmocka_unit_test(test_actions)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
