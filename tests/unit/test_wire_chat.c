/* Chat completions: streams as services send them, gathered; what goes out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/wire/release.h"
#include "core/wire/stream.h"
#include "tests/unit/wire_test.h"

#define D(json)		"data: " json "\n\n"
#define DELTA(delta)	D("{\"id\":\"c1\",\"object\":\"chat.completion.chunk\"," \
	"\"created\":7,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":" \
	delta ",\"logprobs\":null,\"finish_reason\":null}]}")
#define FINISH(why)	D("{\"id\":\"c1\",\"object\":\"chat.completion.chunk\"," \
	"\"created\":7,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{}," \
	"\"logprobs\":null,\"finish_reason\":\"" why "\"}]}")
#define DONE		D("[DONE]")
#define HEAD		"\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":7," \
	"\"model\":\"m\","
#define ANSWER(message, why)	"{" HEAD "\"choices\":[{\"index\":0," \
	"\"message\":" message ",\"logprobs\":null,\"finish_reason\":" why "}]}"

static const struct wire_case cases[] = {
	{ "a text in pieces", DELTA("{\"role\":\"assistant\",\"content\":\"\","
	    "\"refusal\":null}") DELTA("{\"content\":\"Hel\"}")
	    DELTA("{\"content\":\"lo \\u00e9\"}") FINISH("stop") DONE,
	    ANSWER("{\"role\":\"assistant\",\"content\":\"Hello \\u00e9\","
	    "\"refusal\":null}", "\"stop\""), "0 0:Hello \xc3\xa9;",
	    WIRE_DONE, -1, -1 },
	{ "usage with empty choices", DELTA("{\"content\":\"a\"}") FINISH("stop")
	    D("{\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,"
	    "\"completion_tokens\":1}}") DONE, "{" HEAD "\"choices\":[{"
	    "\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"a\"},"
	    "\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{"
	    "\"prompt_tokens\":3,\"completion_tokens\":1}}", "0 0:a;",
	    WIRE_DONE, 3, 1 },
	{ "usage with null choices, twice, the last counts",
	    DELTA("{\"content\":\"a\"}") FINISH("stop")
	    D("{\"choices\":null,\"usage\":{\"prompt_tokens\":3,"
	    "\"completion_tokens\":1}}") D("{\"usage\":{\"prompt_tokens\":4,"
	    "\"completion_tokens\":2}}") DONE, "{" HEAD "\"choices\":[{"
	    "\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"a\"},"
	    "\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{"
	    "\"prompt_tokens\":4,\"completion_tokens\":2}}", "0 0:a;",
	    WIRE_DONE, 4, 2 },
	{ "calls without id, their pieces in turn",
	    DELTA("{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{"
	    "\"index\":0,\"id\":\"x\",\"type\":\"function\",\"function\":{"
	    "\"name\":\"f\",\"arguments\":\"\"}}]}")
	    DELTA("{\"tool_calls\":[{\"index\":1,\"id\":\"y\",\"type\":"
	    "\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{\"}}]}")
	    DELTA("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":"
	    "\"{}\"}}]}") DELTA("{\"tool_calls\":[{\"index\":1,\"id\":\"\","
	    "\"function\":{\"name\":\"g\",\"arguments\":\"}\"}}]}")
	    FINISH("tool_calls") DONE,
	    ANSWER("{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{"
	    "\"id\":\"x\",\"type\":\"function\",\"function\":{\"name\":\"f\","
	    "\"arguments\":\"{}\"}},{\"id\":\"y\",\"type\":\"function\","
	    "\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]}",
	    "\"tool_calls\""), "3 0:f;4 0:{};3 0:g;4 0:{};", WIRE_DONE, -1, -1 },
	{ "whole calls under one number, or none",
	    DELTA("{\"tool_calls\":[{\"index\":0,\"id\":\"x\",\"function\":{"
	    "\"name\":\"f\",\"arguments\":\"1\"}}]}")
	    DELTA("{\"tool_calls\":[{\"index\":0,\"id\":\"y\",\"function\":{"
	    "\"name\":\"f\",\"arguments\":\"2\"}}]}")
	    DELTA("{\"tool_calls\":[{\"id\":\"z\",\"function\":{"
	    "\"name\":\"f\",\"arguments\":\"3\"}}]}")
	    DELTA("{\"tool_calls\":[{\"function\":{\"arguments\":\"4\"}}]}")
	    FINISH("tool_calls") DONE,
	    ANSWER("{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{"
	    "\"id\":\"x\",\"function\":{\"name\":\"f\",\"arguments\":\"1\"}},{"
	    "\"id\":\"y\",\"function\":{\"name\":\"f\",\"arguments\":\"2\"}},{"
	    "\"id\":\"z\",\"function\":{\"name\":\"f\",\"arguments\":\"34\"}}]}",
	    "\"tool_calls\""), "3 0:f;4 0:1;3 0:f;4 0:2;3 0:f;4 0:34;",
	    WIRE_DONE, -1, -1 },
	{ "the older call", DELTA("{\"function_call\":{\"name\":\"f\","
	    "\"arguments\":\"\"}}") DELTA("{\"function_call\":{"
	    "\"arguments\":\"{}\"}}") FINISH("function_call") DONE,
	    ANSWER("{\"role\":\"assistant\",\"content\":null,\"function_call\":{"
	    "\"name\":\"f\",\"arguments\":\"{}\"}}", "\"function_call\""),
	    "3 0:f;4 0:{};", WIRE_DONE, -1, -1 },
	{ "two choices in turn, finished apart", D("{\"id\":\"c1\",\"created\":7,"
	    "\"model\":\"m\",\"choices\":[{\"index\":1,\"delta\":{\"content\":"
	    "\"b\"}},{\"index\":0,\"delta\":{\"content\":\"a\"}}]}")
	    D("{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"B\"},"
	    "\"finish_reason\":\"length\"}]}") FINISH("stop") DONE,
	    "{" HEAD "\"choices\":[{\"index\":0,\"message\":{\"role\":"
	    "\"assistant\",\"content\":\"a\"},\"logprobs\":null,"
	    "\"finish_reason\":\"stop\"},{\"index\":1,\"message\":{\"role\":"
	    "\"assistant\",\"content\":\"bB\"},\"logprobs\":null,"
	    "\"finish_reason\":\"length\"}]}", "0 1:bB;0 0:a;", WIRE_DONE,
	    -1, -1 },
	{ "reasoning, refusal, annotations, null deltas",
	    DELTA("{\"reasoning_content\":\"hm\"}") DELTA("null")
	    DELTA("{\"reasoning_content\":\"m\",\"content\":null}")
	    DELTA("{\"refusal\":\"no\"}") DELTA("{\"annotations\":[{\"type\":"
	    "\"url_citation\",\"url_citation\":{\"title\":\"t\",\"url\":"
	    "\"u\"}}]}") FINISH("stop") DONE,
	    ANSWER("{\"role\":\"assistant\",\"content\":null,"
	    "\"reasoning_content\":\"hmm\",\"refusal\":\"no\",\"annotations\":[{"
	    "\"type\":\"url_citation\",\"url_citation\":{\"title\":\"t\","
	    "\"url\":\"u\"}}]}", "\"stop\""),
	    "2 0:hmm;1 0:no;5 0:t;6 0:u;", WIRE_DONE, -1, -1 },
	{ "logprobs in pieces", D("{\"id\":\"c1\",\"created\":7,\"model\":\"m\","
	    "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},"
	    "\"logprobs\":{\"content\":[{\"token\":\"a\",\"logprob\":-1}],"
	    "\"refusal\":null}}]}") D("{\"choices\":[{\"index\":0,\"delta\":{"
	    "\"content\":\"b\"},\"logprobs\":{\"content\":[{\"token\":\"b\","
	    "\"logprob\":-2}],\"refusal\":null},\"finish_reason\":\"stop\"}]}")
	    DONE, "{" HEAD "\"choices\":[{\"index\":0,\"message\":{\"role\":"
	    "\"assistant\",\"content\":\"ab\"},\"logprobs\":{\"content\":[{"
	    "\"token\":\"a\",\"logprob\":-1},{\"token\":\"b\",\"logprob\":-2}],"
	    "\"refusal\":null},\"finish_reason\":\"stop\"}]}", "0 0:ab;",
	    WIRE_DONE, -1, -1 },
	{ "Azure: filter results first, empty names, its own members",
	    D("{\"id\":\"\",\"object\":\"\",\"created\":0,\"model\":\"\","
	    "\"choices\":[],\"prompt_filter_results\":[{\"prompt_index\":0}]}")
	    D("{\"id\":\"c1\",\"created\":7,\"model\":\"m\",\"choices\":[{"
	    "\"index\":0,\"delta\":{\"content\":\"a\"},"
	    "\"content_filter_results\":{\"hate\":{\"filtered\":false}}}]}")
	    FINISH("stop") DONE, "{" HEAD "\"prompt_filter_results\":[{"
	    "\"prompt_index\":0}],\"choices\":[{\"index\":0,\"message\":{"
	    "\"role\":\"assistant\",\"content\":\"a\"},\"logprobs\":null,"
	    "\"content_filter_results\":{\"hate\":{\"filtered\":false}},"
	    "\"finish_reason\":\"stop\"}]}", "0 0:a;", WIRE_DONE, -1, -1 },
	{ "numbered details of another service are put together",
	    DELTA("{\"reasoning_details\":[{\"type\":\"reasoning.text\","
	    "\"index\":0,\"text\":\"a\"}]}") DELTA("{\"reasoning_details\":[{"
	    "\"type\":\"reasoning.text\",\"index\":0,\"text\":\"b\"}]}")
	    FINISH("stop") DONE, ANSWER("{\"role\":\"assistant\",\"content\":"
	    "null,\"reasoning_details\":[{\"type\":\"reasoning.text\","
	    "\"index\":0,\"text\":\"ab\"}]}", "\"stop\""), "2 0:ab;", WIRE_DONE,
	    -1, -1 },
	{ "comments, pings and what is new", ": hi\n\n" "event: ping\n"
	    D("{\"type\":\"ping\"}") DELTA("{\"content\":\"a\",\"new\":{\"x\":"
	    "[1,{\"y\":\"z\"}]}}") DELTA("{\"new\":{\"x\":[2],\"w\":\"v\"}}")
	    FINISH("stop") DONE, ANSWER("{\"role\":\"assistant\",\"content\":"
	    "\"a\",\"new\":{\"x\":[1,{\"y\":\"z\"},2],\"w\":\"v\"}}",
	    "\"stop\""), "0 0:a;5 0:z;5 0:v;", WIRE_DONE, -1, -1 },
	{ "a key with an escape is the same key", DELTA("{\"content\":\"a\"}")
	    DELTA("{\"con\\u0074ent\":\"b\"}") FINISH("stop") DONE,
	    ANSWER("{\"role\":\"assistant\",\"content\":\"ab\"}", "\"stop\""),
	    "0 0:ab;", WIRE_DONE, -1, -1 },
	{ "broken off", DELTA("{\"content\":\"a\"}"),
	    ANSWER("{\"role\":\"assistant\",\"content\":\"a\"}", "null"),
	    "0 0:a;", WIRE_MORE, -1, -1 },
	{ "done too early", DELTA("{\"content\":\"a\"}") DONE,
	    ANSWER("{\"role\":\"assistant\",\"content\":\"a\"}", "null"),
	    "0 0:a;", WIRE_BAD, -1, -1 },
	{ "done before anything", DONE, NULL, "", WIRE_BAD, -1, -1 },
	{ "an error in the middle", DELTA("{\"content\":\"a\"}")
	    D("{\"error\":{\"message\":\"m\"}}"),
	    ANSWER("{\"role\":\"assistant\",\"content\":\"a\"}", "null"),
	    "0 0:a;", WIRE_ERROR, -1, -1 },
	{ "an error by its event", "event: error\n" D("busy"), NULL, "",
	    WIRE_ERROR, -1, -1 },
	{ "no JSON", D("{\"choices\":[}"), NULL, "", WIRE_BAD, -1, -1 },
	{ "a key twice", D("{\"choices\":[],\"choices\":[]}"), NULL, "",
	    WIRE_BAD, -1, -1 },
	{ "half a character", DELTA("{\"content\":\"\\ud83d\"}"), NULL, "",
	    WIRE_BAD, -1, -1 },
	{ "a choice too many", D("{\"choices\":[{\"index\":128}]}"),
	    "{\"id\":null,\"object\":\"chat.completion\",\"choices\":[]}", "",
	    WIRE_BAD, -1, -1 },
	{ "a text that becomes an array", DELTA("{\"content\":\"a\"}")
	    DELTA("{\"content\":[\"b\"]}"), NULL, NULL, WIRE_BAD, -1, -1 }
};

static void
test_bounded(void **state)
{
	struct wire_stream *s = wire_stream_new(WIRE_CHAT, 2000);
	struct error err = { STATUS_OK, "" };
	enum wire_outcome outcome = WIRE_MORE;
	size_t n;

	(void)state;
	for (n = 0; n < 1000 && outcome == WIRE_MORE; n++)
		outcome = wire_feed(s, slice_of(DELTA("{\"content\":\"0123\"}")),
		    &err);
	assert_int_equal(outcome, WIRE_TOO_LONG);
	assert_true(n < 500);
	assert_string_equal(err.text, "the answer is over 2000 bytes");
	wire_stream_free(s);
}

WIRE_CASE_TESTS(WIRE_CHAT)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gathered),
		cmocka_unit_test(test_events_again),
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_bounded)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
