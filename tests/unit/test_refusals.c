/* What is said of a record that cannot be taken: each reason in its words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "core/shape/shape.h"

#define STEP	"byte 0: a step on the way to an answer, such as a tool's or a " \
	"retriever's: what it found is no output"
#define UI	"byte 0: an event of a UI message stream, which is not joined: " \
	"record the message itself (role, parts), as onFinish has it"
#define SPAN(kind, is, output)	"{\"traceId\":\"t\",\"spanId\":\"s\"," \
	"\"attributes\":[{\"key\":\"" kind "\",\"value\":{\"stringValue\":\"" is \
	"\"}},{\"key\":\"" output "\",\"value\":{\"stringValue\":\"x\"}}]}"

static const struct {
	const char	*record, *reason;
} rows[] = {
	/* no record */
	{ "7", "byte 0: not an object" },
	{ "[]", "byte 0: an empty array" },
	{ "{\"output\":\"a\"", "byte 13: unexpected end; a record is one line "
	    "(jq -c . makes it one)" },
	{ "{\"output\":\"a\",\"output\":\"b\"}", "byte 14: duplicate key" },
	{ "{\"output\":\"a\",\"x\":{\"b\":1,\"b\":2}}",
	    "byte 25: duplicate key" },
	{ "{\"output\":\"a\\u0000b\"}", "byte 12: NUL in a string" },
	{ "{\"output\":\"\\ud800\"}", "byte 11: lone surrogate in a string" },
	{ "{\"output\":\"caf\xe9\"}", "byte 14: invalid UTF-8; if it is "
	    "Windows-1252: iconv -f WINDOWS-1252 -t UTF-8" },
	{ "{\"output\":NaN}",
	    "byte 10: NaN is not JSON: null says that there is no number" },
	{ "{\"output\":-Infinity}", "byte 11: -Infinity is not JSON: null says "
	    "that there is no number" },
	{ "{\"output\":None}", "byte 10: None is Python's null: json.dumps() "
	    "writes JSON, print() does not" },
	{ "{'output':'a'}", "byte 1: a string in single quotes, as Python prints "
	    "it: json.dumps() writes JSON" },
	{ "{\"output\":\"a\",}",
	    "byte 14: a comma before the end: JSON has none there" },
	{ "{\"output\":\"a\"},", "byte 14: a comma behind the record: a line of "
	    "JSON ends without one" },
	{ "{\"output\":\"a\"}{\"output\":\"b\"}",
	    "byte 14: two records on a line: jq -c . makes a line of each" },
	{ "{output:\"a\"}", "byte 1: a key without quotes, as JavaScript has "
	    "them: JSON.stringify() writes JSON" },
	/* keys of the wrong kind */
	{ "{\"output\":\"a\",\"confidence\":1.5}",
	    "byte 27: confidence is outside 0..1" },
	{ "{\"output\":\"a\",\"confidence\":\"high\"}",
	    "byte 27: confidence is not a number" },
	{ "{\"output\":\"a\",\"queue\":7}", "byte 22: queue is not a string" },
	{ "{\"output\":\"a\",\"metadata\":[]}",
	    "byte 25: metadata is not an object" },
	{ "{\"output\":\"a\",\"guards\":[{\"name\":\"x\",\"result\":\"no\"}]}",
	    "byte 45: a guard's result is not pass, fail or error" },
	/* of another program, unless it is said to be ours */
	{ "{\"output\":\"x\",\"choices\":[]}", "byte 0: \"output\" beside "
	    "\"choices\", which is another program's: --format native takes the "
	    "output" },
	{ "{\"output\":\"x\",\"message\":{\"a\":1}}", "byte 0: \"output\" beside "
	    "\"message\", which is another program's: --format native takes the "
	    "output" },
	/* no answer so far, or none */
	{ "{\"object\":\"response\",\"status\":\"queued\",\"output\":[]}",
	    "byte 0: the response is queued: give it again when it is "
	    "completed" },
	{ "{\"object\":\"response\",\"status\":\"in_progress\",\"output\":[]}",
	    "byte 0: the response is still running: give it again when it is "
	    "completed" },
	{ "{\"object\":\"response\",\"status\":\"cancelled\",\"output\":[]}",
	    "byte 0: the response was cancelled" },
	{ "{\"object\":\"response\",\"status\":\"failed\",\"error\":{\"code\":"
	    "\"server_error\",\"message\":\"Boom\"},\"output\":[]}",
	    "byte 47: the request failed: server_error: Boom" },
	{ "{\"id\":\"j1\",\"status\":\"queued\",\"result\":null}", "byte 0: there is "
	    "no answer: its status says that it is queued" },
	{ "{\"audio_url\":\"u\",\"status\":\"error\",\"error\":\"Download\","
	    "\"text\":null}", "byte 26: the request was not answered (error): "
	    "Download" },
	{ "{\"jsonrpc\":\"2.0\",\"result\":{\"kind\":\"task\",\"status\":{"
	    "\"state\":\"working\"}}}", "byte 59: the answer is still being made "
	    "(working): give it again when it is complete" },
	{ "{\"pages\":[{\"index\":0,\"markdown\":\"# T\"}],\"model\":\"ocr\"}",
	    "byte 0: a document that was read, and no answer of a model" },
	{ "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\",\"delta\":"
	    "\"Hi\"}", "byte 0: an event of AG-UI's stream, which is not joined: "
	    "record the message itself (role, content)" },
	{ "{\"error\":{\"code\":429,\"message\":\"Quota\"}}",
	    "byte 0: an API error: 429: Quota" },
	{ "{\"error\":\"model not loaded\"}",
	    "byte 0: an API error: model not loaded" },
	{ "{\"detail\":[{\"msg\":\"field required\",\"type\":\"missing\"}]}",
	    "byte 0: an API error: missing: field required" },
	{ "{\"__type\":\"ThrottlingException\",\"message\":\"Rate\"}",
	    "byte 0: an API error: ThrottlingException: Rate" },
	{ "{\"object\":\"thread.run\",\"status\":\"failed\",\"last_error\":"
	    "{\"code\":\"server_error\",\"message\":\"Sorry\"}}",
	    "byte 0: an API error: server_error: Sorry" },
	{ "{\"output\":\"redacted-by-litellm\"}",
	    "the sender redacted the answer: there is nothing to judge" },
	/* steps on the way */
	{ "{\"id\":\"o\",\"traceId\":\"t\",\"type\":\"RETRIEVER\",\"s"
	    "tartTime\":1,\"output\":\"x\"}",
	    "byte 0: a step on the way to an answer, such as a tool's or a "
	    "retriever's: what it found is no output" },
	{ "{\"id\":\"o\",\"traceId\":\"t\",\"type\":\"TOOL\",\"startT"
	    "ime\":1,\"output\":\"x\"}",
	    "byte 0: a step on the way to an answer, such as a tool's or a "
	    "retriever's: what it found is no output" },
	{ "{\"id\":\"o\",\"traceId\":\"t\",\"type\":\"EMBEDDING\",\"s"
	    "tartTime\":1,\"output\":[1]}",
	    "byte 0: a step on the way to an answer, such as a tool's or a "
	    "retriever's: what it found is no output" },
	{ "{\"id\":\"o\",\"type\":\"tool\",\"feedback_scores\":[],\"o"
	    "utput\":{\"x\":1}}",
	    "byte 0: a step on the way to an answer, such as a tool's or a "
	    "retriever's: what it found is no output" },
	{ "{\"traceId\":\"t\",\"spanId\":\"s\",\"attributes\":[{\"key"
	    "\":\"langfuse.observation.type\",\"value\":{\"stringValue"
	    "\":\"tool\"}},{\"key\":\"langfuse.observation.output\",\"v"
	    "alue\":{\"stringValue\":\"x\"}}]}",
	    "byte 0: a step on the way to an answer, such as a tool's or a "
	    "retriever's: what it found is no output" },
	{ "{\"reply\":\"\",\"choices\":null,\"base_resp\":{\"status_c"
	    "ode\":1004,\"status_msg\":\"login fail\"}}",
	    "byte 0: an API error: 1004: login fail" },
	{ "{\"id\":\"x\",\"choices\":null,\"object\":\"chat.completio"
	    "n\",\"base_resp\":{\"status_code\":1008,\"status_msg\":\"n"
	    "o balance\"}}",
	    "byte 0: an API error: 1008: no balance" },
	/* answers without a text */
	{ "{\"data\":[{\"object\":\"embedding\",\"embedding\":[0.1]}]}",
	    "byte 0: an embedding: it has no output to judge" },
	{ "{\"created\":1,\"data\":[{\"b64_json\":\"eA==\"}]}",
	    "byte 0: an image response: it has no text to judge" },
	{ "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":"
	    "{\"mimeType\":\"image/png\",\"data\":\"eA==\"}}]}}]}",
	    "the answer is an image: it has no text to judge" },
	{ "{\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":"
	    "{\"mimeType\":\"audio/L16\",\"data\":\"eA==\"}}]}}]}",
	    "the answer is audio without its transcript: it has no text to "
	    "judge" },
	{ "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"\","
	    "\"images\":[{\"type\":\"image_url\"}]}}]}",
	    "the answer is an image: it has no text to judge" },
	{ "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"audio\":"
	    "{\"data\":\"eA==\"}}}]}", "the answer is audio without its "
	    "transcript: it has no text to judge" },
	{ "{\"object\":\"response\",\"output\":[{\"type\":"
	    "\"image_generation_call\",\"result\":\"eA==\"}]}",
	    "the answer is an image: it has no text to judge" },
	{ "{\"output\":[{\"text\":\"x\"}],\"action\":\"NONE\",\"assessments\":"
	    "[]}", "byte 0: the verdict of a guardrail: it has no output to "
	    "judge" },
	{ "{\"results\":[{\"flagged\":true}]}",
	    "byte 0: a moderation response: it has no output to judge" },
	{ "{\"results\":[{\"index\":0,\"relevance_score\":0.9}]}",
	    "byte 0: a ranking of documents: it has no output to judge" },
	{ "{\"name\":\"cachedContents/a\",\"model\":\"models/g\"}",
	    "byte 0: an object of an API that is no answer of a model: it has no "
	    "output to judge" },
	{ "{\"object\":\"thread.run\",\"status\":\"completed\"}",
	    "byte 0: an object of an API that is no answer of a model: it has no "
	    "output to judge" },
	{ "{\"object\":\"list\",\"data\":[]}", "byte 0: a list of an API: jq -c "
	    "'.data[]' makes a line of each record in it" },
	/* pieces, requests */
	{ "{\"object\":\"chat.completion.chunk\",\"choices\":[{\"delta\":{}}]}",
	    "byte 0: a piece of a stream (chat.completion.chunk): give the "
	    "server-sent events as they came, which are joined, or the whole "
	    "response" },
	{ "{\"object\":\"thread.message.delta\",\"delta\":{}}",
	    "byte 0: an event of a stream: give the server-sent events as they "
	    "came, which are joined, or the whole response" },
	{ "{\"contentBlockDelta\":{\"delta\":{\"text\":\"x\"}}}",
	    "byte 0: an event of a stream: give the server-sent events as they "
	    "came, which are joined, or the whole response" },
	{ "{\"object\":\"thread.message\",\"role\":\"user\",\"content\":[]}",
	    "byte 0: a message to the model, not its answer" },
	{ "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":"
	    "\"a\"}]}", "byte 0: a request without its response" },
	/* a stream that is not joined */
	{ "{\"type\":\"start\",\"messageId\":\"m\"}", UI },
	{ "{\"type\":\"start-step\"}", UI },
	{ "{\"type\":\"text-start\",\"id\":\"t\"}", UI },
	{ "{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"Hi\"}", UI },
	{ "{\"type\":\"tool-input-available\",\"toolCallId\":\"c\","
	    "\"toolName\":\"f\",\"input\":{}}", UI },
	{ "{\"type\":\"tool-output-available\",\"toolCallId\":\"c\","
	    "\"output\":{\"found\":1}}", UI },
	{ "{\"type\":\"source-url\",\"sourceId\":\"s\",\"url\":"
	    "\"https://a.example\"}", UI },
	{ "{\"type\":\"data-weather\",\"data\":{\"a\":1}}", UI },
	{ "{\"type\":\"file\",\"url\":\"data:\",\"mediaType\":\"a/b\"}", UI },
	{ "{\"type\":\"error\",\"errorText\":\"e\"}", UI },
	{ "{\"type\":\"finish\"}", UI },
	/* steps on the way to an answer */
	{ "{\"run_type\":\"retriever\",\"start_time\":\"2026-11-28T10:00:00Z\","
	    "\"outputs\":{\"documents\":[{\"page_content\":\"x\"}]}}", STEP },
	{ "{\"run_type\":\"parser\",\"start_time\":\"2026-11-28T10:00:00Z\","
	    "\"outputs\":{\"output\":\"x\"}}", STEP },
	{ "{\"run_type\":\"tool\",\"start_time\":\"2026-11-28T10:00:00Z\","
	    "\"error\":\"e\"}", STEP },
	{ SPAN("openinference.span.kind", "TOOL", "output.value"), STEP },
	{ SPAN("openinference.span.kind", "RETRIEVER", "output.value"), STEP },
	{ SPAN("openinference.span.kind", "EMBEDDING", "output.value"), STEP },
	{ SPAN("openinference.span.kind", "RERANKER", "output.value"), STEP },
	{ SPAN("traceloop.span.kind", "tool", "traceloop.entity.output"), STEP },
	{ SPAN("gen_ai.operation.name", "execute_tool", "output.value"), STEP },
	/* of no shape */
	{ "{\"request\":{},\"text\":\"a\",\"finishReason\":\"stop\"}",
	    "byte 0: no \"output\" and no known shape: its keys are request, "
	    "text, finishReason; if \"text\" is the output: jq -c '.output = "
	    ".text'" },
	{ "{\"question\":\"a\",\"answer\":\"b\"}", "byte 0: no \"output\" and no "
	    "known shape: its keys are question, answer; if \"answer\" is the "
	    "output: jq -c '.output = .answer'" },
	{ "{\"run_type\":\"llm\"}", "byte 0: no \"output\" and no known shape: "
	    "its keys are run_type; nearest is langsmith (a text run_type, "
	    "start_time, inputs or outputs); missing: inputs, outputs" }
};

