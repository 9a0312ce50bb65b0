/* Responses: streams as services send them, gathered. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/wire_test.h"

#define E(type, members)	"event: " type "\ndata: {\"type\":\"" type "\"," \
	"\"sequence_number\":0" members "}\n\n"
#define RESPONSE(status, more, output)	"{\"id\":\"resp_1\",\"object\":" \
	"\"response\",\"status\":\"" status "\"," more "\"model\":\"m\"," \
	"\"output\":" output "}"
#define CREATED		E("response.created", ",\"response\":" \
	RESPONSE("in_progress", "\"usage\":null,", "[]")) \
	E("response.in_progress", ",\"response\":" \
	RESPONSE("in_progress", "\"usage\":null,", "[]"))
#define USAGE		"\"usage\":{\"input_tokens\":3,\"output_tokens\":4," \
	"\"output_tokens_details\":{\"reasoning_tokens\":1}},"
#define ENDED(output)	E("response.completed", ",\"response\":" \
	RESPONSE("completed", USAGE, output))
#define ITEM(what, i, item)	E("response.output_item." what, \
	",\"output_index\":" i ",\"item\":" item)
#define PART(what, i, k, part)	E("response.content_part." what, \
	",\"item_id\":\"i\",\"output_index\":" i ",\"content_index\":" k \
	",\"part\":" part)
#define TEXT(what, i, k, name, text)	E("response.output_text." what, \
	",\"item_id\":\"i\",\"output_index\":" i ",\"content_index\":" k \
	",\"logprobs\":[],\"" name "\":\"" text "\"")
#define MESSAGE(status, content)	"{\"id\":\"i\",\"type\":\"message\"," \
	"\"status\":\"" status "\",\"role\":\"assistant\",\"content\":" content "}"
#define SAYS(text)	"{\"type\":\"output_text\",\"text\":\"" text "\"," \
	"\"annotations\":[],\"logprobs\":[]}"
#define CALL(status, arguments)	"{\"id\":\"i\",\"type\":\"function_call\"," \
	"\"status\":\"" status "\",\"call_id\":\"c\",\"name\":\"f\"," \
	"\"arguments\":\"" arguments "\"}"
#define BEGUN		CREATED ITEM("added", "0", MESSAGE("in_progress", "[]")) \
	PART("added", "0", "0", SAYS(""))

static const struct wire_case cases[] = {
	{ "a text in pieces, and all that repeats it", BEGUN
	    TEXT("delta", "0", "0", "delta", "Hel")
	    TEXT("delta", "0", "0", "delta", "lo")
	    TEXT("done", "0", "0", "text", "Hello")
	    PART("done", "0", "0", SAYS("Hello"))
	    ITEM("done", "0", MESSAGE("completed", "[" SAYS("Hello") "]"))
	    ENDED("[" MESSAGE("completed", "[" SAYS("Hello") "]") "]"),
	    RESPONSE("completed", USAGE,
	    "[" MESSAGE("completed", "[" SAYS("Hello") "]") "]"),
	    "0 0:Hello;", WIRE_DONE, 3, 4 },
	{ "a call, reasoning, two texts", CREATED
	    ITEM("added", "0", "{\"id\":\"r\",\"type\":\"reasoning\","
	    "\"summary\":[]}") E("response.reasoning_summary_part.added",
	    ",\"output_index\":0,\"summary_index\":0,\"part\":{\"type\":"
	    "\"summary_text\",\"text\":\"\"}")
	    E("response.reasoning_summary_text.delta", ",\"output_index\":0,"
	    "\"summary_index\":0,\"delta\":\"h\"")
	    E("response.reasoning_summary_text.delta", ",\"output_index\":0,"
	    "\"summary_index\":0,\"delta\":\"m\"")
	    ITEM("added", "1", CALL("in_progress", ""))
	    E("response.function_call_arguments.delta", ",\"output_index\":1,"
	    "\"delta\":\"{\"") E("response.function_call_arguments.done",
	    ",\"output_index\":1,\"arguments\":\"{}\",\"name\":\"f\"")
	    ITEM("done", "1", CALL("completed", "{}"))
	    ENDED("[{\"id\":\"r\",\"type\":\"reasoning\",\"summary\":[{\"type\":"
	    "\"summary_text\",\"text\":\"hm\"}]}," CALL("completed", "{}") ","
	    MESSAGE("completed", "[" SAYS("a") "," SAYS("b") "]") "]"),
	    RESPONSE("completed", USAGE, "[{\"id\":\"r\",\"type\":"
	    "\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":"
	    "\"hm\"}]}," CALL("completed", "{}") "," MESSAGE("completed",
	    "[" SAYS("a") "," SAYS("b") "]") "]"),
	    "2 0:hm;3 0:f;4 0:{};0 0:a;0 0:b;", WIRE_DONE, 3, 4 },
	{ "a refusal, incomplete", CREATED E("response.refusal.delta",
	    ",\"output_index\":0,\"content_index\":0,\"delta\":\"no\"")
	    E("response.incomplete", ",\"response\":" RESPONSE("incomplete",
	    "\"incomplete_details\":{\"reason\":\"max_output_tokens\"}," USAGE,
	    "[" MESSAGE("incomplete", "[{\"type\":\"refusal\",\"refusal\":"
	    "\"no\"}]") "]")), RESPONSE("incomplete", "\"incomplete_details\":{"
	    "\"reason\":\"max_output_tokens\"}," USAGE, "[" MESSAGE("incomplete",
	    "[{\"type\":\"refusal\",\"refusal\":\"no\"}]") "]"), "1 0:no;",
	    WIRE_DONE, 3, 4 },
	{ "annotations and logprobs", BEGUN
	    E("response.output_text.delta", ",\"output_index\":0,"
	    "\"content_index\":0,\"delta\":\"a\",\"logprobs\":[{\"token\":"
	    "\"a\",\"logprob\":-1}]")
	    E("response.output_text.annotation.added", ",\"output_index\":0,"
	    "\"content_index\":0,\"annotation_index\":0,\"annotation\":{"
	    "\"type\":\"url_citation\",\"title\":\"t\"}"),
	    RESPONSE("incomplete", "\"usage\":null,", "["
	    MESSAGE("in_progress", "[{\"type\":\"output_text\",\"text\":\"a\","
	    "\"annotations\":[{\"type\":\"url_citation\",\"title\":\"t\"}],"
	    "\"logprobs\":[{\"token\":\"a\",\"logprob\":-1}]}]") "]"),
	    "0 0:a;5 0:t;", WIRE_MORE, -1, -1 },
	{ "what is done says otherwise: the pieces count", BEGUN
	    TEXT("delta", "0", "0", "delta", "good ")
	    TEXT("done", "0", "0", "text", "bad")
	    ENDED("[" MESSAGE("completed", "[" SAYS("worse") "]") "]"),
	    RESPONSE("completed", USAGE,
	    "[" MESSAGE("completed", "[" SAYS("good ") "]") "]"),
	    "0 0:good ;", WIRE_DONE, 3, 4 },
	{ "a text that only the last event has more of", BEGUN
	    TEXT("delta", "0", "0", "delta", "a")
	    ENDED("[" MESSAGE("completed", "[" SAYS("ab") "]") "]"),
	    RESPONSE("completed", USAGE,
	    "[" MESSAGE("completed", "[" SAYS("ab") "]") "]"), "0 0:ab;",
	    WIRE_DONE, 3, 4 },
	{ "a last event with no output keeps what came", BEGUN
	    TEXT("delta", "0", "0", "delta", "a") ENDED("[]"),
	    RESPONSE("completed", USAGE,
	    "[" MESSAGE("in_progress", "[" SAYS("a") "]") "]"), "0 0:a;",
	    WIRE_DONE, 3, 4 },
	{ "what is new", CREATED E("response.song.delta", ",\"output_index\":0,"
	    "\"delta\":\"la\",\"obfuscation\":\"xx\"") E("response.song.delta",
	    ",\"output_index\":0,\"delta\":\"la\"") E("response.dance",
	    ",\"item_id\":\"i\",\"step\":\"s\"") "event: keepalive\n"
	    "data: {\"type\":\"keepalive\"}\n\n" ENDED("[]"),
	    RESPONSE("completed", USAGE, "[]"), "5 0:lala;5 0:s;", WIRE_DONE,
	    3, 4 },
	{ "failed", CREATED E("response.failed", ",\"response\":"
	    RESPONSE("failed", "\"error\":{\"code\":\"server_error\","
	    "\"message\":\"m\"},", "[]")), RESPONSE("failed",
	    "\"error\":{\"code\":\"server_error\",\"message\":\"m\"},"
	    "\"usage\":null,", "[]"), "", WIRE_ERROR, -1, -1 },
	{ "an error event", CREATED E("error", ",\"code\":\"c\",\"message\":"
	    "\"m\""), NULL, "", WIRE_ERROR, -1, -1 },
	{ "a text of nothing", TEXT("delta", "0", "0", "delta", "a"), NULL, "",
	    WIRE_BAD, -1, -1 },
	{ "a number too high", CREATED TEXT("delta", "9999999", "0", "delta",
	    "a"), NULL, "", WIRE_BAD, -1, -1 },
	{ "a type in disguise", "data: {\"type\":\"response.output_text."
	    "d\\u0065lta\",\"delta\":\"a\"}\n\n", NULL, "", WIRE_BAD, -1, -1 }
};

WIRE_CASE_TESTS(WIRE_RESPONSES)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gathered),
		cmocka_unit_test(test_events_again),
		cmocka_unit_test(test_items)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
