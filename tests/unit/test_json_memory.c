/* Each allocation of reading JSON fails in turn, whatever is being read then. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "core/base/buf.h"
#include "core/json/parse.h"
#include "tests/unit/memory_test.h"
#include "tests/unit/values.h"

/* Reads it with 0, 1, 2, ... allocations, until they are enough. */
static void
fails_in_turn(struct slice text, const struct json *const known[JSON_KNOWN],
    long least)
{
#ifndef SANITIZED
	struct json_error why;
	enum status st;
	long n;

	for (n = 0; ; n++) {
		struct json d = JSON_INIT;
		long before = live;

		left = n;
		st = json_parse_known(&d, text, JSON_DEPTH_MAX, 0, known, &why);
		left = -1;
		json_release(&d);
		assert_int_equal(live, before);
		if (st == STATUS_OK)
			break;
		assert_int_equal(st, STATUS_NOMEM);
		assert_string_equal(why.reason, "out of memory");
	}
	assert_op(n, >=, least);
#else
	(void)text, (void)known, (void)least;
#endif
}

/* The room for values runs out at one of each kind: there are 64 at first. */
static void
test_without_memory_nothing_is_read(void **state)
{
	static const char *const one[] = {
		"\"text\"", "\"a\\nb\"", "-1.5e3", "true", "null", "[]", "{}",
		"[1]", "{\"k\":\"v\"}"
	};
	static const struct json *const none[JSON_KNOWN] = { NULL };
	struct buf b = BUF_INIT;
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < sizeof(one) / sizeof(one[0]); i++) {
		buf_clear(&b);
		buf_puts(&b, "[0");
		for (k = 0; k < 130; k++)
			buf_printf(&b, ",%s", one[i]);
		buf_putc(&b, ']');
		fails_in_turn(buf_slice(&b), none, 4);
	}
	buf_clear(&b);
	for (k = 0; k < 40; k++)
		buf_printf(&b, "{\"k\":");
	buf_puts(&b, "0");
	for (k = 0; k < 40; k++)
		buf_putc(&b, '}');
	fails_in_turn(buf_slice(&b), none, 4);
	buf_release(&b);
}

/* A member that was read before is taken over, where there is room for it. */
static void
test_nor_what_is_known(void **state)
{
	struct json known = JSON_INIT;
	const struct json *const two[JSON_KNOWN] = { NULL, &known };
	struct json_error why;
	struct buf b = BUF_INIT, whole = BUF_INIT;
	int k;

	(void)state;
	buf_puts(&b, "[0");
	for (k = 0; k < 300; k++)
		buf_puts(&b, ",0");
	buf_putc(&b, ']');
	assert_int_equal(json_parse(&known, buf_slice(&b), JSON_DEPTH_MAX, 0,
	    &why), STATUS_OK);
	buf_printf(&whole, "{\"a\":%s}", buf_str(&b));
	fails_in_turn(buf_slice(&whole), two, 5);
	buf_release(&whole);
	buf_release(&b);
	json_release(&known);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_memory_nothing_is_read),
		cmocka_unit_test(test_nor_what_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