struct fixture {
	struct arena		arena;
	struct item_reader	reader;
	struct error		err;
};

static enum status
taken(void *arg, const struct item *item, struct error *err)
{
	(void)err;
	fail_msg("%s: taken, as %s", (const char *)arg, item->shape);
	return STATUS_OK;
}

static void
is_refused(struct fixture *f, const char *record, size_t n,
    const char *reason)
{
	char told[64];

	(void)snprintf(told, sizeof(told), "%s", record);
	error_clear(&f->err);
	assert_int_equal(item_read(&f->reader, (struct slice){ record, n },
	    taken, told, &f->err), STATUS_INVALID);
	assert_string_equal(f->err.text, reason);
	arena_reset(&f->arena);
}

static void
setup(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->reader.arena = &f->arena;
}

static void
teardown(struct fixture *f)
{
	item_reader_release(&f->reader);
	arena_release(&f->arena);
}

static void
each_in_its_words(void **state)
{
	struct fixture f;
	size_t i;

	(void)state;
	setup(&f);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		is_refused(&f, rows[i].record, strlen(rows[i].record),
		    rows[i].reason);
	teardown(&f);
}

/* Names have at most 256 bytes, and nesting 64 levels. */
static void
what_is_too_long(void **state)
{
	static const char *const names[] = { "id", "queue", "model", "prompt",
	    "variant" };
	char record[512], reason[64];
	struct fixture f;
	size_t i;
	int n;

	(void)state;
	setup(&f);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		n = snprintf(record, sizeof(record), "{\"%s\":\"%0257d\","
		    "\"output\":\"a\"}", names[i], 7);
		(void)snprintf(reason, sizeof(reason),
		    "byte %zu: %s is over 256 bytes", strlen(names[i]) + 4,
		    names[i]);
		is_refused(&f, record, (size_t)n, reason);
	}
	n = snprintf(record, sizeof(record), "{\"output\":");
	memset(record + n, '[', 70);
	memset(record + n + 70, ']', 70);
	record[n + 140] = '}';
	is_refused(&f, record, (size_t)n + 141, "byte 73: depth over 64");
	teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_in_its_words),
		cmocka_unit_test(what_is_too_long)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
