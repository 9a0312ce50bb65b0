/*
 * A model service that answers at once: what a gateway adds is all that is left to
 * measure.  One thread; it says its port.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/buf.h"

#define EVENTS	64
#define DELTAS	40	/* and an end, and [DONE]: 42 events */

struct peer {
	int		 fd;
	struct buf	 in;
};

static struct buf whole, chunk[DELTAS + 3];
static size_t	nchunks;

static void
chunk_add(const char *data)
{
	buf_printf(&chunk[nchunks++], "%zx\r\ndata: %s\n\n\r\n", strlen(data) + 8,
	    data);
}

static void
delta_add(const char *delta, const char *finish)
{
	char s[400];

	(void)snprintf(s, sizeof(s), "{\"id\":\"chatcmpl-123\",\"object\":"
	    "\"chat.completion.chunk\",\"created\":1694268190,\"model\":"
	    "\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"delta\":{%s},"
	    "\"finish_reason\":%s}]}", delta, finish);
	chunk_add(s);
}

static void
answers_make(void)
{
	static const char body[] = "{\"id\":\"chatcmpl-123\",\"object\":"
	    "\"chat.completion\",\"created\":1694268190,\"model\":\"gpt-4o-mini\","
	    "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
	    "\"content\":\"Your parcel left us on Monday and comes on Thursday.\"},"
	    "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":480,"
	    "\"completion_tokens\":12,\"total_tokens\":492}}";
	char s[60];
	int i;

	buf_printf(&whole, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	    "Content-Length: %zu\r\n\r\n%s", sizeof(body) - 1, body);
	buf_puts(&chunk[nchunks++], "HTTP/1.1 200 OK\r\nContent-Type: "
	    "text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
	for (i = 0; i < DELTAS; i++) {
		(void)snprintf(s, sizeof(s), "\"content\":\" word%d\"", i);
		delta_add(s, "null");
	}
	delta_add("", "\"stop\"");
	chunk_add("[DONE]");
	buf_puts(&chunk[nchunks - 1], "0\r\n\r\n");
}

/* As a service does it: an event, a send. */
static void
answer(int fd, bool stream)
{
	size_t i;

	if (!stream && send(fd, whole.p, whole.n, MSG_NOSIGNAL) < 0)
		return;
	for (i = 0; stream && i < nchunks; i++)
		if (send(fd, chunk[i].p, chunk[i].n, MSG_NOSIGNAL) < 0)
			return;
}

/* How long the request that the bytes begin with is; 0: it is not there yet. */
static size_t
request_length(const struct buf *b)
{
	static const char name[] = "\r\ncontent-length:";
	const char *end = memmem(b->p, b->n, "\r\n\r\n", 4), *p;
	size_t n, body = 0;

	if (end == NULL)
		return 0;
	for (p = b->p; p < end; p++)
		if (strncasecmp(p, name, sizeof(name) - 1) == 0)
			body = strtoul(p + sizeof(name) - 1, NULL, 10);
	n = (size_t)(end - b->p) + 4 + body;
	return n <= b->n ? n : 0;
}

/* Whether the peer is still there. */
static bool
peer_read(struct peer *p)
{
	static char data[65536];
	ssize_t n = recv(p->fd, data, sizeof(data), 0);
	size_t length;

	if (n <= 0)
		return false;
	buf_add(&p->in, data, (size_t)n);
	while (!p->in.failed && p->in.n > 0 && (length = request_length(&p->in)) > 0) {
		answer(p->fd, memmem(p->in.p, length, "\"stream\":true", 13) !=
		    NULL);
		memmove(p->in.p, p->in.p + length, p->in.n - length);
		p->in.n -= length;
	}
	return !p->in.failed;
}

static void
peer_new(int epoll, int listener)
{
	const int yes = 1;
	struct peer *p = calloc(1, sizeof(*p));
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = p };

	if (p == NULL || (p->fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) ==
	    -1) {
		free(p);
		return;
	}
	(void)setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	(void)epoll_ctl(epoll, EPOLL_CTL_ADD, p->fd, &e);
}

static int
listen_somewhere(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd == -1 || bind(fd, (struct sockaddr *)&a, n) != 0 ||
	    listen(fd, 1024) != 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &n) != 0) {
		perror("mock_model");
		exit(1);
	}
	printf("%d\n", ntohs(a.sin_port));
	(void)fflush(stdout);
	return fd;
}

int
main(void)
{
	struct epoll_event e[EVENTS], add = { .events = EPOLLIN };
	int epoll = epoll_create1(EPOLL_CLOEXEC), listener = listen_somewhere();
	struct peer *p;
	int i, n;

	answers_make();
	(void)epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &add);
	for (;;) {
		n = epoll_wait(epoll, e, EVENTS, -1);
		for (i = 0; i < n; i++) {
			if ((p = e[i].data.ptr) == NULL) {
				peer_new(epoll, listener);
			} else if (!peer_read(p)) {
				(void)close(p->fd);
				buf_release(&p->in);
				free(p);
			}
		}
	}
}
