/*
 * Calls of a gateway, and what they took.
 *   load run PORT PID CONNECTIONS CALLS MODEL whole|stream [HEADER...]
 *	one row: p50 and p99 in us, calls/s, us CPU a call of the process PID, its KB
 *	resident, calls that were not answered as they should have been
 *   load paced PORT PID CONNECTIONS CALLS MODEL RATE [HEADER...]
 *	the same with so many calls a second, begun whether others have ended or not;
 *	each takes as long as from when it was due
 *   load idle PORT PID CONNECTIONS MODEL [HEADER...]
 *	the KB resident of PID while so many connections that made a call are idle
 *   load sync FILE N
 *	p50 and p99 in us of N times 3 KB and a fdatasync
 */
#include <errno.h>
#include <fcntl.h>
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

#define EVENTS		64
#define HEAD_MAX	4096
#define TEXT		1900	/* bytes of what is asked */
#define SILENCE_MS	30000	/* of all; then no more is waited for */

struct client {
	int		 fd;
	int64_t		 from_ns;
	char		 head[HEAD_MAX];
	size_t		 nhead, left;	/* bytes of the body that are to come */
	char		 tail[5];	/* of a body in chunks */
	bool		 in_body, chunked;
};

struct load {
	int		 port, epoll;
	struct buf	 request;
	struct client	*client;
	size_t		 n;		/* connections */
	size_t		 calls, begun, ended, bad;
	int64_t		 due_ns, gap_ns;	/* of the next; 0: at once */
	struct client	**free;			/* with nothing to do, while paced */
	size_t		 nfree;
	uint32_t	*us;
};

static void
percentiles(uint32_t *us, size_t n, uint32_t *p50, uint32_t *p99)
{
	qsort(us, n, sizeof(*us), compare_us);
	*p50 = n == 0 ? 0 : us[n / 2];
	*p99 = n == 0 ? 0 : us[n * 99 / 100];
}

static double
number_of(const char *path, int at)
{
	FILE *f = fopen(path, "re");
	double x = 0;
	int i;

	if (f == NULL)
		return 0;
	for (i = 0; i <= at; i++)
		if (fscanf(f, "%lf", &x) != 1)
			x = 0;
	(void)fclose(f);
	return x;
}

/* Of all threads of a process. */
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

static double
resident_kb(const char *pid)
{
	char path[60];

	(void)snprintf(path, sizeof(path), "/proc/%s/statm", pid);
	return number_of(path, 1) * (double)sysconf(_SC_PAGESIZE) / 1024;
}

static void
request_make(struct load *l, const char *model, bool stream, char **headers)
{
	struct buf body = BUF_INIT;
	size_t i;

	buf_printf(&body, "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":"
	    "\"user\",\"content\":\"", model, stream ? "true" : "false");
	for (i = 0; i < TEXT; i++)
		buf_putc(&body, i % 6 == 5 ? ' ' : (char)('a' + i % 23));
	buf_puts(&body, "\"}]}");
	buf_puts(&l->request, "POST /v1/chat/completions HTTP/1.1\r\n"
	    "Host: 127.0.0.1\r\nContent-Type: application/json\r\n"
	    "Accept: application/json\r\nUser-Agent: load\r\n");
	for (; *headers != NULL; headers++)
		buf_printf(&l->request, "%s\r\n", *headers);
	buf_printf(&l->request, "Content-Length: %zu\r\n\r\n", body.n);
	buf_add(&l->request, body.p, body.n);
	buf_release(&body);
}

static void
client_open(struct load *l, struct client *c)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)l->port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };
	const int yes = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd == -1 ||
	    connect(c->fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
		perror("load");
		exit(1);
	}
	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
	(void)epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &e);
}

static void
client_ask(struct load *l, struct client *c)
{
	if (l->begun == l->calls)
		return;
	if (l->gap_ns > 0 && now_ns() < l->due_ns) {
		l->free[l->nfree++] = c;
		return;
	}
	l->begun++;
	c->nhead = c->left = 0;
	c->in_body = false;
	memset(c->tail, 0, sizeof(c->tail));
	c->from_ns = l->gap_ns > 0 ? l->due_ns : now_ns();
	l->due_ns += l->gap_ns;
	if (send(c->fd, l->request.p, l->request.n, MSG_NOSIGNAL) !=
	    (ssize_t)l->request.n)
		perror("load: send");
}

static void
client_ended(struct load *l, struct client *c, bool good)
{
	if (good)
		l->us[l->ended - l->bad] = (uint32_t)((now_ns() - c->from_ns) /
		    1000);
	l->bad += !good;
	l->ended++;
	client_ask(l, c);
}

/* Takes the head from what came; how many bytes of it are body. */
static size_t
head_take(struct client *c, const char *p, size_t n)
{
	size_t room = sizeof(c->head) - 1 - c->nhead, taken = n < room ? n : room;
	char *end, *length;

	memcpy(c->head + c->nhead, p, taken);
	c->nhead += taken;
	c->head[c->nhead] = '\0';
	if ((end = strstr(c->head, "\r\n\r\n")) == NULL)
		return 0;
	length = strcasestr(c->head, "\r\ncontent-length:");
	c->in_body = true;
	c->chunked = length == NULL || length > end;
	c->left = c->chunked ? SIZE_MAX : strtoul(length + 17, NULL, 10);
	return n - taken + c->nhead - (size_t)(end + 4 - c->head);
}

