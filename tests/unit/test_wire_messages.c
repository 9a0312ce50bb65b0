/* Messages: streams as services send them, gathered. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/wire_test.h"

#define E(type, members)	"event: " type "\ndata: {\"type\":\"" type "\"" \
	members "}\n\n"
#define USAGE		"\"usage\":{\"input_tokens\":3,\"output_tokens\":1," \
	"\"cache_read_input_tokens\":2}"
#define HEAD		"\"id\":\"msg_1\",\"type\":\"message\",\"role\":" \
	"\"assistant\",\"model\":\"c\","
#define START		E("message_start", ",\"message\":{" HEAD "\"content\":[]," \
	"\"stop_reason\":null,\"stop_sequence\":null," USAGE "}")
#define BLOCK(i, block)	E("content_block_start", ",\"index\":" i \
	",\"content_block\":{" block "}")
#define DELTA(i, type, name, text)	E("content_block_delta", ",\"index\":" i \
	",\"delta\":{\"type\":\"" type "\",\"" name "\":\"" text "\"}")
#define STOP(i)		E("content_block_stop", ",\"index\":" i)
#define PING		E("ping", "")
#define END(why, usage)	E("message_delta", ",\"delta\":{\"stop_reason\":\"" why \
	"\",\"stop_sequence\":null},\"usage\":{" usage "}") E("message_stop", "")
#define TEXT		"\"type\":\"text\",\"text\":\"\""
#define ANSWER(content, why, output)	"{" HEAD "\"content\":" content "," \
	"\"stop_reason\":" why ",\"stop_sequence\":null,\"usage\":{" \
	"\"input_tokens\":3,\"output_tokens\":" output "," \
	"\"cache_read_input_tokens\":2}}"

static const struct wire_case cases[] = {
	{ "a text, with pings", START PING BLOCK("0", TEXT)
	    DELTA("0", "text_delta", "text", "Hel") PING
	    DELTA("0", "text_delta", "text", "lo") STOP("0")
	    END("end_turn", "\"output_tokens\":7"),
	    ANSWER("[{\"type\":\"text\",\"text\":\"Hello\"}]", "\"end_turn\"",
	    "7"), "0 0:Hello;", WIRE_DONE, 5, 7 },
	{ "a thought, a text, a call", START
	    BLOCK("0", "\"type\":\"thinking\",\"thinking\":\"\","
	    "\"signature\":\"\"") DELTA("0", "thinking_delta", "thinking", "h")
	    DELTA("0", "thinking_delta", "thinking", "m")
	    DELTA("0", "signature_delta", "signature", "sig") STOP("0")
	    BLOCK("1", TEXT) DELTA("1", "text_delta", "text", "a") STOP("1")
	    BLOCK("2", "\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\","
	    "\"input\":{}") DELTA("2", "input_json_delta", "partial_json", "")
	    DELTA("2", "input_json_delta", "partial_json", "{\\\"to\\\":")
	    DELTA("2", "input_json_delta", "partial_json", "\\\"ann\\\"}")
	    STOP("2") END("tool_use", "\"output_tokens\":7"),
	    ANSWER("[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":"
	    "\"sig\"},{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"tool_use\","
	    "\"id\":\"t\",\"name\":\"f\",\"input\":{\"to\":\"ann\"}}]",
	    "\"tool_use\"", "7"), "2 0:hm;0 0:a;3 0:f;4 0:{\"to\":\"ann\"};",
	    WIRE_DONE, 5, 7 },
	{ "a call without input, redacted thoughts", START
	    BLOCK("0", "\"type\":\"redacted_thinking\",\"data\":\"x\"") STOP("0")
	    BLOCK("1", "\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\","
	    "\"input\":{}") STOP("1") END("tool_use", "\"output_tokens\":7"),
	    ANSWER("[{\"type\":\"redacted_thinking\",\"data\":\"x\"},{\"type\":"
	    "\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}]",
	    "\"tool_use\"", "7"), "6 0:x;3 0:f;", WIRE_DONE, 5, 7 },
	{ "citations, and a result of a search", START
	    BLOCK("0", "\"type\":\"web_search_tool_result\",\"content\":[{"
	    "\"type\":\"web_search_result\",\"title\":\"t\"}]") STOP("0")
	    BLOCK("1", "\"citations\":[]," TEXT) E("content_block_delta",
	    ",\"index\":1,\"delta\":{\"type\":\"citations_delta\",\"citation\":{"
	    "\"type\":\"char_location\",\"cited_text\":\"c\"}}")
	    DELTA("1", "text_delta", "text", "a") STOP("1")
	    END("end_turn", "\"output_tokens\":7"),
	    ANSWER("[{\"type\":\"web_search_tool_result\",\"content\":[{"
	    "\"type\":\"web_search_result\",\"title\":\"t\"}]},{\"citations\":[{"
	    "\"type\":\"char_location\",\"cited_text\":\"c\"}],\"type\":"
	    "\"text\",\"text\":\"a\"}]", "\"end_turn\"", "7"),
	    "0 0:t;0 0:a;5 0:c;", WIRE_DONE, 5, 7 },
	{ "usage that is left out stays", START BLOCK("0", TEXT) STOP("0")
	    END("end_turn", "\"input_tokens\":null"),
	    ANSWER("[{\"type\":\"text\",\"text\":\"\"}]", "\"end_turn\"", "1"),
	    "", WIRE_DONE, 5, 1 },
	{ "blocks that are there from the beginning", E("message_start",
	    ",\"message\":{" HEAD "\"content\":[{\"type\":\"text\",\"text\":"
	    "\"a\"}],\"stop_reason\":null,\"stop_sequence\":null," USAGE "}")
	    DELTA("0", "text_delta", "text", "b") END("end_turn",
	    "\"output_tokens\":7"), ANSWER("[{\"type\":\"text\",\"text\":"
	    "\"ab\"}]", "\"end_turn\"", "7"), "0 0:ab;", WIRE_DONE, 5, 7 },
	{ "what is new", START E("news", ",\"text\":\"n\"") BLOCK("0",
	    "\"type\":\"poem\",\"verse\":\"\"") DELTA("0", "verse_delta",
	    "verse", "a") DELTA("0", "verse_delta", "verse", "b") STOP("0")
	    END("end_turn", "\"output_tokens\":7"), ANSWER("[{\"type\":"
	    "\"poem\",\"verse\":\"ab\"}]", "\"end_turn\"", "7"),
	    "5 0:n;5 0:ab;", WIRE_DONE, 5, 7 },
	{ "what is said of the message at its end", START E("message_delta",
	    ",\"delta\":{\"stop_reason\":\"refusal\",\"stop_details\":{"
	    "\"type\":\"refusal\"}},\"context_management\":{}")
	    E("message_stop", ""), "{" HEAD "\"content\":[],\"stop_reason\":"
	    "\"refusal\",\"stop_sequence\":null," USAGE ",\"stop_details\":{"
	    "\"type\":\"refusal\"},\"context_management\":{}}", "", WIRE_DONE,
	    5, 1 },
	{ "a call that broke off", START BLOCK("0", "\"type\":\"tool_use\","
	    "\"id\":\"t\",\"name\":\"f\",\"input\":{}")
	    DELTA("0", "input_json_delta", "partial_json", "{\\\"to"),
	    ANSWER("[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\","
	    "\"input\":\"{\\\"to\"}]", "null", "1"), "3 0:f;4 0:{\"to;",
	    WIRE_MORE, 5, 1 },
	{ "an error in the middle", START BLOCK("0", TEXT) E("error",
	    ",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}"),
	    ANSWER("[{\"type\":\"text\",\"text\":\"\"}]", "null", "1"), "",
	    WIRE_ERROR, 5, 1 },
	{ "stopped without a reason", START E("message_stop", ""),
	    ANSWER("[]", "null", "1"), "", WIRE_BAD, 5, 1 },
	{ "a block twice", START BLOCK("0", TEXT) BLOCK("0", TEXT), NULL, NULL,
	    WIRE_BAD, 5, 1 },
	{ "a message twice", START START, NULL, NULL, WIRE_BAD, 5, 1 },
	{ "a delta of no block", START DELTA("0", "text_delta", "text", "a"),
	    NULL, NULL, WIRE_BAD, 5, 1 },
	{ "a delta of no message", DELTA("0", "text_delta", "text", "a"), NULL,
	    NULL, WIRE_BAD, -1, -1 },
	{ "the types are in the data alone", "data: {\"type\":\"message_start\","
	    "\"message\":{" HEAD "\"content\":[],\"stop_reason\":null,"
	    "\"stop_sequence\":null," USAGE "}}\n\n" END("end_turn",
	    "\"output_tokens\":7"), ANSWER("[]", "\"end_turn\"", "7"), "",
	    WIRE_DONE, 5, 7 }
};

WIRE_CASE_TESTS(WIRE_MESSAGES)

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
