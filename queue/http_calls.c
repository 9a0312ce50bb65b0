#include "queue/http_calls.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "queue/http_easy.h"
#include "queue/http_library.h"
#include "queue/http_memory.h"

#define EVENTS		64
#define SPARE_MOST	256	/* handles kept for later calls, of some 6 KB each */
#define CONNECTIONS_MOST	1024L	/* kept open, of all services */
#define CONNECT_MS	10000L
#define SOCKETS_FIRST	64

/* A descriptor that curl wants to know of.  epoll keeps one of ours from one call to
 * the next: each would take it out and put it back. */
struct socket_watch {
	uint32_t	 events;	/* that epoll looks for; 0: it does not know it */
	bool		 ours;		/* we learn when it is closed */
	bool		 wanted;	/* by a call */
};

/* Where calls go.  curl has taken its URL apart once for them all. */
struct call_place {
	struct call_place	*next;
	char		*url, *proxy;
	CURLU		*parsed;
	size_t		 ncalls;	/* of it, under way or spare */
};

struct http_calls {
	struct http_memory memory;	/* of the thread that makes the calls */
	CURLM		*multi;
	int		 epoll;
	struct socket_watch *socket;	/* by descriptor */
	size_t		 nsockets;
	int64_t		 due_ms;	/* CLOCK_MONOTONIC; -1: none */
	struct http_call *calls;
	struct call_place	*places;
	struct http_call *spare;	/* the last used first */
	size_t		 nspare;
	void		(*each)(void *);	/* or NULL */
	void		*each_arg;
};

/* One, and then others to the same place. */
struct http_call {
	struct http_calls *calls;
	struct http_call *next, **prev;
	CURL		*easy;
	struct call_place	*place;
	struct curl_slist *headers;	/* kept: most calls have those of the last */
	struct http_call_request r;
	bool		 headed, refused;
};

static void	call_destroy(struct http_call *);

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* NULL: no memory. */
static struct socket_watch *
socket_get(struct http_calls *m, int fd)
{
	size_t n = m->nsockets == 0 ? SOCKETS_FIRST : m->nsockets;
	struct socket_watch *more;

	while (n <= (size_t)fd)
		n *= 2;
	if (n > m->nsockets) {
		if ((more = realloc(m->socket, n * sizeof(*more))) == NULL)
			return NULL;
		memset(more + m->nsockets, 0, (n - m->nsockets) * sizeof(*more));
		m->socket = more;
		m->nsockets = n;
	}
	return &m->socket[fd];
}

static void
socket_forget(struct http_calls *m, int fd)
{
	struct socket_watch *w = &m->socket[fd];

	if (w->events != 0)
		(void)epoll_ctl(m->epoll, EPOLL_CTL_DEL, fd, NULL);
	w->events = 0;
}

static curl_socket_t
socket_open(void *arg, curlsocktype type, struct curl_sockaddr *a)
{
	struct http_calls *m = arg;
	struct socket_watch *w;
	int fd;

	(void)type;
	fd = socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
	if (fd == -1)
		return CURL_SOCKET_BAD;
	if ((w = socket_get(m, fd)) == NULL) {
		(void)close(fd);
		return CURL_SOCKET_BAD;
	}
	*w = (struct socket_watch){ .ours = true };
	return fd;
}

static int
socket_close(void *arg, curl_socket_t fd)
{
	struct http_calls *m = arg;

	/* epoll forgets it with its closing. */
	m->socket[fd] = (struct socket_watch){ .ours = false };
	return close(fd);
}

/* curl wants to know of a socket. */
static int
socket_watch(CURL *easy, curl_socket_t fd, int what, void *arg, void *known)
{
	struct http_calls *m = arg;
	struct socket_watch *w = socket_get(m, fd);
	struct epoll_event e = { .data.fd = fd };

	(void)easy;
	(void)known;
	if (w == NULL)
		return -1;
	w->wanted = what != CURL_POLL_REMOVE && what != CURL_POLL_NONE;
	if (!w->wanted) {
		if (what == CURL_POLL_NONE || !w->ours)
			socket_forget(m, fd);
		return 0;
	}
	if ((what & CURL_POLL_IN) != 0)
		e.events |= EPOLLIN;
	if ((what & CURL_POLL_OUT) != 0)
		e.events |= EPOLLOUT;
	if (w->events == e.events)
		return 0;
	if (epoll_ctl(m->epoll, w->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD,
	    fd, &e) != 0)
		return -1;
	w->events = e.events;
	return 0;
}

