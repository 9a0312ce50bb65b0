/* Requests: what is read, what is refused and how, whole and in any pieces. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/http_test.h"

#define HOST	"Host: a\r\n"
#define POST	"POST / HTTP/1.1\r\n" HOST
#define GET	"GET / HTTP/1.1\r\n" HOST
#define CHUNKED	POST "Transfer-Encoding: chunked\r\n\r\n"
#define NEXT	"GET /next HTTP/1.1\r\n" HOST "\r\n"

/* What follows a body that is read by the one framing and not by the other. */
#define SMUGGLED	"GET /smuggled HTTP/1.1\r\n" HOST "\r\n"

struct framing_case {
	const char	*name;
	const char	*want;		/* A, A2, or the status of a refusal */
	struct slice	 bytes;
};

#define CASE(name, want, bytes)	{ name, want, { bytes, sizeof(bytes) - 1 } }

/* Each on a connection of its own. */
static const struct framing_case cases[] = {
	CASE("plain CL", "A", POST "Content-Length: 2\r\n\r\nhi"),
	CASE("plain chunked", "A", CHUNKED "2\r\nhi\r\n0\r\n\r\n"),
	CASE("pipelined two", "A2", POST "Content-Length: 2\r\n\r\nhi" NEXT),
	CASE("CL and TE", "400", POST "Content-Length: 5\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED),
	CASE("TE and CL (order)", "400", POST "Transfer-Encoding: chunked\r\n"
	    "Content-Length: 5\r\n\r\n0\r\n\r\n" SMUGGLED),
	CASE("two CL differ", "400", POST "Content-Length: 2\r\n"
	    "Content-Length: 44\r\n\r\nhi" SMUGGLED),
	CASE("two CL same", "400", POST "Content-Length: 2\r\n"
	    "Content-Length: 2\r\n\r\nhi"),
	CASE("CL \"2, 2\"", "400", POST "Content-Length: 2, 2\r\n\r\nhi"),
	CASE("CL +2", "400", POST "Content-Length: +2\r\n\r\nhi"),
	CASE("CL -1", "400", POST "Content-Length: -1\r\n\r\nhi"),
	CASE("CL 0x2", "400", POST "Content-Length: 0x2\r\n\r\nhi"),
	CASE("CL 2^64+2", "400", POST
	    "Content-Length: 18446744073709551618\r\n\r\nhi"),
	CASE("CL empty", "400", POST "Content-Length: \r\n\r\nhi"),
	CASE("CL 1e15 (huge)", "413", POST
	    "Content-Length: 999999999999999\r\n\r\nhi"),
	CASE("CL 1e15, 16 digits", "400", POST
	    "Content-Length: 1000000000000000\r\n\r\nhi"),
	CASE("CL 2 with a leading zero", "400", POST
	    "Content-Length: 02\r\n\r\nhi"),
	CASE("CL \"2 2\"", "400", POST "Content-Length: 2 2\r\n\r\nhi"),
	CASE("CL \"2;\"", "400", POST "Content-Length: 2;\r\n\r\nhi"),
	CASE("CL in digits of others", "400", POST
	    "Content-Length: \xd9\xa2\r\n\r\nhi"),
	CASE("CL after spaces", "A", POST "Content-Length:   2\r\n\r\nhi"),
	CASE("CL after a TAB", "400", POST "Content-Length:\t2\r\n\r\nhi"),
	CASE("CL before a TAB", "400", POST "Content-Length: 2\t\r\n\r\nhi"),
	CASE("CL before a space", "400", POST "Content-Length: 2 \r\n\r\nhi"),
	CASE("CL of any case", "A", POST "CONTENT-lENGTH:2\r\n\r\nhi"),
	CASE("TE twice", "400", POST "Transfer-Encoding: chunked\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	CASE("TE identity + CL", "501", POST "Transfer-Encoding: identity\r\n"
	    "Content-Length: 2\r\n\r\nhi"),
	CASE("TE xchunked + CL", "501", POST "Transfer-Encoding: xchunked\r\n"
	    "Content-Length: 2\r\n\r\nhi"),
	CASE("TE \"chunked, gzip\"", "501", POST
	    "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"),
	CASE("TE \"gzip, chunked\"", "501", POST
	    "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
	CASE("TE \"chunked, chunked\"", "501", POST
	    "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
	CASE("TE \"chunked,\"", "501", POST
	    "Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n"),
	CASE("TE \"chunked;q=1\"", "501", POST
	    "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n"),
	CASE("TE \"\"", "501", POST "Transfer-Encoding:\r\n\r\n0\r\n\r\n"),
	CASE("TE quoted", "501", POST
	    "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"),
	CASE("TE of any case", "A", POST
	    "TRANSFER-encoding:CHUNKed\r\n\r\n0\r\n\r\n"),
	CASE("TE after spaces", "A", POST
	    "Transfer-Encoding:  chunked\r\n\r\n0\r\n\r\n"),
	CASE("TE before a TAB", "400", POST
	    "Transfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n"),
	CASE("TE before a space", "400", POST
	    "Transfer-Encoding: chunked \r\n\r\n0\r\n\r\n"),
	CASE("TE after a TAB", "400", POST
	    "Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n"),
	CASE("Host trimmed", "A", "GET / HTTP/1.1\r\nHost: \ta \r\n\r\n"),
	CASE("TE \\x0bchunked + CL", "400", POST
	    "Transfer-Encoding: \x0b" "chunked\r\nContent-Length: 2\r\n\r\nhi"),
	CASE("TE in HTTP/1.0", "400", "POST / HTTP/1.0\r\n" HOST
	    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
	CASE("TE with a space before its colon", "400", POST
	    "Transfer-Encoding : chunked\r\nContent-Length: 2\r\n\r\nhi"),
	CASE("TE with _", "A", POST
	    "Transfer_Encoding: chunked\r\nContent-Length: 2\r\n\r\nhi"),
	CASE("obs-fold", "400", GET "X: a\r\n b\r\n\r\n"),
	CASE("obs-fold with TAB", "400", GET "X: a\r\n\tb\r\n\r\n"),
	CASE("folded TE", "501", POST
	    "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"),
	CASE("space first header line", "400",
	    "GET / HTTP/1.1\r\n Host: a\r\n" HOST "\r\n"),
	CASE("bare LF lines", "400", "GET / HTTP/1.1\nHost: a\n\n"),
	CASE("bare LF one header", "400", GET "X: a\nY: b\r\n\r\n"),
	CASE("bare LF ends the head", "400", GET "\n"),
	CASE("bare CR in value", "400", GET "X: a\rb\r\n\r\n"),
	CASE("bare CR between fields", "400", GET "X: a\rY: b\r\n\r\n"),
	CASE("CR CR LF", "400", GET "X: a\r\r\n\r\n"),
	CASE("chunk ends bare LF", "400", CHUNKED "2\r\nhi\n0\r\n\r\n"),
	CASE("chunk size bare LF only", "400", CHUNKED "2\nhi\r\n0\r\n\r\n"),
	CASE("last chunk bare LF", "400", CHUNKED "2\r\nhi\r\n0\n\r\n"),
	CASE("chunks end bare LF", "400", CHUNKED "2\r\nhi\r\n0\r\n\n"),
	CASE("chunk size bare CR", "400", CHUNKED "2\rhi\r\n0\r\n\r\n"),
	CASE("chunk ends with other bytes", "400", CHUNKED "2\r\nhixx0\r\n\r\n"),
	CASE("chunk ext", "A", CHUNKED "2;a=b;c=\"d e\"\r\nhi\r\n0;x\r\n\r\n"),
	CASE("chunk exts", "A", CHUNKED
	    "2;a;b=c;d=\"\\\"; \\\\\";e\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk ext without name", "400", CHUNKED
	    "2;\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk ext without value", "400", CHUNKED
	    "2;a=\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk ext with blanks", "400", CHUNKED
	    "2;a =b\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk ext with an open quote", "400", CHUNKED
	    "2;a=\"b\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk ext with a quote that was escaped", "400", CHUNKED
	    "2;a=\"b\\\"\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk ext after its quote", "400", CHUNKED
	    "2;a=\"b\"c\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk ext with LF", "400", CHUNKED "2;a\n\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk ext with CR", "400", CHUNKED "2;a\rb\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk ext with NUL", "400", CHUNKED "2;a\0\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk 0x2", "400", CHUNKED "0x2\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk size space", "400", CHUNKED "2 \r\nhi\r\n0\r\n\r\n"),
	CASE("chunk space size", "400", CHUNKED " 2\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk space ext", "400", CHUNKED "2 ;a\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk -2", "400", CHUNKED "-2\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk +2", "400", CHUNKED "+2\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk _2", "400", CHUNKED "1_0\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk without size", "400", CHUNKED "\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk with ext alone", "400", CHUNKED ";a\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk 17 digits", "400", CHUNKED
	    "10000000000000002\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk 16 digits", "400", CHUNKED
	    "0000000000000002\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk 15 digits", "A", CHUNKED
	    "000000000000002\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk over the maximum", "413", CHUNKED "100001\r\nhi"),
	CASE("chunk far over the maximum", "413", CHUNKED
	    "fffffffffffffff\r\nhi"),
	CASE("second chunk over the maximum", "413", CHUNKED
	    "2\r\nhi\r\nfffff\r\nhi"),
	CASE("chunk ends with CR alone", "400", CHUNKED
	    "2\r\nhi\rx\n0\r\n\r\n"),
	CASE("chunks end with CR alone", "400", CHUNKED "0\r\n\rx\n"),
	CASE("trailer ends with CR alone", "400", CHUNKED
	    "0\r\nX: y\rx\n\r\n"),
	CASE("no chunk at all", "400", CHUNKED "\r\n\r\n"),
	CASE("no chunk but an ext", "400", CHUNKED ";a\r\n\r\n"),
	CASE("chunk ext with an escaped LF", "400", CHUNKED
	    "2;a=\"\\\n\"\r\nhi\r\n0\r\n\r\n"),
	CASE("chunk data too long", "400", CHUNKED "2\r\nhih\r\n0\r\n\r\n"),
	CASE("chunk data too short", "400", CHUNKED "3\r\nhi\r\n0\r\n\r\n"),
	CASE("last chunk of many zeros", "A", CHUNKED "000\r\n\r\n"),
	CASE("trailer Content-Length", "A", CHUNKED
	    "2\r\nhi\r\n0\r\nContent-Length: 9\r\n\r\n"),
	CASE("trailer, then next", "A2", CHUNKED
	    "2\r\nhi\r\n0\r\nX: y\r\nZ:\r\n\r\n" NEXT),
	CASE("trailer without colon", "400", CHUNKED "0\r\nX\r\n\r\n"),
	CASE("trailer folded", "400", CHUNKED "0\r\nX: y\r\n z\r\n\r\n"),
	CASE("trailer without name", "400", CHUNKED "0\r\n: y\r\n\r\n"),
	CASE("trailer bare LF", "400", CHUNKED "0\r\nX: y\n\r\n"),
	CASE("trailer NUL", "400", CHUNKED "0\r\nX: \0\r\n\r\n"),
	CASE("NUL in value", "400", GET "X: a\0b\r\n\r\n"),
	CASE("NUL in name", "400", GET "X\0Y: a\r\n\r\n"),
	CASE("NUL in target", "400", "GET /\0 HTTP/1.1\r\n" HOST "\r\n"),
	CASE("DEL in value", "400", GET "X: a\x7f\r\n\r\n"),
	CASE("UTF-8 in value", "A", GET "X: \xc3\xbc\r\n\r\n"),
	CASE("UTF-8 in name", "400", GET "\xc3\xbc: a\r\n\r\n"),
	CASE("UTF-8 in target", "400",
	    "GET /\xc3\xbc HTTP/1.1\r\n" HOST "\r\n"),
	CASE("space before colon", "400", GET "X : a\r\n\r\n"),
	CASE("TAB before colon", "400", GET "X\t: a\r\n\r\n"),
	CASE("space in name", "400", GET "X Y: a\r\n\r\n"),
	CASE("empty name", "400", GET ": a\r\n\r\n"),
	CASE("no colon", "400", GET "X\r\n\r\n"),
	CASE("line of a blank", "400", GET " \r\n\r\n"),
	CASE("no Host", "400", "GET / HTTP/1.1\r\n\r\n"),
	CASE("no Host in HTTP/1.0", "400", "GET / HTTP/1.0\r\n\r\n"),
	CASE("two Host", "400", GET HOST "\r\n"),
	CASE("empty Host", "400", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
	CASE("Host with a path", "400", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
	CASE("Host with a user", "400", "GET / HTTP/1.1\r\nHost: b@a\r\n\r\n"),
	CASE("Host list", "400", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
	CASE("Host of two words", "400", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
	CASE("Host port 65536", "400",
	    "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"),
	CASE("Host with port", "A", "GET / HTTP/1.1\r\nHost: a:65535\r\n\r\n"),
	CASE("Host IPv6", "A", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"),
	CASE("two spaces in request line", "400",
	    "GET  / HTTP/1.1\r\n" HOST "\r\n"),
	CASE("two spaces before version", "400",
	    "GET /  HTTP/1.1\r\n" HOST "\r\n"),
	CASE("space after version", "400", "GET / HTTP/1.1 \r\n" HOST "\r\n"),
	CASE("space before method", "400", " GET / HTTP/1.1\r\n" HOST "\r\n"),
	CASE("tab in request line", "400", "GET\t/ HTTP/1.1\r\n" HOST "\r\n"),
	CASE("tab in target", "400", "GET /\t HTTP/1.1\r\n" HOST "\r\n"),
	CASE("space in target", "400", "GET /a b HTTP/1.1\r\n" HOST "\r\n"),
	CASE("no target", "400", "GET HTTP/1.1\r\n" HOST "\r\n"),
	CASE("no version", "400", "GET /\r\n" HOST "\r\n"),
	CASE("HTTP/1.2", "505", "GET / HTTP/1.2\r\n" HOST "\r\n"),
	CASE("HTTP/1.9", "505", "GET / HTTP/1.9\r\n" HOST "\r\n"),
	CASE("HTTP/9.1", "505", "GET / HTTP/9.1\r\n" HOST "\r\n"),
	CASE("HTTP/2.0", "505", "GET / HTTP/2.0\r\n" HOST "\r\n"),
	CASE("HTTP/2 preface", "505", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
	CASE("HTTP/1.10", "400", "GET / HTTP/1.10\r\n" HOST "\r\n"),
	CASE("HTTP/1", "400", "GET / HTTP/1\r\n" HOST "\r\n"),
	CASE("HTTP/01.1", "400", "GET / HTTP/01.1\r\n" HOST "\r\n"),
	CASE("HTTP/1,1", "400", "GET / HTTP/1,1\r\n" HOST "\r\n"),
	CASE("HTTP/x.1", "400", "GET / HTTP/x.1\r\n" HOST "\r\n"),
	CASE("HTTP/1.x", "400", "GET / HTTP/1.x\r\n" HOST "\r\n"),
	CASE("HTTP/1./", "400", "GET / HTTP/1./\r\n" HOST "\r\n"),
	CASE("HTTP/:.1", "400", "GET / HTTP/:.1\r\n" HOST "\r\n"),
	CASE("HTTP/1.1 twice", "400", "GET / HTTP/1.1 HTTP/1.1\r\n" HOST "\r\n"),
	CASE("http/1.1 lower", "400", "GET / http/1.1\r\n" HOST "\r\n"),
	CASE("HTTP/0.9", "505", "GET / HTTP/0.9\r\n" HOST "\r\n"),
	CASE("HTTP/0.9 without version", "400", "GET /\r\n\r\n"),
	CASE("junk method", "400", "G@T / HTTP/1.1\r\n" HOST "\r\n"),
	CASE("method of punctuation", "501", "%%! / HTTP/1.1\r\n" HOST "\r\n"),
	CASE("method in lower case", "501", "get / HTTP/1.1\r\n" HOST "\r\n"),
	CASE("CONNECT", "501", "CONNECT a:80 HTTP/1.1\r\n" HOST "\r\n"),
	CASE("TRACE", "501", "TRACE / HTTP/1.1\r\n" HOST "\r\n"),
	CASE("TLS hello", "400", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
	CASE("GET with body then GET", "A2",
	    GET "Content-Length: 2\r\n\r\nhi" NEXT),
	CASE("one empty line before", "A", "\r\n" GET "\r\n"),
	CASE("one empty line between", "A2",
	    POST "Content-Length: 2\r\n\r\nhi\r\n" NEXT),
	CASE("two empty lines before", "400", "\r\n\r\n" GET "\r\n"),
	CASE("bare LF before", "400", "\n" GET "\r\n"),
	CASE("bare CR before", "400", "\r" GET "\r\n"),
	CASE("absolute target", "A",
	    "GET http://a/x HTTP/1.1\r\n" HOST "\r\n"),
	CASE("absolute target, other host", "400",
	    "GET http://b/x HTTP/1.1\r\n" HOST "\r\n"),
	CASE("absolute target, other port", "400",
	    "GET http://a:81/x HTTP/1.1\r\n" HOST "\r\n"),
	CASE("absolute target, port of the scheme", "A",
	    "GET HTTPS://A:443?x HTTP/1.1\r\n" HOST "\r\n"),
	CASE("absolute target with user", "400",
	    "GET http://a@a/x HTTP/1.1\r\n" HOST "\r\n"),
	CASE("absolute target, other scheme", "400",
	    "GET ftp://a/x HTTP/1.1\r\n" HOST "\r\n"),
	CASE("target without a slash", "400", "GET x HTTP/1.1\r\n" HOST "\r\n"),
	CASE("target with a fragment", "400",
	    "GET /#x HTTP/1.1\r\n" HOST "\r\n"),
	CASE("target with a backslash", "400",
	    "GET /\\x HTTP/1.1\r\n" HOST "\r\n"),
	CASE("bad escape", "400", "GET /%4 HTTP/1.1\r\n" HOST "\r\n"),
	CASE("bad escape in query", "400",
	    "GET /?a=%zz HTTP/1.1\r\n" HOST "\r\n"),
	CASE("OPTIONS *", "A", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n"),
	CASE("GET *", "400", "GET * HTTP/1.1\r\n" HOST "\r\n"),
	CASE("Expect: 100-continue", "A",
	    POST "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\nhi"),
	CASE("Expect: other", "417",
	    POST "Expect: x\r\nContent-Length: 2\r\n\r\nhi"),
	CASE("Expect twice, one other", "417", POST "Expect: 100-continue\r\n"
	    "Expect: 100-continue, x\r\nContent-Length: 2\r\n\r\nhi"),
	CASE("HTTP/1.0 with CL, then next", "A", "POST / HTTP/1.0\r\n" HOST
	    "Connection: keep-alive\r\nContent-Length: 2\r\n\r\nhi" NEXT),
	CASE("Connection: close, then next", "A",
	    GET "Connection: Keep-Alive, CLOSE\r\n\r\n" NEXT),
	CASE("a quote hides no close", "A",
	    GET "Connection: \"x, close\"\r\nConnection: \", close\r\n\r\n" NEXT),
	CASE("close by its name alone", "A2",
	    GET "Connection: closed, x close, \"close\"\r\n\r\n" NEXT),
	CASE("Upgrade is not followed", "A2", GET
	    "Connection: upgrade\r\nUpgrade: h2c\r\n\r\n" NEXT)
};

static char *
read_as(struct slice bytes, const struct http_limits *limits, struct cuts cuts,
    struct transcript *t)
{
	struct buf out = BUF_INIT;

	*t = (struct transcript){ .out = &out };
	transcribe(t, bytes, limits, cuts);
	assert_false(out.failed);
	buf_putc(&out, '\0');
	return out.p;
}

/* Reads in pieces what was read whole. */
static void
same_in_pieces(const char *name, struct slice bytes,
    const struct http_limits *limits, const char *whole, size_t taken)
{
	struct transcript t;
	char *pieces;
	size_t i;

	for (i = 0; i < bytes.n; i++) {
		pieces = read_as(bytes, limits, i == 0 ?
		    (struct cuts){ cut_each, 0 } : (struct cuts){ cut_at, i }, &t);
		if (strcmp(whole, pieces) != 0 || t.taken != taken)
			print_error("%s: cut at %zu\n", name, i);
		assert_string_equal(pieces, whole);
		assert_int_equal(t.taken, taken);
		free(pieces);
	}
}

static void
assert_reads(const char *name, struct slice bytes,
    const struct http_limits *limits, size_t ends, const char *last)
{
	struct transcript t;
	char *whole = read_as(bytes, limits, (struct cuts){ cut_never, 0 }, &t);
	const char *line = whole + strlen(whole) - 1;

	while (line > whole && line[-1] != '\n')
		line--;
	if (t.ends != ends || strncmp(line, last, strlen(last)) != 0)
		print_error("%s: wanted %zu requests and \"%s\", read as\n%s", name,
		    ends, last, whole);
	assert_int_equal(t.ends, ends);
	assert_memory_equal(line, last, strlen(last));
	same_in_pieces(name, bytes, limits, whole, t.taken);
	free(whole);
}

static void
test_framing(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].want[0] != 'A')
			assert_reads(cases[i].name, cases[i].bytes,
			    &http_test_limits, 0, cases[i].want);
		else
			assert_reads(cases[i].name, cases[i].bytes,
			    &http_test_limits, cases[i].want[1] == '2' ? 2 : 1, "");
	}
}


/* What a caller sees, in full. */
static void
test_transcripts(void **state)
{
	static const struct framing_case whole[] = {
		CASE("a body in chunks", "POST /v1?x=%20 1.1\nHost: a\n"
		    "transfer-encoding: chunked\n>hi, \\x00\\x0d\\x0a<\nidle\n",
		    "POST /v1?x=%20 HTTP/1.1\r\nHost:a\r\n"
		    "transfer-encoding: chunked\r\n\r\n"
		    "3\r\nhi,\r\n4;x=y\r\n \0\r\n\r\n0\r\nT: u\r\n\r\n"),
		CASE("two, the second closing", "PUT / 1.1\nHost: a\n"
		    "Content-Length: 1\n>x<\nHEAD / 1.1 close\nHost: a\n"
		    "Connection: close\n><\nend\n",
		    "PUT / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx"
		    "HEAD / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"
		    NEXT),
		CASE("waits to be told", "POST / 1.1 expect\nHost: a\n"
		    "Expect: 100-continue\nContent-Length: 2\n>\nmore\n",
		    POST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
		CASE("too long to be told to go on", "413 the body is too long\n",
		    POST "Expect: 100-continue\r\n"
		    "Content-Length: 1048577\r\n\r\n"),
		CASE("nothing to wait for", "POST / 1.1\nHost: a\n"
		    "Expect: 100-continue\nContent-Length: 0\n><\nidle\n",
		    POST "Expect: 100-continue\r\nContent-Length: 0\r\n\r\n"),
		CASE("HTTP/1.0 does not wait", "POST / 1.0 close\nHost: a\n"
		    "Expect: 100-continue\nContent-Length: 2\n>hi<\nend\n",
		    "POST / HTTP/1.0\r\n" HOST "Expect: 100-continue\r\n"
		    "Content-Length: 2\r\n\r\nhi"),
		CASE("refused after a good one", "GET / 1.1\nHost: a\n><\n"
		    "400 CR without LF in the head\n", GET "\r\n" GET "\r!"),
		CASE("refused within a body", "POST / 1.1\nHost: a\n"
		    "Transfer-Encoding: chunked\n>hi\n400 a chunk or its size does "
		    "not end with CR LF\n", CHUNKED "2\r\nhi!"),
		CASE("a line that is none", "400 the request line is not METHOD "
		    "TARGET HTTP/1.1\n", "G@T / HTTP/1.1\r\n"),
		CASE("a line of one word", "400 the request line is not METHOD "
		    "TARGET HTTP/1.1\n", "GET\r\n"),
		CASE("folded", "400 a line of the head begins with a blank\n",
		    GET "\tx: y\r\n"),
		CASE("LF by itself", "400 LF without CR in the head\n", "GET / \n"),
		CASE("a control", "400 a control character in the head\n", "GET\v"),
		CASE("cut off", "\nmore\n", "GET / HT"),
		CASE("an empty line alone", "idle\n", "\r\n")
	};
	struct transcript t;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		text = read_as(whole[i].bytes, &http_test_limits,
		    (struct cuts){ cut_never, 0 }, &t);
		assert_string_equal(text, whole[i].want);
		same_in_pieces(whole[i].name, whole[i].bytes, &http_test_limits,
		    text, t.taken);
		free(text);
	}
}

static struct slice
repeat(struct buf *b, const char *begin, const char *what, size_t times,
    const char *end)
{
	buf_clear(b);
	buf_puts(b, begin);
	while (times-- > 0)
		buf_puts(b, what);
	buf_puts(b, end);
	assert_false(b->failed);
	return buf_slice(b);
}

/* Each maximum is taken, and one more is not. */
static void
test_limits(void **state)
{
	static const struct http_limits l = {
		.head_max = 200, .fields_max = 5, .target_max = 20, .body_max = 9
	};
	static const struct limit_case {
		const char	*begin, *what, *end;
		size_t		 times;
		const char	*over;
	} limits[] = {
		{ "GET /", "x", " HTTP/1.1\r\n" HOST "\r\n", 19, "414" },
		{ "GET / HTTP/1.1\r\n" HOST, "X: y\r\n", "\r\n", 4, "431" },
		/* 200 bytes, the empty line too. */
		{ "GET / HTTP/1.1\r\n" HOST "X:", "y", "\r\n\r\n", 169, "431" },
		{ "POST / HTTP/1.1\r\n" HOST "Content-Length: ", "9",
		    "\r\n\r\n123456789", 1, "413" },
		{ "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n",
		    "1\r\nx\r\n", "0\r\n\r\n", 9, "413" },
		{ "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n",
		    "9\r\n123456789\r\n", "0\r\n\r\n", 1, "413" }
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		assert_reads(limits[i].what, repeat(&b, limits[i].begin,
		    limits[i].what, limits[i].times, limits[i].end), &l, 1,
		    "idle");
		assert_reads(limits[i].what, repeat(&b, limits[i].begin,
		    limits[i].what, limits[i].times + 1, limits[i].end), &l, 0,
		    limits[i].over);
	}
	buf_release(&b);
}

/* What never ends is refused when the maximum is reached, not kept. */
static void
test_endless(void **state)
{
	static const struct endless_case {
		const char	*begin, *what, *status;
		size_t		 taken_max;
	} endless[] = {
		{ "", "A", "414", 8192 + 32 },
		{ "GET /", "A", "414", 8192 + 32 },
		{ GET, "X: yyyyyyyyyyyyyyyyyyyyy", "431", 16384 },
		{ GET, "X: y\r\n", "431", 16384 },
		{ CHUNKED "1;", "x", "431", 16384 + 200 },
		{ CHUNKED, "1;xxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\ny\r\n", "431", 20000 },
		{ CHUNKED "0\r\n", "X: y\r\n", "431", 32768 },
		{ CHUNKED "0\r\nX: ", "y", "431", 16384 + 200 }
	};
	struct transcript t;
	struct buf b = BUF_INIT;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(endless) / sizeof(endless[0]); i++) {
		(void)repeat(&b, endless[i].begin, endless[i].what, 50000, "");
		text = read_as(buf_slice(&b), &http_test_limits,
		    (struct cuts){ cut_random, i }, &t);
		assert_non_null(strstr(text, endless[i].status));
		assert_int_equal(t.ends, 0);
		assert_in_range(t.taken, 1, endless[i].taken_max);
		free(text);
	}
	buf_release(&b);
}

/* A caller may take less for one path than for another, once it knows which. */
static void
test_body_max(void **state)
{
	static const char *const posts[] = {
		POST "Content-Length: 3\r\n\r\nabc", CHUNKED "3\r\nabc\r\n0\r\n\r\n"
	};
	struct http_request r;
	struct slice in, piece;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		http_request_init(&r, &http_test_limits);
		in = slice_of(posts[i]);
		assert_int_equal(http_request_read(&r, &in, &piece), HTTP_HEAD);
		assert_int_equal(r.framing, i == 0 ? HTTP_LENGTH : HTTP_CHUNKED);
		r.body_max = 2;
		assert_int_equal(http_request_read(&r, &in, &piece), HTTP_BAD);
		assert_int_equal(r.fault->status, 413);
		assert_int_equal(http_request_read(&r, &in, &piece), HTTP_BAD);
		http_request_release(&r);
	}
}

/* Pieces point into what was given, and the rest is left where it is. */
static void
test_in_place(void **state)
{
	const struct slice given = SLICE(POST "Content-Length: 5\r\n\r\nhello" NEXT);
	struct slice in = given, piece, value;
	struct http_request r;

	(void)state;
	http_request_init(&r, &http_test_limits);
	assert_true(http_request_idle(&r));
	assert_null(r.head.p);
	assert_int_equal(http_request_read(&r, &in, &piece), HTTP_HEAD);
	assert_false(http_request_idle(&r));
	assert_int_equal(http_request_field(&r, "content-length", &value), 1);
	assert_true(slice_is(value, "5"));
	assert_int_equal(http_request_field(&r, "Nothing", &value), 0);
	assert_null(value.p);
	assert_int_equal(http_request_read(&r, &in, &piece), HTTP_DATA);
	assert_true(slice_is(piece, "hello"));
	assert_ptr_equal(piece.p, strstr(given.p, "hello"));
	assert_int_equal(http_request_read(&r, &in, &piece), HTTP_END);
	assert_ptr_equal(in.p, strstr(given.p, "GET /next"));
	assert_int_equal(http_request_read(&r, &in, &piece), HTTP_END);
	http_request_next(&r);
	assert_true(http_request_idle(&r));
	assert_int_equal(http_request_read(&r, &in, &piece), HTTP_HEAD);
	assert_true(slice_is(r.target.path, "/next"));
	assert_int_equal(http_request_read(&r, &in, &piece), HTTP_END);
	assert_int_equal(in.n, 0);
	http_request_next(&r);
	http_request_release(&r);
}

/* An idle connection keeps little, however long its last head was. */
static void
test_idle_memory(void **state)
{
	struct http_request r;
	struct slice in, piece;
	struct buf b = BUF_INIT;

	(void)state;
	http_request_init(&r, &http_test_limits);
	in = repeat(&b, GET "X: ", "y", 15000, "\r\n\r\n");
	assert_int_equal(http_request_read(&r, &in, &piece), HTTP_HEAD);
	assert_in_range(r.head.cap, 15000, 2 * 16384);
	assert_int_equal(http_request_read(&r, &in, &piece), HTTP_END);
	http_request_next(&r);
	assert_in_range(sizeof(r) + r.head.cap, 0, 6144);
	http_request_release(&r);
	buf_release(&b);
}

/* Two fields of one name: the caller is told. */
static void
test_field_twice(void **state)
{
	struct http_request r;
	struct slice in = SLICE(GET "X-Api-Key: a\r\nx-api-key: b\r\n\r\n"), v, piece;

	(void)state;
	http_request_init(&r, &http_test_limits);
	assert_int_equal(http_request_read(&r, &in, &piece), HTTP_HEAD);
	assert_int_equal(http_request_field(&r, "x-API-key", &v), 2);
	assert_true(slice_is(v, "a"));
	http_request_release(&r);
}

/* No reason repeats what was sent: the text of one is a constant that no byte of
 * the request is in. */
static void
test_silent(void **state)
{
	struct transcript t;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < 256; i++) {
		char bytes[] = "GET /\xff HTTP/1.1\r\nHost: secret\r\n\r\n";

		bytes[5] = (char)i;
		text = read_as((struct slice){ bytes, sizeof(bytes) - 1 },
		    &http_test_limits, (struct cuts){ cut_never, 0 }, &t);
		if (t.ends == 0)
			assert_null(strstr(text, "secret"));
		/* Exactly what a path may hold, and what ends one. */
		assert_int_equal(t.ends, i > 0 && i < 0x80 &&
		    strchr("!$&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "_abcdefghijklmnopqrstuvwxyz~", (int)i) != NULL);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_framing),
		cmocka_unit_test(test_transcripts),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_endless),
		cmocka_unit_test(test_body_max),
		cmocka_unit_test(test_in_place),
		cmocka_unit_test(test_idle_memory),
		cmocka_unit_test(test_field_twice),
		cmocka_unit_test(test_silent)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
