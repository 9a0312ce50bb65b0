/* Server-sent events: what is read of a stream, in any pieces; what is written. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>

#include "core/http/sse.h"

#define MAX	64u

struct sse_case {
	const char	*name;
	const char	*want;		/* TYPE(DATA)ID;... then ! for unfinished,
					 * + for too long */
	struct slice	 bytes;
};

#define CASE(name, want, bytes)	{ name, want, { bytes, sizeof(bytes) - 1 } }

static const struct sse_case cases[] = {
	CASE("one", "message(hi);", "data: hi\n\n"),
	CASE("LF, CR, CR LF", "message(a);message(b);message(c);",
	    "data: a\n\ndata: b\r\rdata: c\r\n\r\n"),
	CASE("mixed ends", "message(a);message(b);message(c);",
	    "data: a\r\n\rdata: b\n\r\ndata: c\r\n\n"),
	CASE("CR ends an event at once", "message(a);", "data: a\r\r"),
	CASE("CR CR LF is two ends", "message(a);", "data: a\r\r\n"),
	CASE("lines are joined", "message(a\n\nb);",
	    "data: a\ndata:\ndata: b\n\n"),
	CASE("one blank is left out", "message( a);message(\ta);",
	    "data:  a\n\ndata:\ta\n\n"),
	CASE("no colon", "message();", "data\n\n"),
	CASE("two lines of nothing", "message(\n);", "data\ndata\n\n"),
	CASE("colons in the value", "message(a: b:);", "data:a: b:\n\n"),
	CASE("type", "x(a);message(b);", "event: x\ndata: a\n\ndata: b\n\n"),
	CASE("the last type", "y(a);", "event: x\nevent: y\ndata: a\n\n"),
	CASE("no type", "message(a);", "event: x\nevent:\ndata: a\n\n"),
	CASE("a type alone is no event", "message(a);",
	    "event: x\n\ndata: a\n\n"),
	CASE("id stays", "message(a)7;message(b)7;message(c);",
	    "id: 7\ndata: a\n\ndata: b\n\nid\ndata: c\n\n"),
	CASE("id with NUL", "message(a)7;",
	    "id: 7\nid: 8\0\ndata: a\n\n"),
	CASE("id of an empty event", "message(a)7;", "id: 7\n\ndata: a\n\n"),
	CASE("comments", "message(a\nb);",
	    ": wait\n\n:\ndata: a\n:data: x\ndata: b\n\n"),
	CASE("other fields", "message(a);",
	    "Data: x\ndata : x\n data: x\ndatax: x\ndata: a\nx\n\n"),
	CASE("byte order mark", "message(a);", "\xef\xbb\xbf" "data: a\n\n"),
	CASE("two byte order marks", "", "\xef\xbb\xbf\xef\xbb\xbf" "data: a\n\n"),
	CASE("a later byte order mark", "message(b);",
	    "\n\xef\xbb\xbf" "data: a\n\ndata: b\n\n"),
	CASE("a mark alone", "", "\xef\xbb\xbf"),
	CASE("NUL and bytes of no text", "message(\xff\x01);",
	    "data: \xff\x01\n\n"),
	CASE("unfinished, no end of line", "!", "data: a"),
	CASE("unfinished, no empty line", "message(a);!",
	    "data: a\n\nevent: x\n"),
	CASE("unfinished, by its field", "!", "dat"),
	CASE("a comment cut off is none", "message(a);", "data: a\n\n: wai"),
	CASE("nothing", "", ""),
	CASE("empty lines", "", "\n\r\n\r\r\n"),
	CASE("as long as may be", "message(" "0123456789012345678901234567890"
	    "1234567890123456789012345678);", "data:0123456789012345678901234567890"
	    "1234567890123456789012345678\n\n"),
	CASE("a line too long", "message(a);+", "data: a\n\n"
	    "data:0123456789012345678901234567890"
	    "12345678901234567890123456789\n\ndata: b\n\n"),
	CASE("lines too long together", "+", "data:01234567890123456789\n"
	    "data:01234567890123456789\ndata:0123456789012345678\n\n"),
	CASE("a comment too long", "+", ":012345678901234567890123456789012345678"
	    "90123456789012345678901234\n")
};

