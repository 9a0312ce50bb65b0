/* Requests to models: what is read of them, and what goes upstream. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/wire/request.h"
#include "core/wire/request_write.h"

static struct wire_request r;
static struct arena arena;
static struct error err;

static enum status
read_request(enum wire_api api, const char *body)
{
	arena_reset(&arena);
	error_clear(&err);
	return wire_request_read(&r, api, slice_of(body), &arena, &err);
}

static const struct {
	enum wire_api	 api;
	const char	*body, *why;
} refused[] = {
	{ WIRE_CHAT, "", "byte 0: unexpected end" },
	{ WIRE_CHAT, "[]", "must be a JSON object" },
	{ WIRE_CHAT, "{\"model\":\"m\",\"model\":\"n\"}",
	    "byte 13: duplicate key" },
	{ WIRE_CHAT, "{\"messages\":[]}", "model: must be a name" },
	{ WIRE_CHAT, "{\"model\":\"\",\"messages\":[]}",
	    "model: must be a name" },
	{ WIRE_CHAT, "{\"model\":\"m\"}", "messages: must be an array" },
	{ WIRE_CHAT, "{\"model\":\"m\",\"messages\":\"secret\"}",
	    "messages: must be an array" },
	{ WIRE_RESPONSES, "{\"model\":\"m\",\"input\":7}",
	    "input: must be a string or an array" },
	{ WIRE_CHAT, "{\"model\":\"m\",\"messages\":[],\"stream\":\"yes\"}",
	    "stream: must be true or false" },
	{ WIRE_CHAT, "{\"model\":\"m\",\"messages\":[],\"n\":0}",
	    "n: must be a whole number from 1 to 128" },
	{ WIRE_CHAT, "{\"model\":\"m\",\"messages\":[],\"max_tokens\":1.5}",
	    "max_tokens: must be a whole number from 0 to 1099511627776" },
	{ WIRE_MESSAGES, "{\"model\":\"m\",\"messages\":[],\"max_tokens\":-1}",
	    "max_tokens: must be a whole number from 0 to 1099511627776" },
	{ WIRE_CHAT, "{\"model\":\"m\",\"prompt\":\"p\"}",
	    "prompt: must be an object with \"variables\"" },
	{ WIRE_CHAT, "{\"model\":\"m\",\"prompt\":{\"variables\":[]}}",
	    "prompt.variables: must be an object" }
};

static void
test_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		assert_int_equal(read_request(refused[i].api, refused[i].body),
		    STATUS_INVALID);
		assert_string_equal(err.text, refused[i].why);
	}
}

static void
assert_text(struct slice s, const char *want)
{
	assert_int_equal(s.n, strlen(want));
	assert_memory_equal(s.p, want, s.n);
}

static void
test_chat(void **state)
{
	(void)state;
	assert_int_equal(read_request(WIRE_CHAT, "{\"model\":\"reply\\u0041\","
	    "\"messages\":[],\"stream\":true,\"stream_options\":"
	    "{\"include_usage\":true},\"logprobs\":true,\"n\":3,"
	    "\"max_completion_tokens\":9,\"max_tokens\":null,"
	    "\"response_format\":{\"type\":\"json_object\"},\"user\":\"u\","
	    "\"safety_identifier\":\"s\",\"tools\":[{}]}"), STATUS_OK);
	assert_text(r.model, "replyA");
	assert_true(r.stream && r.usage_asked && r.logprobs_asked &&
	    r.json_asked && r.tools);
	assert_false(r.background || r.previous);
	assert_int_equal(r.choices, 3);
	assert_int_equal(r.max_tokens, 9);
	assert_text(r.unit, "s");
	assert_null(r.variables.p);
	assert_int_equal(read_request(WIRE_CHAT,
	    "{\"model\":\"p@1\",\"prompt\":{\"variables\":{\"a\": 1}},"
	    "\"stream\":null,\"tools\":[],\"response_format\":"
	    "{\"type\":\"text\"},\"user\":\"u\"}"), STATUS_OK);
	assert_false(r.stream || r.usage_asked || r.logprobs_asked ||
	    r.json_asked || r.tools);
	assert_int_equal(r.choices, 1);
	assert_int_equal(r.max_tokens, -1);
	assert_text(r.unit, "u");
	assert_text(r.variables, "{\"a\": 1}");
}

static void
test_others(void **state)
{
	(void)state;
	assert_int_equal(read_request(WIRE_RESPONSES, "{\"model\":\"m\","
	    "\"input\":\"hi\",\"background\":true,\"max_output_tokens\":5,"
	    "\"include\":[1,\"message.output_text.logprobs\"],\"text\":{"
	    "\"format\":{\"type\":\"json_schema\"}},\"prompt\":{\"id\":\"x\","
	    "\"variables\":{}},\"conversation\":{\"id\":\"c\"},"
	    "\"metadata\":{\"user_id\":\"w\"}}"), STATUS_OK);
	assert_true(r.background && r.previous && r.logprobs_asked &&
	    r.json_asked && r.usage_asked);
	assert_int_equal(r.max_tokens, 5);
	assert_text(r.unit, "w");
	assert_null(r.variables.p);		/* the upstream's own prompt */
	assert_int_equal(read_request(WIRE_MESSAGES, "{\"model\":\"m\","
	    "\"messages\":[],\"max_tokens\":0,\"n\":7,\"output_format\":{}}"),
	    STATUS_OK);
	assert_true(r.json_asked && r.usage_asked);
	assert_int_equal(r.max_tokens, 0);
	assert_int_equal(r.choices, 1);
}

