/* Errors in the form that each API's clients read. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/wire/errors.h"

static const struct {
	enum wire_api		 api;
	struct wire_error	 error;
	const char		*body, *event;
} cases[] = {
	{ WIRE_CHAT, { 400, NULL, "content_filter", "a \"rule\" says no", 0 },
	    "{\"error\":{\"message\":\"a \\\"rule\\\" says no\",\"type\":"
	    "\"invalid_request_error\",\"param\":null,\"code\":"
	    "\"content_filter\"}}", "data: {\"error\":{\"message\":"
	    "\"a \\\"rule\\\" says no\",\"type\":\"invalid_request_error\","
	    "\"param\":null,\"code\":\"content_filter\"}}\n\n" },
	{ WIRE_RESPONSES, { 502, NULL, NULL, "m", 7 },
	    "{\"error\":{\"message\":\"m\",\"type\":\"server_error\","
	    "\"param\":null,\"code\":\"bad_gateway\"}}",
	    "event: error\ndata: {\"type\":\"error\",\"code\":\"bad_gateway\","
	    "\"message\":\"m\",\"param\":null,\"sequence_number\":7,"
	    "\"error\":{\"message\":\"m\",\"type\":\"server_error\","
	    "\"param\":null,\"code\":\"bad_gateway\"}}\n\n" },
	{ WIRE_MESSAGES, { 429, "insufficient_quota", "budget_exceeded", "m", 0 },
	    "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\","
	    "\"message\":\"m\",\"code\":\"budget_exceeded\"}}",
	    "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":"
	    "\"rate_limit_error\",\"message\":\"m\",\"code\":"
	    "\"budget_exceeded\"}}\n\n" },
	{ WIRE_MESSAGES, { 418, NULL, NULL, "m", 0 },
	    "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
	    "\"message\":\"m\"}}", NULL },
	{ WIRE_CHAT, { 599, NULL, NULL, "m", 0 },
	    "{\"error\":{\"message\":\"m\",\"type\":\"server_error\","
	    "\"param\":null,\"code\":null}}", NULL },
	{ WIRE_CHAT, { 429, "insufficient_quota", "budget_exceeded", "m", 0 },
	    "{\"error\":{\"message\":\"m\",\"type\":\"insufficient_quota\","
	    "\"param\":null,\"code\":\"budget_exceeded\"}}", NULL }
};

static void
test_errors(void **state)
{
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&b);
		wire_error_write(&b, cases[i].api, &cases[i].error);
		assert_string_equal(buf_str(&b), cases[i].body);
		buf_clear(&b);
		wire_error_event(&b, cases[i].api, &cases[i].error);
		if (cases[i].event != NULL)
			assert_string_equal(buf_str(&b), cases[i].event);
	}
	buf_clear(&b);
	wire_error_pass(&b, WIRE_RESPONSES, SLICE("{\n \"error\": {\"message\":"
	    "\"a b\"}\n}\n"));
	assert_string_equal(buf_str(&b), "event: error\ndata: {\"error\":{"
	    "\"message\":\"a b\"}}\n\n");
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_errors) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