static void
add_event(struct buf *out, const struct sse_event *event)
{
	buf_add_slice(out, event->type);
	buf_putc(out, '(');
	buf_add_slice(out, event->data);
	buf_putc(out, ')');
	buf_add_slice(out, event->id);
	buf_putc(out, ';');
}

/* Reads in memory of the piece's size, and what was told of it before. */
static enum sse_outcome
read_piece(struct sse_reader *r, struct slice piece, struct buf *out)
{
	struct sse_event event;
	enum sse_outcome outcome;
	char *copy = malloc(piece.n + 1);
	struct slice in = { copy, piece.n };

	assert_non_null(copy);
	memcpy(copy, piece.p, piece.n);
	while ((outcome = sse_read(r, &in, &event)) == SSE_EVENT)
		add_event(out, &event);
	if (outcome == SSE_MORE)
		assert_int_equal(in.n, 0);
	free(copy);
	return outcome;
}

/* Cut at one place; in single bytes where that is 0. */
static void
assert_stream(const struct sse_case *c, size_t cut)
{
	struct sse_reader r;
	struct buf out = BUF_INIT;
	enum sse_outcome outcome = SSE_MORE;
	size_t at, n;

	sse_init(&r, MAX);
	for (at = 0; at < c->bytes.n && outcome == SSE_MORE; at += n) {
		n = cut == 0 ? 1 : at == 0 ? cut : c->bytes.n - at;
		outcome = read_piece(&r, (struct slice){ c->bytes.p + at, n },
		    &out);
	}
	if (outcome == SSE_TOO_LONG)
		buf_putc(&out, '+');
	else if (sse_unfinished(&r))
		buf_putc(&out, '!');
	if (strcmp(buf_str(&out), c->want) != 0)
		print_error("%s, cut at %zu\n", c->name, cut);
	assert_string_equal(buf_str(&out), c->want);
	buf_release(&out);
	sse_release(&r);
}

static void
test_streams(void **state)
{
	size_t i, cut;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (cut = 0; cut <= cases[i].bytes.n; cut++)
			assert_stream(&cases[i], cut);
}

static void
test_retry(void **state)
{
	static const struct retry_case {
		const char	*text;
		int64_t		 ms;
	} retries[] = {
		{ "data: a\n\n", -1 }, { "retry: 10900\n", 10900 }, { "retry:0\n", 0 },
		{ "retry: 5\nretry: x\nretry: -1\nretry: 1.5\nretry:\nretry\n", 5 },
		{ "retry: 1234567890123456\n", -1 }, { "retry:  1\n", -1 },
		{ "retry: 1", -1 }
	};
	struct sse_reader r;
	struct buf out = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(retries) / sizeof(retries[0]); i++) {
		sse_init(&r, MAX);
		assert_int_equal(read_piece(&r, slice_of(retries[i].text), &out),
		    SSE_MORE);
		assert_int_equal(r.retry_ms, retries[i].ms);
		sse_release(&r);
	}
	buf_release(&out);
}

static void
test_write(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	sse_write(&b, &(struct sse_event){ .data = SLICE("{}") });
	sse_write(&b, &(struct sse_event){ SLICE("x"), SLICE(" a\nb\r\nc\rd\n"),
	    SLICE("7") });
	sse_write(&b, &(struct sse_event){ .data = SLICE_NONE });
	sse_comment(&b, SLICE("wait"));
	assert_string_equal(buf_str(&b), "data: {}\n\n"
	    "event: x\nid: 7\ndata:  a\ndata: b\ndata: c\ndata: d\ndata: \n\n"
	    "data: \n\n: wait\n\n");
	buf_release(&b);
}

/* What is written is read again as it was. */
static void
test_round_trip(void **state)
{
	struct sse_reader r;
	struct buf b = BUF_INIT, out = BUF_INIT;

	(void)state;
	sse_init(&r, MAX);
	sse_write(&b, &(struct sse_event){ SLICE("x:y"), SLICE("\n: a\n\nb\n"),
	    SLICE(" 7 ") });
	sse_comment(&b, SLICE("data: no"));
	sse_write(&b, &(struct sse_event){ .data = SLICE("") });
	assert_int_equal(read_piece(&r, buf_slice(&b), &out), SSE_MORE);
	assert_string_equal(buf_str(&out), "x:y(\n: a\n\nb\n) 7 ;message() 7 ;");
	assert_false(sse_unfinished(&r));
	sse_release(&r);
	buf_release(&b);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_retry),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_round_trip)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