static const struct {
	enum wire_api	 api;
	const char	*body, *want;	/* texts, each with a ; */
} texts[] = {
	{ WIRE_CHAT, "{\"model\":\"m\",\"user\":\"no\",\"messages\":["
	    "{\"role\":\"system\",\"content\":\"be \\\"kind\\\"\"},"
	    "{\"role\":\"user\",\"name\":\"no\",\"content\":["
	    "{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image_url\","
	    "\"image_url\":{\"url\":\"data:no\"}},{\"type\":\"input_audio\","
	    "\"input_audio\":{\"data\":\"no\",\"format\":\"no\"}}]},"
	    "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{"
	    "\"id\":\"no\",\"type\":\"function\",\"function\":{\"name\":\"no\","
	    "\"arguments\":\"{\\\"to\\\":\\\"ann\\\"}\"}}]},"
	    "{\"role\":\"tool\",\"tool_call_id\":\"no\",\"content\":\"b\"}],"
	    "\"tools\":[{\"description\":\"no\"}],"
	    "\"prediction\":{\"type\":\"content\",\"content\":\"c\"}}",
	    "be \"kind\";a;{\"to\":\"ann\"};b;c;" },
	{ WIRE_RESPONSES, "{\"model\":\"m\",\"instructions\":\"i\","
	    "\"input\":\"hi\"}", "i;hi;" },
	{ WIRE_RESPONSES, "{\"model\":\"m\",\"input\":[{\"role\":\"user\","
	    "\"content\":[{\"type\":\"input_text\",\"text\":\"a\"}]},"
	    "{\"type\":\"function_call\",\"call_id\":\"no\",\"name\":\"no\","
	    "\"arguments\":\"b\"},{\"type\":\"function_call_output\","
	    "\"call_id\":\"no\",\"output\":\"c\"},{\"type\":\"reasoning\","
	    "\"id\":\"no\",\"summary\":[],\"encrypted_content\":\"no\"},"
	    "{\"type\":\"custom_tool_call\",\"input\":\"d\"}]}",
	    "a;b;c;d;" },
	{ WIRE_MESSAGES, "{\"model\":\"m\",\"system\":[{\"type\":\"text\","
	    "\"text\":\"s\",\"cache_control\":{\"type\":\"no\"}}],"
	    "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
	    "\"text\":\"a\"},{\"type\":\"image\",\"source\":{\"type\":"
	    "\"base64\",\"media_type\":\"no\",\"data\":\"no\"}},"
	    "{\"type\":\"document\",\"title\":\"t\",\"source\":{\"type\":"
	    "\"content\",\"content\":\"d\"}}]},{\"role\":\"assistant\","
	    "\"content\":[{\"type\":\"thinking\",\"thinking\":\"no\","
	    "\"signature\":\"no\"},{\"type\":\"tool_use\",\"id\":\"no\","
	    "\"name\":\"no\",\"input\":{\"name\":\"ann\",\"l\":[\"x\",1]}}]},"
	    "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\","
	    "\"tool_use_id\":\"no\",\"content\":[{\"type\":\"text\","
	    "\"text\":\"r\"}]}]}]}", "s;a;t;d;ann;x;r;" }
};

static void
test_texts(void **state)
{
	struct buf got = BUF_INIT;
	struct slice *found;
	size_t i, k, n;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_int_equal(read_request(texts[i].api, texts[i].body),
		    STATUS_OK);
		assert_int_equal(wire_request_texts(&r, &arena, &found, &n,
		    &err), STATUS_OK);
		buf_clear(&got);
		for (k = 0; k < n; k++)
			buf_printf(&got, "%.*s;", SLICE_ARG(found[k]));
		assert_string_equal(buf_str(&got), texts[i].want);
	}
	buf_release(&got);
}

