/*
 * The reader of requests and that of events: CPU time a request and an event,
 * beside a copy of the same bytes, each the best of several turns taken in turn.
 * With a number as argument so many turns, for valgrind --tool=callgrind.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/cpu.h"
#include "core/http/request.h"
#include "core/http/sse.h"

#define REQUESTS	4000u
#define STREAMS		400u
#define EVENTS		42u
#define BODY		2048u
#define READ		16384u	/* bytes that come at once */

static const struct http_limits limits = {
	.head_max = 16384, .fields_max = 100, .target_max = 8192,
	.body_max = 32u << 20
};

static const char head[] = "POST /v1/chat/completions HTTP/1.1\r\n"
    "Host: 127.0.0.1:8787\r\n"
    "Connection: keep-alive\r\n"
    "Accept: application/json\r\n"
    "Content-Type: application/json\r\n"
    "User-Agent: OpenAI/JS 6.1.0\r\n"
    "X-Stainless-Lang: js\r\n"
    "X-Stainless-Package-Version: 6.1.0\r\n"
    "X-Stainless-OS: Linux\r\n"
    "X-Stainless-Arch: x64\r\n"
    "X-Stainless-Runtime: node\r\n"
    "X-Stainless-Runtime-Version: v20.20.2\r\n"
    "Authorization: Bearer sk-0123456789abcdef0123456789abcdef\r\n"
    "X-Stainless-Retry-Count: 0\r\n"
    "Accept-Language: *\r\n"
    "Sec-Fetch-Mode: cors\r\n"
    "Accept-Encoding: gzip, deflate\r\n";

static void
add_body(struct buf *b, size_t n)
{
	while (n-- > 0)
		buf_putc(b, (char)('a' + n % 26));
}

static void
requests_make(struct buf *b, bool chunked)
{
	size_t i;

	for (i = 0; i < REQUESTS; i++) {
		buf_puts(b, head);
		if (!chunked) {
			buf_printf(b, "Content-Length: %u\r\n\r\n", BODY);
			add_body(b, BODY);
			continue;
		}
		buf_printf(b, "Transfer-Encoding: chunked\r\n\r\n%x\r\n", BODY / 2);
		add_body(b, BODY / 2);
		buf_printf(b, "\r\n%x\r\n", BODY / 2);
		add_body(b, BODY / 2);
		buf_puts(b, "\r\n0\r\n\r\n");
	}
}

static void
events_make(struct buf *b)
{
	size_t i;

	for (i = 0; i < STREAMS * EVENTS; i++)
		buf_printf(b, "data: {\"id\":\"chatcmpl-123\",\"object\":"
		    "\"chat.completion.chunk\",\"created\":1694268190,\"model\":"
		    "\"gpt-4o-mini\",\"system_fingerprint\":\"fp_44709d6fcb\","
		    "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word%zu\"},"
		    "\"logprobs\":null,\"finish_reason\":null}]}\n\n", i % 1000);
}

/* How many requests there were, each of the same body. */
static size_t
requests_read(const struct buf *b)
{
	struct http_request r;
	struct slice in, piece, key;
	enum http_event event;
	size_t at, n, ends = 0, bytes = 0;

	http_request_init(&r, &limits);
	for (at = 0; at < b->n; at += n) {
		n = b->n - at < READ ? b->n - at : READ;
		in = (struct slice){ b->p + at, n };
		while ((event = http_request_read(&r, &in, &piece)) != HTTP_MORE) {
			if (event >= HTTP_BAD)
				exit(1);
			if (event == HTTP_HEAD &&
			    http_request_field(&r, "authorization", &key) != 1)
				exit(1);
			bytes += piece.n;
			if (event == HTTP_END) {
				ends++;
				http_request_next(&r);
			}
		}
	}
	http_request_release(&r);
	return bytes == ends * BODY ? ends : 0;
}

static size_t
events_read(const struct buf *b)
{
	struct sse_reader r;
	struct sse_event event;
	struct slice in;
	size_t at, n, events = 0;

	sse_init(&r, 1u << 20);
	for (at = 0; at < b->n; at += n) {
		n = b->n - at < READ ? b->n - at : READ;
		in = (struct slice){ b->p + at, n };
		while (sse_read(&r, &in, &event) == SSE_EVENT)
			events++;
	}
	sse_release(&r);
	return events;
}

static char	copied[READ];

static size_t
copy(const struct buf *b)
{
	volatile char *seen = copied;
	size_t at, n, sum = 0;

	for (at = 0; at < b->n; at += n) {
		n = b->n - at < READ ? b->n - at : READ;
		memcpy(copied, b->p + at, n);
		sum += (size_t)(seen[n / 2] != 0);
	}
	return sum;
}

static double
us_of(size_t (*read_all)(const struct buf *), const struct buf *b, size_t wanted,
    double best)
{
	int64_t from = cpu_ns();
	double us;

	if (read_all(b) != wanted && wanted > 0)
		exit(1);
	us = (double)(cpu_ns() - from) / 1e3;
	return best == 0 || us < best ? us : best;
}

int
main(int argc, char **argv)
{
	static const struct bench_row {
		const char	*name;
		size_t		(*read)(const struct buf *);
		size_t		 n;
	} rows[] = {
		{ "request, Content-Length", requests_read, REQUESTS },
		{ "request, two chunks", requests_read, REQUESTS },
		{ "event", events_read, STREAMS * EVENTS }
	};
	struct buf b[3] = { BUF_INIT, BUF_INIT, BUF_INIT };
	double us[3] = { 0 }, copy_us[3] = { 0 };
	long turns = argc > 1 ? strtol(argv[1], NULL, 10) : 9;
	size_t i;

	requests_make(&b[0], false);
	requests_make(&b[1], true);
	events_make(&b[2]);
	while (turns-- > 0) {
		for (i = 0; i < 3; i++) {
			us[i] = us_of(rows[i].read, &b[i], rows[i].n, us[i]);
			copy_us[i] = us_of(copy, &b[i], 0, copy_us[i]);
		}
	}
	for (i = 0; i < 3; i++) {
		printf("%-24s %5zu bytes  %7.3f us CPU (a copy %6.3f)  %9.0f/s\n",
		    rows[i].name, b[i].n / rows[i].n, us[i] / (double)rows[i].n,
		    copy_us[i] / (double)rows[i].n, (double)rows[i].n / us[i] * 1e6);
		buf_release(&b[i]);
	}
	return 0;
}