static int
timer_set(CURLM *multi, long ms, void *arg)
{
	struct http_calls *m = arg;

	(void)multi;
	m->due_ms = ms < 0 ? -1 : now_ms() + ms;
	return 0;
}

static void
place_free(struct call_place *p)
{
	curl_url_cleanup(p->parsed);
	free(p->url);
	free(p->proxy);
	free(p);
}

static void
place_leave(struct http_calls *m, struct call_place *p)
{
	struct call_place **at;

	if (--p->ncalls > 0)
		return;
	for (at = &m->places; *at != p; at = &(*at)->next)
		;
	*at = p->next;
	place_free(p);
}

static void
call_destroy(struct http_call *c)
{
	curl_slist_free_all(c->headers);
	if (c->easy != NULL)
		curl_easy_cleanup(c->easy);
	place_leave(c->calls, c->place);
	free(c);
}

enum status
http_calls_new(struct http_calls **out, struct error *err)
{
	struct http_calls *m;
	enum status st;

	*out = NULL;
	if ((st = http_library_load(err)) != STATUS_OK)
		return st;
	if ((m = calloc(1, sizeof(*m))) == NULL)
		return error_nomem(err);
	m->due_ms = -1;
	m->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (m->epoll == -1 || (m->multi = curl_multi_init()) == NULL) {
		http_calls_free(m);
		return error_set(err, STATUS_IO, "cannot begin calls: %s",
		    strerror(errno));
	}
	(void)curl_multi_setopt(m->multi, CURLMOPT_SOCKETFUNCTION, socket_watch);
	(void)curl_multi_setopt(m->multi, CURLMOPT_SOCKETDATA, m);
	(void)curl_multi_setopt(m->multi, CURLMOPT_TIMERFUNCTION, timer_set);
	(void)curl_multi_setopt(m->multi, CURLMOPT_TIMERDATA, m);
	(void)curl_multi_setopt(m->multi, CURLMOPT_MAXCONNECTS,
	    CONNECTIONS_MOST);
	*out = m;
	return STATUS_OK;
}

void
http_calls_free(struct http_calls *m)
{
	struct http_call *c;
	struct call_place *p;

	if (m == NULL)
		return;
	http_memory_use(&m->memory);
	while (m->calls != NULL)
		http_call_cancel(m->calls);
	while ((c = m->spare) != NULL) {
		m->spare = c->next;
		call_destroy(c);
	}
	while ((p = m->places) != NULL) {	/* one that memory lacked for */
		m->places = p->next;
		place_free(p);
	}
	if (m->multi != NULL)
		(void)curl_multi_cleanup(m->multi);
	if (m->epoll != -1)
		(void)close(m->epoll);
	http_memory_use(NULL);
	http_memory_release(&m->memory);
	free(m->socket);
	free(m);
}

int
http_calls_fd(const struct http_calls *m)
{
	return m->epoll;
}

int
http_calls_timeout(const struct http_calls *m)
{
	int64_t left = m->due_ms == -1 ? -1 : m->due_ms - now_ms();

	return m->due_ms == -1 ? -1 : left < 0 ? 0 : left > 1000 ? 1000 :
	    (int)left;
}

/* The first bytes, or the end: its head is known. */
static void
call_head(struct http_call *c)
{
	curl_off_t retry = 0;
	char *type = NULL;
	long status = 0;

	if (c->headed)
		return;
	c->headed = true;
	(void)curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(c->easy, CURLINFO_RETRY_AFTER, &retry);
	(void)curl_easy_getinfo(c->easy, CURLINFO_CONTENT_TYPE, &type);
	c->r.head(c->r.arg, (int)status, retry > 0 ? (int64_t)retry : -1,
	    slice_of(type));
}

static size_t
call_data(char *p, size_t size, size_t n, void *arg)
{
	struct http_call *c = arg;

	call_head(c);
	if (c->r.data(c->r.arg, (struct slice){ p, size * n }))
		return size * n;
	c->refused = true;
	return 0;			/* ends the call */
}

/* One that POSTs is kept.  What is behind the most of them is of places that nobody
 * asks any more. */