#define AS_IS	.max_tokens = -1
#define S(s)	{ s, sizeof(s) - 1 }

static const struct {
	enum wire_api		 api;
	const char		*body;
	struct wire_change	 change;
	const char		*want;
} changes[] = {
	{ WIRE_CHAT, " { \"model\" : \"m\",\"x\":[1.0, 2e3],\"messages\":[] }",
	    { AS_IS }, "{ \"model\" : \"m\",\"x\":[1.0, 2e3],\"messages\":[] }" },
	{ WIRE_CHAT, "{\"model\":\"m\",\"x\":[1.0, 2e3],\"messages\":[ ],"
	    "\"prompt\":{}}", { AS_IS, .model = S("gpt") },
	    "{\"model\":\"gpt\",\"x\":[1.0, 2e3],\"messages\":[ ]}" },
	{ WIRE_CHAT, "{\"model\":\"m\",\"messages\":[],\"max_tokens\":null}",
	    { .max_tokens = 7, .stream = true, .logprobs = true },
	    "{\"model\":\"m\",\"messages\":[],\"max_completion_tokens\":7,"
	    "\"stream\":true,\"stream_options\":{\"include_usage\":true},"
	    "\"logprobs\":true}" },
	{ WIRE_CHAT, "{\"model\":\"m\",\"messages\":[],\"max_tokens\":3,"
	    "\"stream\":true,\"stream_options\":{\"include_usage\":false,"
	    "\"include_obfuscation\":false},\"logprobs\":false}",
	    { .max_tokens = 7, .stream = true, .logprobs = true },
	    "{\"model\":\"m\",\"messages\":[],\"max_tokens\":3,\"stream\":true,"
	    "\"stream_options\":{\"include_usage\":true,"
	    "\"include_obfuscation\":false},\"logprobs\":true}" },
	{ WIRE_CHAT, "{\"model\":\"m\",\"messages\":[],\"stream\":true,"
	    "\"stream_options\":{}}", { AS_IS },
	    "{\"model\":\"m\",\"messages\":[],\"stream\":false}" },
	{ WIRE_RESPONSES, "{\"model\":\"m\",\"input\":\"a\",\"include\":"
	    "[\"b\"],\"prompt\":{\"id\":\"p\"}}", { .max_tokens = 7,
	    .stream = true, .logprobs = true },
	    "{\"model\":\"m\",\"input\":\"a\",\"include\":[\"b\","
	    "\"message.output_text.logprobs\"],\"prompt\":{\"id\":\"p\"},"
	    "\"max_output_tokens\":7,\"stream\":true}" }
};

static void
test_written(void **state)
{
	struct buf out = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		assert_int_equal(read_request(changes[i].api, changes[i].body),
		    STATUS_OK);
		buf_clear(&out);
		assert_int_equal(wire_request_write(&out, &r,
		    &changes[i].change, &err), STATUS_OK);
		assert_string_equal(buf_str(&out), changes[i].want);
	}
	buf_release(&out);
}

#define SYSTEM	"{\"role\":\"system\",\"content\":\"s\"}"
#define USER	"{\"role\":\"user\",\"content\":\"u\"}"

/* A prompt's messages go before the request's own, in each API's own way. */
static void
test_prompt(void **state)
{
	static const struct {
		enum wire_api	 api;
		const char	*body, *want;
	} rows[] = {
		{ WIRE_CHAT, "{\"model\":\"p@1\",\"prompt\":{\"variables\":{}},"
		    "\"stream\":true}", "{\"model\":\"p@1\",\"stream\":true,"
		    "\"messages\":[" SYSTEM "," USER "]}" },
		{ WIRE_CHAT, "{\"messages\":[{\"role\":\"user\",\"content\":"
		    "\"\\u0061\"}],\"model\":\"g\"}", "{\"messages\":[" SYSTEM ","
		    USER ",{\"role\":\"user\",\"content\":\"\\u0061\"}],"
		    "\"model\":\"g\"}" },
		{ WIRE_RESPONSES, "{\"model\":\"g\",\"instructions\":\"i\","
		    "\"input\":\"a\"}", "{\"model\":\"g\",\"instructions\":\"i\","
		    "\"input\":[" SYSTEM "," USER ",{\"role\":\"user\","
		    "\"content\":\"a\"}]}" },
		{ WIRE_MESSAGES, "{\"model\":\"g\",\"prompt\":{\"variables\":{}}}",
		    "{\"model\":\"g\",\"messages\":[" USER "],\"system\":"
		    "[{\"type\":\"text\",\"text\":\"s\"}]}" },
		{ WIRE_MESSAGES, "{\"model\":\"g\",\"system\":\"t\",\"messages\":"
		    "[{\"role\":\"user\",\"content\":\"a\"}]}", "{\"model\":\"g\","
		    "\"system\":[{\"type\":\"text\",\"text\":\"s\"},{\"type\":"
		    "\"text\",\"text\":\"t\"}],\"messages\":[" USER ",{\"role\":"
		    "\"user\",\"content\":\"a\"}]}" }
	};
	struct buf out = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(read_request(rows[i].api, rows[i].body),
		    STATUS_OK);
		buf_clear(&out);
		assert_int_equal(wire_request_prompt(&out, &r,
		    SLICE("[" SYSTEM "," USER "]"), SLICE_NONE, &err),
		    STATUS_OK);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
	buf_release(&out);
}

