/* Heads and chunks of responses, byte by byte. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/http/response.h"

static void
test_head(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	http_response_begin(&b, 200, "Sun, 06 Nov 1994 08:49:37 GMT", false);
	http_response_field(&b, "Content-Type", SLICE("application/json"));
	http_response_number(&b, "Retry-After", 7);
	http_response_length(&b, 2);
	buf_puts(&b, "{}");
	assert_string_equal(buf_str(&b), "HTTP/1.1 200 OK\r\n"
	    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
	    "Content-Type: application/json\r\nRetry-After: 7\r\n"
	    "Content-Length: 2\r\n\r\n{}");
	buf_clear(&b);
	http_response_begin(&b, 599, "now", true);
	http_response_bare(&b);
	assert_string_equal(buf_str(&b),
	    "HTTP/1.1 599 \r\nDate: now\r\nConnection: close\r\n\r\n");
	buf_release(&b);
}

/* No value ends its line or begins another. */
static void
test_values(void **state)
{
	struct buf b = BUF_INIT;
	char c;
	int i;

	(void)state;
	http_response_field(&b, "X", SLICE(" a\r\nSet-Cookie: b\0\x7f \xc3\xbc\t"));
	assert_string_equal(buf_str(&b),
	    "X: a%0D%0ASet-Cookie: b%00%7F %C3%BC\r\n");
	for (i = 0; i < 256; i++) {
		c = (char)i;
		buf_clear(&b);
		http_response_field(&b, "X", (struct slice){ &c, 1 });
		assert_int_equal(strcspn(buf_str(&b), "\r\n"), b.n - 2);
		assert_int_equal(strlen(buf_str(&b)), b.n);
	}
	buf_clear(&b);
	http_response_field(&b, "X", SLICE_NONE);
	assert_string_equal(buf_str(&b), "X: \r\n");
	buf_release(&b);
}

static void
test_chunks(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	http_response_chunked(&b);
	http_chunk(&b, SLICE("hello, a line of text"));
	http_chunk(&b, SLICE(""));
	http_chunk_end(&b);
	assert_string_equal(buf_str(&b), "Transfer-Encoding: chunked\r\n\r\n"
	    "15\r\nhello, a line of text\r\n0\r\n\r\n");
	buf_release(&b);
}

static void
test_date(void **state)
{
	static const struct date_case {
		int64_t		 ms;
		const char	*text;
	} dates[] = {
		{ 784111777000, "Sun, 06 Nov 1994 08:49:37 GMT" },
		{ 0, "Thu, 01 Jan 1970 00:00:00 GMT" },
		{ -1, "Wed, 31 Dec 1969 23:59:59 GMT" },
		{ 1709164800999, "Thu, 29 Feb 2024 00:00:00 GMT" },
		{ INT64_MAX, "Fri, 31 Dec 9999 23:59:59 GMT" },
		{ INT64_MIN, "Mon, 01 Jan 0001 00:00:00 GMT" }
	};
	char text[HTTP_DATE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		http_date(dates[i].ms, text);
		assert_string_equal(text, dates[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_chunks),
		cmocka_unit_test(test_date)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
