/*
 * Many streams at once through a gateway with stream = window, and how long each of
 * their events is on its way.  It is the model service and the clients.
 *   streams LISTEN GATEWAY PID MODEL STREAMS EVENTS SECONDS WINDOW [HEADER...]
 *	the ports of the service and the gateway, the gateway's PID, events a second
 *	of each stream, and the gateway's `window`
 * One row: how often events came, p50 and p99 and the most in us, us CPU an event of
 * PID, its KB resident, events that came with the next.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "tests/bench/timing.h"

#define WORD	64	/* bytes of text an event */
#define READY	256
#define TRIES	400000

struct stream {
	int	 client, service;	/* sockets; -1: not yet */
	size_t	 sent, text;		/* events in; bytes of text out */
	int64_t	*at_ns;			/* when each event was sent */
};

struct bench {
	int		 epoll, listener;
	struct stream	*stream;
	size_t		 n, rate, seconds, window, events;	/* events a stream */
	size_t		 asked;		/* streams that the service has */
	uint32_t	*us;
	size_t		 nus;
};

static double
cpu_us(const char *pid)
{
	struct timespec t = { 0, 0 };
	clockid_t clock;

	if (clock_getcpuclockid((pid_t)atol(pid), &clock) != 0 ||
	    clock_gettime(clock, &t) != 0)
		return 0;
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static long
resident_kb(const char *pid)
{
	char path[60];
	long size = 0, resident = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%s/statm", pid);
	if ((f = fopen(path, "re")) == NULL)
		return 0;
	if (fscanf(f, "%ld %ld", &size, &resident) != 2)
		resident = 0;
	(void)fclose(f);
	return resident * sysconf(_SC_PAGESIZE) / 1024;
}

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static struct sockaddr_in
loopback(const char *port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)atoi(port)),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int
tcp_socket(void)
{
	const int yes = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		fail("socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	return fd;
}

/* Which end of a stream is ready: the number doubled, odd for the service's. */
static void
watch(struct bench *b, int fd, uint64_t what)
{
	struct epoll_event e = { .events = EPOLLIN, .data.u64 = what };

	if (epoll_ctl(b->epoll, EPOLL_CTL_ADD, fd, &e) != 0)
		fail("epoll");
}

static void
ask(struct bench *b, size_t i, const char *port, const char *model, char **headers)
{
	struct sockaddr_in a = loopback(port);
	struct buf body = BUF_INIT, r = BUF_INIT;

	buf_printf(&body, "{\"model\":\"%s\",\"stream\":true,\"user\":\"%zu\","
	    "\"messages\":[{\"role\":\"user\",\"content\":\"On.\"}]}", model, i);
	buf_puts(&r, "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	    "Content-Type: application/json\r\n");
	for (; *headers != NULL; headers++)
		buf_printf(&r, "%s\r\n", *headers);
	buf_printf(&r, "Content-Length: %zu\r\n\r\n%s", body.n, buf_str(&body));
	b->stream[i].client = tcp_socket();
	if (connect(b->stream[i].client, (struct sockaddr *)&a, sizeof(a)) != 0 ||
	    send(b->stream[i].client, r.p, r.n, MSG_NOSIGNAL) != (ssize_t)r.n)
		fail("the gateway");
	watch(b, b->stream[i].client, 2 * i);
	buf_release(&body);
	buf_release(&r);
}

/* The gateway asks: which stream it is stands in the request. */
static void
service_accept(struct bench *b)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: "
	    "text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
	const int yes = 1;
	char in[8192], *at;
	int fd = accept4(b->listener, NULL, NULL, SOCK_CLOEXEC);
	ssize_t n = fd == -1 ? -1 : recv(fd, in, sizeof(in) - 1, 0);
	size_t i = 0;

	if (n <= 0)
		fail("the gateway's question");
	in[n] = '\0';
	if ((at = strstr(in, "\"user\":\"")) == NULL ||
	    (i = strtoul(at + 8, NULL, 10)) >= b->n)
		fail(in);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	b->stream[i].service = fd;
	b->asked++;
	if (send(fd, head, sizeof(head) - 1, MSG_NOSIGNAL) < 0)
		fail("an answer");
}

static void
event_send(struct stream *s)
{
	static char chunk[400];
	static int n;

	if (n == 0) {
		static const char data[] = "data: {\"id\":\"c\",\"object\":"
		    "\"chat.completion.chunk\",\"created\":1694268190,\"model\":"
		    "\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
		    "your parcel left the house and comes on a fine day or so; "
		    "truly \"},\"finish_reason\":null}]}\n\n";

		n = snprintf(chunk, sizeof(chunk), "%zx\r\n%s\r\n",
		    sizeof(data) - 1, data);
	}
	s->at_ns[s->sent++] = now_ns();
	if (send(s->service, chunk, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT) != n)
		fail("an event");
}

/* Bytes of text that came: all that stands in "content". */
static size_t
text_of(const char *p, size_t n)
{
	static const char mark[] = "\"content\":\"";
	const char *end = p + n, *at, *quote;
	size_t text = 0;

	while ((at = memmem(p, (size_t)(end - p), mark, sizeof(mark) - 1)) != NULL) {
		at += sizeof(mark) - 1;
		quote = memchr(at, '"', (size_t)(end - at));
		text += (size_t)((quote == NULL ? end : quote) - at);
		p = quote == NULL ? end : quote;
	}
	return text;
}

static void
client_read(struct bench *b, struct stream *s)
{
	static char in[65536];
	ssize_t n = recv(s->client, in, sizeof(in), MSG_DONTWAIT);
	int64_t now = now_ns();
	size_t before = (s->text + b->window) / WORD, after;

	if (n <= 0 && errno != EAGAIN)
		fail("a stream");
	if (n <= 0)
		return;
	if (s->text == 0 && strncmp(in, "HTTP/1.1 200", 12) != 0)
		fail(in);
	s->text += text_of(in, (size_t)n);
	after = (s->text + b->window) / WORD;
	/* Event `after` let the text out up to there. */
	if (after > before && after <= s->sent && s->text > 0)
		b->us[b->nus++] = (uint32_t)((now - s->at_ns[after - 1]) / 1000);
}

static void
turn(struct bench *b, int ms)
{
	struct epoll_event e[READY];
	int i, n = epoll_wait(b->epoll, e, READY, ms);

	for (i = 0; i < n; i++) {
		if (e[i].data.u64 == UINT64_MAX)
			service_accept(b);
		else
			client_read(b, &b->stream[e[i].data.u64 / 2]);
	}
}

/* The events of all streams, spread over each interval. */
static void
events_go(struct bench *b)
{
	const size_t all = b->n * b->events;
	int64_t from = now_ns(), gap = 1000000000 / (int64_t)(b->n * b->rate);
	size_t k = 0;

	while (k < all) {
		while (k < all && now_ns() - from >= (int64_t)k * gap) {
			event_send(&b->stream[k % b->n]);
			k++;
			if (k % 64 == 0)
				turn(b, 0);
		}
		turn(b, 0);
	}
	for (from = now_ns(); now_ns() - from < 500000000; )
		turn(b, 10);
}

static void
begin(struct bench *b, char **argv)
{
	struct sockaddr_in a = loopback(argv[1]);
	size_t i;

	b->n = strtoul(argv[5], NULL, 10);
	b->rate = strtoul(argv[6], NULL, 10);
	b->seconds = strtoul(argv[7], NULL, 10);
	b->window = strtoul(argv[8], NULL, 10);
	b->events = b->rate * b->seconds;
	b->epoll = epoll_create1(EPOLL_CLOEXEC);
	b->stream = calloc(b->n, sizeof(*b->stream));
	b->us = calloc(b->n * b->events + 1, sizeof(*b->us));
	b->listener = tcp_socket();
	if (b->stream == NULL || b->us == NULL ||
	    bind(b->listener, (struct sockaddr *)&a, sizeof(a)) != 0 ||
	    listen(b->listener, 4096) != 0)
		fail("streams");
	watch(b, b->listener, UINT64_MAX);
	for (i = 0; i < b->n; i++) {
		b->stream[i].client = b->stream[i].service = -1;
		b->stream[i].at_ns = calloc(b->events, sizeof(int64_t));
		if (b->stream[i].at_ns == NULL)
			fail("streams");
	}
}

int
main(int argc, char **argv)
{
	struct bench b = { .epoll = -1 };
	size_t i, tries = 0, held;
	double cpu;

	if (argc < 9) {
		(void)fputs("usage: streams LISTEN GATEWAY PID MODEL STREAMS EVENTS "
		    "SECONDS WINDOW [HEADER...]\n", stderr);
		return 2;
	}
	begin(&b, argv);
	for (i = 0; i < b.n; i++) {
		ask(&b, i, argv[2], argv[4], argv + 9);
		turn(&b, 0);
	}
	while (b.asked < b.n && tries++ < TRIES)
		turn(&b, 10);
	cpu = cpu_us(argv[3]);
	events_go(&b);
	cpu = (cpu_us(argv[3]) - cpu) / (double)(b.n * b.events);
	qsort(b.us, b.nus, sizeof(*b.us), compare_us);
	/* The last of the text waits for the end. */
	held = b.n * ((b.window + WORD - 1) / WORD);
	if (b.nus == 0)
		fail("no event came");
	printf("%zu %u %u %u %.2f %ld %ld\n", b.nus, b.us[b.nus / 2],
	    b.us[b.nus * 99 / 100], b.us[b.nus - 1], cpu,
	    resident_kb(argv[3]), (long)(b.n * b.events - held) - (long)b.nus);
	return 0;
}