/* What a prompt's config sets where the client does not. */
static void
test_config(void **state)
{
	const struct slice config = SLICE("{\"languages\":[\"en\"],"
	    "\"max_tokens\":9,\"model\":\"other\",\"n\":5,\"temperature\":0.2,"
	    "\"top_k\":3}");
	static const struct {
		enum wire_api	 api;
		const char	*body, *want;
	} rows[] = {
		{ WIRE_CHAT, "{\"model\":\"g\",\"prompt\":{\"variables\":{}}}", "{\"model\":\"g\","
		    "\"messages\":[" USER "],\"temperature\":0.2,"
		    "\"max_completion_tokens\":9}" },
		{ WIRE_CHAT, "{\"model\":\"g\",\"max_tokens\":5,"
		    "\"temperature\":null,\"prompt\":{\"variables\":{}}}", "{\"model\":\"g\","
		    "\"max_tokens\":5,\"temperature\":0.2,\"messages\":["
		    USER "]}" },
		{ WIRE_RESPONSES, "{\"model\":\"g\",\"temperature\":1,"
		    "\"prompt\":{\"variables\":{}}}",
		    "{\"model\":\"g\",\"temperature\":1,\"input\":["
		    USER "],\"max_output_tokens\":9}" },
		{ WIRE_MESSAGES, "{\"model\":\"g\",\"prompt\":{\"variables\":{}}}", "{\"model\":\"g\","
		    "\"messages\":[" USER "],\"temperature\":0.2,"
		    "\"top_k\":3,\"max_tokens\":9}" }
	};
	struct buf out = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(read_request(rows[i].api, rows[i].body),
		    STATUS_OK);
		buf_clear(&out);
		assert_int_equal(wire_request_prompt(&out, &r,
		    SLICE("[" USER "]"), config, &err), STATUS_OK);
		assert_string_equal(buf_str(&out), rows[i].want);
	}
	buf_release(&out);
}

/* A text in the place of another; the others keep their escapes. */
static void
test_replaced(void **state)
{
	const struct slice with[] = { SLICE_NONE, SLICE("<\"A\">"), SLICE_NONE };
	struct wire_change c = { .max_tokens = -1, .texts = with };
	struct buf out = BUF_INIT;

	(void)state;
	assert_int_equal(read_request(WIRE_MESSAGES, "{\"model\":\"m\", "
	    "\"messages\":[{\"role\":\"user\",\"content\":\"\\u0061\"}, {"
	    "\"content\":[{\"text\":\"ann\"},{\"text\":\"\\t\"}]}]}"),
	    STATUS_OK);
	assert_int_equal(wire_request_write(&out, &r, &c, &err), STATUS_OK);
	assert_string_equal(buf_str(&out), "{\"model\":\"m\", "
	    "\"messages\":[{\"role\":\"user\",\"content\":\"\\u0061\"}, {"
	    "\"content\":[{\"text\":\"<\\\"A\\\">\"},{\"text\":\"\\t\"}]}]}");
	buf_clear(&out);
	c.model = SLICE("x");
	assert_int_equal(wire_request_write(&out, &r, &c, &err), STATUS_OK);
	assert_string_equal(buf_str(&out), "{\"model\":\"x\","
	    "\"messages\":[{\"role\":\"user\",\"content\":\"\\u0061\"}, {"
	    "\"content\":[{\"text\":\"<\\\"A\\\">\"},{\"text\":\"\\t\"}]}]}");
	buf_release(&out);
}

static int
release(void **state)
{
	(void)state;
	wire_request_release(&r);
	arena_release(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_chat),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_prompt),
		cmocka_unit_test(test_config),
		cmocka_unit_test(test_replaced)
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