/* Whether the body is at its end. */
static bool
body_take(struct client *c, const char *p, size_t n)
{
	size_t kept = n < 5 ? 5 - n : 0;

	if (!c->chunked) {
		c->left -= n < c->left ? n : c->left;
		return c->left == 0;
	}
	memmove(c->tail, c->tail + 5 - kept, kept);
	memcpy(c->tail + kept, p + n - (5 - kept), 5 - kept);
	return memcmp(c->tail, "0\r\n\r\n", 5) == 0;
}

static void
client_ready(struct load *l, struct client *c)
{
	static char data[65536];
	ssize_t n = recv(c->fd, data, sizeof(data), 0);
	size_t body = (size_t)n;

	if (n <= 0) {
		(void)close(c->fd);
		client_open(l, c);
		client_ended(l, c, false);
		return;
	}
	if (!c->in_body)
		body = head_take(c, data, (size_t)n);
	if (c->in_body && body_take(c, data + (size_t)n - body, body))
		client_ended(l, c, strncmp(c->head, "HTTP/1.1 200", 12) == 0);
}

/* So many calls; how long they took. */
static double
load_run(struct load *l, size_t calls)
{
	struct epoll_event e[EVENTS];
	int64_t from = now_ns();
	bool paced;
	size_t i;
	int k, n;

	l->calls = calls;
	l->begun = l->ended = l->bad = 0;
	l->nfree = 0;
	l->due_ns = from;
	for (i = 0; i < l->n; i++)
		client_ask(l, &l->client[i]);
	while (l->ended < l->calls) {
		while (l->nfree > 0 && l->begun < l->calls &&
		    now_ns() >= l->due_ns)
			client_ask(l, l->free[--l->nfree]);
		paced = l->nfree > 0 && l->begun < l->calls;
		n = epoll_wait(l->epoll, e, EVENTS, paced ? 0 : SILENCE_MS);
		if ((n == 0 && !paced) || (n == -1 && errno != EINTR)) {
			l->bad += l->calls - l->ended;
			l->ended = l->calls;
		}
		for (k = 0; k < n; k++)
			client_ready(l, e[k].data.ptr);
	}
	return (double)(now_ns() - from) / 1e9;
}

static void
load_init(struct load *l, int port, size_t n, size_t calls)
{
	size_t i;

	l->port = port;
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->n = n;
	l->client = calloc(n, sizeof(*l->client));
	l->us = calloc(calls + n, sizeof(*l->us));
	l->free = calloc(n, sizeof(struct client *));
	if (l->free == NULL || l->client == NULL || l->us == NULL || l->epoll == -1)
		exit(1);
	for (i = 0; i < n; i++)
		client_open(l, &l->client[i]);
}

static int
timed(char **argv, bool stream, double rate)
{
	struct load l = { .epoll = -1 };
	size_t calls = strtoul(argv[3], NULL, 10), n = strtoul(argv[2], NULL, 10);
	uint32_t p50, p99;
	double cpu, s;

	request_make(&l, argv[4], stream, argv + 6);
	load_init(&l, atoi(argv[0]), n, calls);
	(void)load_run(&l, calls / 10 > n ? calls / 10 : n);	/* warm */
	cpu = cpu_us(argv[1]);
	l.gap_ns = rate > 0 ? (int64_t)(1e9 / rate) : 0;
	s = load_run(&l, calls);
	cpu = cpu_us(argv[1]) - cpu;
	percentiles(l.us, l.ended - l.bad, &p50, &p99);
	printf("%u %u %.1f %.2f %.0f %zu\n", p50, p99, (double)l.calls / s,
	    cpu / (double)l.calls, resident_kb(argv[1]), l.bad);
	return 0;
}

static int
run(char **argv)
{
	return timed(argv, strcmp(argv[5], "stream") == 0, 0);
}

static int
paced(char **argv)
{
	return timed(argv, false, atof(argv[5]));
}

static int
idle(char **argv)
{
	struct load l = { .epoll = -1 };
	size_t n = strtoul(argv[2], NULL, 10);

	request_make(&l, argv[3], false, argv + 4);
	load_init(&l, atoi(argv[0]), n, n);
	(void)load_run(&l, n);
	printf("%.0f %zu\n", resident_kb(argv[1]), l.bad);
	return 0;
}

static int
sync_alone(char **argv)
{
	static const char data[3072] = { 'x' };
	size_t n = strtoul(argv[1], NULL, 10), i;
	uint32_t *us = calloc(n + 1, sizeof(*us)), p50, p99;
	int fd = open(argv[0], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int64_t from;

	for (i = 0; us != NULL && i < n; i++) {
		from = now_ns();
		if (write(fd, data, sizeof(data)) < 0 || fdatasync(fd) != 0) {
			perror(argv[0]);
			return 1;
		}
		us[i] = (uint32_t)((now_ns() - from) / 1000);
	}
	percentiles(us, n, &p50, &p99);
	printf("%u %u\n", p50, p99);
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct {
		const char	*name;
		int		(*run)(char **);
		int		 args;
	} jobs[] = {
		{ "run", run, 6 }, { "paced", paced, 6 }, { "idle", idle, 4 }, { "sync", sync_alone, 2 }
	};
	size_t i;

	for (i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++)
		if (argc >= jobs[i].args + 2 && strcmp(argv[1], jobs[i].name) == 0)
			return jobs[i].run(argv + 2);
	(void)fputs("usage: load run | paced | idle | sync ARGS: see its source\n", stderr);
	return 2;
}