static void
call_free(struct http_call *c)
{
	struct http_calls *m = c->calls;
	struct http_call **last;

	if (c->next != NULL)
		c->next->prev = c->prev;
	*c->prev = c->next;
	(void)curl_multi_remove_handle(m->multi, c->easy);
	if (c->r.method != NULL) {
		call_destroy(c);
		return;
	}
	c->next = m->spare;
	m->spare = c;
	if (m->nspare++ < SPARE_MOST)
		return;
	for (last = &m->spare; (*last)->next != NULL; last = &(*last)->next)
		;
	call_destroy(*last);
	*last = NULL;
	m->nspare--;
}

static void
call_done(struct http_call *c, CURLcode rc)
{
	void (*end)(void *, enum status, const struct error *) = c->r.end;
	struct error err = { STATUS_OK, "" };
	void *arg = c->r.arg;

	if (rc == CURLE_OK)
		call_head(c);
	else if (rc == CURLE_OPERATION_TIMEDOUT)
		(void)error_set(&err, STATUS_IO, "no answer in time");
	else
		(void)error_set(&err, rc == CURLE_URL_MALFORMAT ||
		    rc == CURLE_UNSUPPORTED_PROTOCOL ? STATUS_INVALID :
		    STATUS_IO, "%s", c->refused ?
		    "the answer cannot be read" : curl_easy_strerror(rc));
	call_free(c);
	end(arg, err.code, &err);
}

static void
calls_ended(struct http_calls *m)
{
	struct http_call *c;
	CURLMsg *msg;
	CURLcode rc;
	int left;

	while ((msg = curl_multi_info_read(m->multi, &left)) != NULL) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		c = NULL;
		rc = msg->data.result;
		(void)curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE,
		    (char **)(void *)&c);
		if (c != NULL)
			call_done(c, rc);
	}
}

/* One that nobody asks is readable: its service has closed it. */
static void
socket_ready(struct http_calls *m, const struct epoll_event *e)
{
	int fd = e->data.fd, running;
	int what = ((e->events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
	    ((e->events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
	    ((e->events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);

	if (m->socket[fd].wanted)
		(void)curl_multi_socket_action(m->multi, fd, what, &running);
	else
		socket_forget(m, fd);
}

void
http_calls_due(struct http_calls *m)
{
	int running;

	http_memory_use(&m->memory);
	if (m->due_ms != -1 && now_ms() >= m->due_ms) {
		m->due_ms = -1;
		(void)curl_multi_socket_action(m->multi, CURL_SOCKET_TIMEOUT, 0,
		    &running);
	}
	calls_ended(m);
}

void
http_calls_each(struct http_calls *m, void (*each)(void *), void *arg)
{
	m->each = each;
	m->each_arg = arg;
}

void
http_calls_run(struct http_calls *m)
{
	struct epoll_event e[EVENTS];
	int i, n = epoll_wait(m->epoll, e, EVENTS, 0);

	http_memory_use(&m->memory);
	for (i = 0; i < n; i++) {
		socket_ready(m, &e[i]);
		if (m->each != NULL)
			m->each(m->each_arg);
	}
	http_calls_due(m);
}

/* Of every call: as one of its options curl would make it anew for each.  For a large
 * body curl would wait for a 100, which few services send: that is told only where
 * it would, since curl looks through all headers a dozen times. */
static const char *const headers_first[] = { "User-Agent: handrail", "Expect:" };

#define EXPECT_FROM	((size_t)64 << 10)	/* bytes; curl's are 1 MiB */

static size_t
headers_own(const struct http_call *c)
{
	return c->r.body.n < EXPECT_FROM ? 1 : 2;
}

/* Header i of the call, or NULL behind the last. */
static const char *
header_get(const struct http_call *c, size_t i)
{
	if (i < headers_own(c))
		return headers_first[i];
	i -= headers_own(c);
	return i < HTTP_CALL_HEADERS ? c->r.headers[i] : NULL;
}

static bool
headers_are(const struct http_call *c)
{
	const struct curl_slist *l = c->headers;
	const char *h;
	size_t i;

	for (i = 0; (h = header_get(c, i)) != NULL && l != NULL &&
	    strcmp(l->data, h) == 0; i++)
		l = l->next;
	return h == NULL && l == NULL;
}

static bool
headers_make(struct http_call *c)
{
	struct curl_slist *more;
	const char *h;
	size_t i;

	if (headers_are(c))
		return true;
	(void)curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(c->headers);
	c->headers = NULL;
	for (i = 0; (h = header_get(c, i)) != NULL; i++) {
		if ((more = curl_slist_append(c->headers, h)) == NULL)
			return false;
		c->headers = more;
	}
	return curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, c->headers) ==
	    CURLE_OK;
}

static bool
is_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* NULL: no memory. */
static struct call_place *
place_new(const char *url, const char *proxy)
{
	struct call_place *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	if ((p->url = strdup(url)) == NULL || (proxy != NULL &&
	    (p->proxy = strdup(proxy)) == NULL) ||
	    (p->parsed = curl_url()) == NULL) {
		place_free(p);
		return NULL;
	}
	/* One that curl does not take is told by the call. */
	if (curl_url_set(p->parsed, CURLUPART_URL, url, 0) != CURLUE_OK) {
		curl_url_cleanup(p->parsed);
		p->parsed = NULL;
	}
	return p;
}

/* One that is there, or a new one; NULL: no memory. */
static struct call_place *
place_get(struct http_calls *m, const struct http_call_request *r)
{
	struct call_place *p;

	for (p = m->places; p != NULL; p = p->next)
		if (is_same(p->url, r->url) && is_same(p->proxy, r->proxy))
			return p;
	if ((p = place_new(r->url, r->proxy)) == NULL)
		return NULL;
	p->next = m->places;
	return m->places = p;
}

/* What stays as it is for all calls to one place; false: no memory. */
static bool
place_set(struct http_call *c)
{
	const struct call_place *p = c->place;
	CURL *easy;

	if ((c->easy = easy = curl_easy_init()) == NULL)
		return false;
	http_easy_set(easy, p->url, p->proxy);
	(void)curl_easy_setopt(easy, CURLOPT_USERAGENT, NULL);
	if (p->parsed != NULL) {
		(void)curl_easy_setopt(easy, CURLOPT_URL, NULL);
		(void)curl_easy_setopt(easy, CURLOPT_CURLU, p->parsed);
	}
	(void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	(void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, call_data);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, c);
	(void)curl_easy_setopt(easy, CURLOPT_PRIVATE, c);
	(void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, socket_open);
	(void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, c->calls);
	(void)curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, socket_close);
	(void)curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, c->calls);
	return true;
}

static void
call_set(struct http_call *c)
{
	CURL *easy = c->easy;

	if (c->r.method == NULL || c->r.body.n > 0) {
		(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)c->r.body.n);
		(void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, c->r.body.p);
	}
	if (c->r.method != NULL)
		(void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, c->r.method);
	(void)curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING,
	    c->r.unpack ? "" : NULL);
	(void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
	    (long)c->r.timeout_ms);
}

/* One that was at the same place before, or a new one; NULL: no memory. */
static struct http_call *
call_get(struct http_calls *m, const struct http_call_request *r)
{
	struct http_call **at, *c;
	struct call_place *p = place_get(m, r);

	for (at = &m->spare; p != NULL && (c = *at) != NULL; at = &c->next) {
		if (c->place != p)
			continue;
		*at = c->next;
		m->nspare--;
		return c;
	}
	if (p == NULL || (c = calloc(1, sizeof(*c))) == NULL)
		return NULL;
	c->calls = m;
	c->place = p;
	p->ncalls++;
	if (place_set(c))
		return c;
	call_destroy(c);
	return NULL;
}

enum status
http_calls_start(struct http_calls *m, const struct http_call_request *r,
    struct http_call **out, struct error *err)
{
	struct http_call *c;

	*out = NULL;
	http_memory_use(&m->memory);
	if ((c = call_get(m, r)) == NULL)
		return error_nomem(err);
	c->r = *r;
	c->headed = c->refused = false;
	if (!headers_make(c)) {
		call_destroy(c);
		return error_nomem(err);
	}
	call_set(c);
	if ((c->next = m->calls) != NULL)
		c->next->prev = &c->next;
	c->prev = &m->calls;
	m->calls = c;
	if (curl_multi_add_handle(m->multi, c->easy) != CURLM_OK) {
		call_free(c);
		return error_set(err, STATUS_IO, "cannot begin a call");
	}
	*out = c;
	return STATUS_OK;
}

void
http_call_cancel(struct http_call *c)
{
	http_memory_use(&c->calls->memory);
	call_free(c);
}

void
http_call_pause(struct http_call *c, bool pause)
{
	http_memory_use(&c->calls->memory);
	(void)curl_easy_pause(c->easy, pause ? CURLPAUSE_RECV : CURLPAUSE_CONT);
}
