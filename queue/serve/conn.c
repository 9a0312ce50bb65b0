#include "queue/serve/conn.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "queue/serve/endpoint.h"
#include "queue/serve/gate.h"
#include "queue/serve/gateway.h"
#include "queue/serve/inflate.h"

#define HEAD_MS		10000	/* for a head */
#define BODY_MS		10000	/* and for a body, beside 1 ms a byte */
#define IDLE_MS		60000	/* between requests */
#define COME_MS		200	/* for the first one, once the service stops */
#define STALL_MS	60000	/* for the client to take something */
#define LINGER_MS	2000	/* for it to read what it was told at last */
#define TURN_MOST	16	/* requests of one connection in one turn */
#define UNREAD_MOST	((size_t)256 << 10)	/* of a stream */

enum conn_state {
	CONN_READING,	/* a request comes */
	CONN_WORKING,	/* its call is under way */
	CONN_STREAMING,	/* and answers piece by piece */
	CONN_WRITING,	/* its answer goes out */
	CONN_LINGERING	/* all is said; what still comes is thrown away */
};

struct conn {
	struct watch	 watch;		/* first */
	struct server	*server;
	struct conn	*next, **prev;
	struct conn	*next_again;
	struct http_request request;
	struct buf	 rest;		/* read, and not taken yet */
	size_t		 taken;		/* of rest */
	struct buf	 out;
	size_t		 sent;
	struct call	*call;
	int64_t		 since_ms;	/* the state, or the last progress */
	uint64_t	 body;		/* bytes of it that came */
	uint32_t	 events;	/* asked of epoll */
	enum conn_state	 state;
	bool		 begun;		/* a request */
	bool		 served;	/* one before */
	bool		 closes, status, queued;
	bool		 late;		/* accepted since the service stops */
	bool		 bare;		/* a stream without chunks, to HTTP/1.0 */
	bool		 eof;		/* the client sends no more */
	bool		 asked;		/* ... and was sent something since */
	bool		 early;		/* more of it came before its answer */
};

static void conn_ready(struct server *, struct watch *, uint32_t);

static void
conn_queue(struct conn *c)
{
	if (c->queued)
		return;
	c->queued = true;
	c->next_again = c->server->again;
	c->server->again = c;
}

static void
conn_wants(struct conn *c, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = &c->watch };

	if (c->events != events)
		(void)epoll_ctl(c->server->epoll, EPOLL_CTL_MOD, c->watch.fd, &e);
	c->events = events;
}

static void
conn_enter(struct conn *c, enum conn_state state)
{
	c->state = state;
	c->since_ms = c->server->now_ms;
}

static void
conn_discount(struct server *s, bool status)
{
	if (status)
		s->nstatus--;
	else
		s->nconns--;
	doors_left(s);
}

static void
conn_refuse_socket(struct server *s, int fd, bool status)
{
	(void)close(fd);
	conn_discount(s, status);
}

void
conn_new(struct server *s, int fd, bool status, bool late)
{
	struct conn *c = calloc(1, sizeof(*c));
	struct epoll_event e = { .events = EPOLLIN | EPOLLRDHUP };

	if (c == NULL) {
		conn_refuse_socket(s, fd, status);
		return;
	}
	c->watch = (struct watch){ fd, conn_ready };
	c->server = s;
	c->status = status;
	c->late = late;
	c->events = e.events;
	e.data.ptr = &c->watch;
	http_request_init(&c->request, &s->limits);
	if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &e) != 0) {
		conn_refuse_socket(s, fd, status);
		free(c);
		return;
	}
	if ((c->next = s->conns) != NULL)
		c->next->prev = &c->next;
	c->prev = &s->conns;
	s->conns = c;
	s->nlate += c->late;
	conn_enter(c, CONN_READING);
}

void
conn_close(struct conn *c)
{
	struct server *s = c->server;

	if (c->watch.fd == -1)
		return;
	(void)close(c->watch.fd);
	c->watch.fd = -1;
	if (c->call != NULL) {
		c->call->conn = NULL;
		if (c->state == CONN_READING || c->call->step == CALL_WAIT)
			server_end(s, c->call);
		else if (c->call->step == CALL_UPSTREAM)
			gateway_left(s, c->call);
	}
	c->call = NULL;
	if (c->next != NULL)
		c->next->prev = c->prev;
	*c->prev = c->next;
	s->nlate -= c->late;
	conn_discount(s, c->status);
	c->next = s->gone;
	s->gone = c;
}

void
conn_sweep(struct server *s)
{
	struct conn *c, *next, *queued = NULL;

	for (c = s->gone; c != NULL; c = next) {
		next = c->next;
		/* conn_again() has yet to pass it over. */
		if (c->queued) {
			c->next = queued;
			queued = c;
			continue;
		}
		http_request_release(&c->request);
		buf_release(&c->rest);
		buf_release(&c->out);
		free(c);
	}
	s->gone = queued;
}

/* The head of an answer. */
static void
head_write(struct conn *c, const struct call *a)
{
	struct buf *o = &c->out;
	size_t i;

	http_response_begin(o, a->status, server_date(c->server), c->closes);
	if (a->type == NULL)
		buf_puts(o, "Content-Type: application/json\r\n");
	else
		http_response_field(o, "Content-Type", slice_of(a->type));
	buf_puts(o, "Cache-Control: no-store\r\n"
	    "X-Content-Type-Options: nosniff\r\n");
	if (a->location.p != NULL)
		http_response_field(o, "Location", a->location);
	if (a->retry_s > 0)
		http_response_number(o, "Retry-After", (uint64_t)a->retry_s);
	for (i = 0; i < a->nfields; i++)
		http_response_field(o, a->field[i].name, a->field[i].value);
	if (a->final)
		http_response_field(o, "x-should-retry", SLICE("false"));
	if (a->waited)
		http_response_field(o, "Preference-Applied", SLICE("wait"));
	if (a->status == 401)
		http_response_field(o, "WWW-Authenticate", SLICE("Bearer"));
	if (a->allow.p != NULL)
		http_response_field(o, "Allow", a->allow);
}

void
conn_answer(struct conn *c, struct call *a)
{
	if (c->request.closes || c->server->service->draining)
		c->closes = true;
	head_write(c, a);
	http_response_length(&c->out, a->out.n);
	if (c->request.method != METHOD_HEAD)
		buf_add_slice(&c->out, buf_slice(&a->out));
	c->call = NULL;
	conn_enter(c, CONN_WRITING);
}

/* RFC 9112, 6.1: chunks are for those who speak HTTP/1.1; to others a stream ends with
 * its connection. */
static void
stream_begin(struct conn *c)
{
	c->bare = c->request.minor == 0;
	if (c->bare)
		http_response_bare(&c->out);
	else
		http_response_chunked(&c->out);
}

static void
stream_add(struct conn *c, struct slice piece)
{
	if (c->bare)
		buf_add_slice(&c->out, piece);
	else
		http_chunk(&c->out, piece);
}

bool
conn_stream(struct conn *c, struct call *a, struct slice piece)
{
	if (!a->streaming) {
		a->streaming = true;
		c->closes |= a->closes || c->request.closes ||
		    c->server->service->draining;
		head_write(c, a);
		http_response_field(&c->out, "X-Accel-Buffering", SLICE("no"));
		stream_begin(c);
		conn_enter(c, CONN_STREAMING);
	}
	stream_add(c, piece);
	return conn_has_room(c);
}

/* Has it left, or does it only send no more?  Of a unix socket the kernel says so;
 * elsewhere who has left has the kernel refuse what is sent to him, while who waits
 * for an answer passes over what is none. */
static void
conn_ask(struct conn *c)
{
	socklen_t n = sizeof(int);
	int family = AF_UNIX;

	(void)getsockopt(c->watch.fd, SOL_SOCKET, SO_DOMAIN, &family, &n);
	if (c->asked || family == AF_UNIX || c->request.minor == 0)
		return;
	c->asked = true;
	if (c->state == CONN_STREAMING)
		stream_add(c, SLICE(":\n\n"));
	else
		buf_puts(&c->out, HTTP_CONTINUE);
}

void
conn_look(struct conn *c)
{
	if (!c->eof)
		return;
	conn_ask(c);
	conn_queue(c);
}

bool
conn_has_room(const struct conn *c)
{
	return c->out.n - c->sent < UNREAD_MOST;
}

void
conn_stream_end(struct conn *c)
{
	if (!c->bare)
		http_chunk_end(&c->out);
	c->call = NULL;
	conn_enter(c, CONN_WRITING);
}

/* A request that was not taken: the answer, and no more of this connection. */
static void
conn_refuse(struct conn *c, int status, const char *code, const char *why)
{
	struct call *a = c->call == NULL ? call_new(&c->server->spare) : c->call;
	struct endpoint_match m;

	if (a == NULL) {
		conn_close(c);
		return;
	}
	if (a->begun_ns == 0)
		a->begun_ns = server_ns();
	if (c->call == NULL && c->request.target.path.p != NULL) {
		endpoint_match(c->request.method, c->request.target.path, &m);
		a->api = m.api;
	}
	(void)call_fail(a, status, code, "%s", why);
	c->closes = true;
	a->conn = c;
	metrics_answer(&c->server->metrics, a, server_ns());
	conn_answer(c, a);
	if (c->begun)
		server_end(c->server, a);
	else
		call_free(a, &c->server->spare);
	c->begun = false;
}

/* The head is whole: who asks for what?  A refusal needs no body. */
static void
head_taken(struct conn *c)
{
	struct server *s = c->server;
	struct slice none = SLICE_NONE, piece;
	struct call *a = call_new(&s->spare);

	if (a == NULL) {
		conn_close(c);
		return;
	}
	c->call = a;
	c->begun = true;
	a->conn = c;
	s->service->inflight++;
	if (!gate_pass(s, &c->request, c->status, a)) {
		c->closes = http_request_read(&c->request, &none, &piece) !=
		    HTTP_END;
		a->conn = NULL;
		metrics_answer(&s->metrics, a, server_ns());
		conn_answer(c, a);
		server_end(s, a);
		c->begun = false;
		return;
	}
	c->body = 0;
	c->since_ms = s->now_ms;
	if (c->request.expects)
		buf_puts(&c->out, HTTP_CONTINUE);
}

/* A piece of a body that comes packed. */
static void
body_unpack(struct conn *c, struct slice piece)
{
	struct call *a = c->call;
	size_t before = a->body.n;
	enum inflated got = inflater_add(a->inflater, piece,
	    c->request.body_max, &a->body);

	c->server->service->bodies += a->body.n - before;
	switch (got) {
	case INFLATED:
		break;
	case INFLATED_BAD:
		conn_refuse(c, 400, "invalid_encoding",
		    "the body is no gzip, or a damaged one");
		break;
	case INFLATED_LARGE:
		conn_refuse(c, 413, "body_too_large",
		    "the body is too large once it is unpacked");
		break;
	case INFLATED_BOMB:
		conn_refuse(c, 413, "body_too_large",
		    "the body unpacks to more than a hundred times its size");
		break;
	case INFLATED_NO_MEMORY:
		conn_refuse(c, 503, "no_memory", "out of memory");
		break;
	}
}

static void
body_taken(struct conn *c, struct slice piece)
{
	struct server *s = c->server;

	c->body += piece.n;
	if (s->service->bodies + piece.n > BODIES_MAX) {
		conn_refuse(c, 503, "overloaded", "the service holds as many "
		    "bytes of requests as it may; try again");
		return;
	}
	if (c->call->inflater != NULL) {
		body_unpack(c, piece);
		return;
	}
	buf_add_slice(&c->call->body, piece);
	if (c->call->body.failed)
		conn_refuse(c, 503, "no_memory", "out of memory");
	else
		s->service->bodies += piece.n;
}

/* The request is whole. */
static void
body_ended(struct conn *c)
{
	if (c->call->inflater != NULL && !inflater_whole(c->call->inflater)) {
		conn_refuse(c, 400, "invalid_encoding", "the body's gzip ends "
		    "before its end");
		return;
	}
	conn_enter(c, CONN_WORKING);
	server_next(c->server, c->call, c->call->endpoint->run(c->server,
	    c->call));
}

/* Takes of the bytes until the request is whole, or more are needed. */
static void
conn_take(struct conn *c, struct slice *in)
{
	struct slice piece;

	while (c->state == CONN_READING && c->watch.fd != -1) {
		switch (http_request_read(&c->request, in, &piece)) {
		case HTTP_MORE:
			return;
		case HTTP_HEAD:
			head_taken(c);
			break;
		case HTTP_DATA:
			body_taken(c, piece);
			break;
		case HTTP_END:
			body_ended(c);
			break;
		case HTTP_BAD:
			conn_refuse(c, c->request.fault->status,
			    c->request.fault->status == 413 ? "body_too_large" :
			    "bad_request", c->request.fault->reason);
			break;
		case HTTP_NO_MEMORY:
			conn_refuse(c, 503, "no_memory", "out of memory");
			break;
		}
	}
}

/* What came behind the last request first, then what the socket has; false: it
 * has nothing now. */
static bool
conn_read(struct conn *c)
{
	struct slice in = { c->rest.p + c->taken, c->rest.n - c->taken };
	ssize_t n;

	if (in.n > 0) {
		conn_take(c, &in);
		c->taken = c->rest.n - in.n;
		if (in.n == 0) {
			buf_release(&c->rest);
			c->taken = 0;
		}
		return true;
	}
	n = recv(c->watch.fd, c->server->input, INPUT_BYTES, 0);
	if (n <= 0) {
		if (n == 0 || (errno != EAGAIN && errno != EINTR))
			conn_close(c);
		return false;
	}
	if (http_request_idle(&c->request) && !c->begun)
		c->since_ms = c->server->now_ms;
	in = (struct slice){ c->server->input, (size_t)n };
	conn_take(c, &in);
	if (in.n > 0 && c->watch.fd != -1)
		buf_add_slice(&c->rest, in);
	if (c->rest.failed)
		conn_close(c);
	return true;
}

/* The answer is out: the next request, or the end. */
static void
conn_finished(struct conn *c)
{
	buf_clear(&c->out);
	c->sent = 0;
	c->begun = c->asked = c->early = false;
	c->served = true;
	if (!c->closes) {
		http_request_next(&c->request);
		conn_enter(c, CONN_READING);
	} else if (shutdown(c->watch.fd, SHUT_WR) == 0 && !c->eof) {
		conn_enter(c, CONN_LINGERING);
		conn_wants(c, EPOLLIN);
	} else {
		conn_close(c);
	}
}

/* Sends what there is; false: the client takes no more now, or is gone. */
static bool
conn_send(struct conn *c)
{
	ssize_t n;

	while (c->sent < c->out.n && !c->out.failed) {
		n = send(c->watch.fd, c->out.p + c->sent, c->out.n - c->sent,
		    MSG_NOSIGNAL);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno == EAGAIN)
			return false;
		if (n == -1)
			break;
		c->sent += (size_t)n;
		c->since_ms = c->server->now_ms;
	}
	if (c->sent < c->out.n) {
		conn_close(c);
		return false;
	}
	buf_clear(&c->out);
	c->sent = 0;
	return true;
}

/* Asks epoll for what the state waits for.  Few clients send before they have their
 * answer: until one does it may stay asked whether something comes. */
static void
conn_arm(struct conn *c)
{
	uint32_t events = c->eof ? 0 : EPOLLRDHUP;

	if (c->watch.fd == -1 || c->state == CONN_LINGERING)
		return;
	if (c->out.n > c->sent)
		events |= EPOLLOUT;
	else if (c->state == CONN_READING)
		events |= EPOLLIN;
	else if (!c->eof && !c->early)
		events |= c->events & EPOLLIN;
	conn_wants(c, events);
}

void
conn_flush(struct conn *c)
{
	/* Where there are several, they go out together: whoever has them all is woken
	 * once. */
	if (c->watch.fd != -1 && c->server->again == NULL)
		(void)conn_send(c);
}

/* As far as it goes in one turn.  Few clients have sent the next request before they
 * could see the answer: epoll tells when it comes. */
static void
conn_go(struct conn *c)
{
	int left = TURN_MOST;
	bool early;

	while (c->watch.fd != -1 && c->state != CONN_LINGERING) {
		if (c->out.n > c->sent && !conn_send(c))
			break;
		if (c->state == CONN_WRITING) {
			early = c->early || c->rest.n > c->taken;
			conn_finished(c);
			if (!early)
				break;
			if (--left == 0 && c->watch.fd != -1) {
				conn_queue(c);
				break;
			}
		} else if (c->state != CONN_READING || !conn_read(c)) {
			break;
		}
	}
	conn_arm(c);
}

/* Throws away what comes, until the client has closed too. */
static void
conn_linger(struct conn *c)
{
	ssize_t n;

	do
		n = recv(c->watch.fd, c->server->input, INPUT_BYTES, 0);
	while (n > 0);
	if (n == 0 || (errno != EAGAIN && errno != EINTR))
		conn_close(c);
}

/* What is soon ready says more than a question. */
static void
conn_half_closed(struct conn *c)
{
	c->eof = true;
	if (c->state == CONN_STREAMING || (c->state == CONN_WORKING &&
	    (c->call->step == CALL_WAIT || c->call->step == CALL_UPSTREAM)))
		conn_ask(c);
}

static void
conn_ready(struct server *s, struct watch *w, uint32_t events)
{
	struct conn *c = (struct conn *)w;

	(void)s;
	if (c->watch.fd == -1)
		return;
	c->early = (events & EPOLLIN) != 0 && c->state != CONN_READING;
	if ((events & (EPOLLERR | EPOLLHUP)) != 0 &&
	    c->state != CONN_READING)
		conn_close(c);
	else if (c->state == CONN_LINGERING)
		conn_linger(c);
	else if ((events & EPOLLRDHUP) != 0 && c->state != CONN_READING)
		conn_half_closed(c);
	if (c->watch.fd != -1)
		conn_go(c);
}

void
conn_again(struct server *s)
{
	struct conn *c = s->again, *next;

	s->again = NULL;
	for (; c != NULL; c = next) {
		next = c->next_again;
		c->queued = false;
		if (c->watch.fd != -1)
			conn_go(c);
	}
}

void
conn_resume(struct conn *c)
{
	conn_queue(c);
}

static void
conn_slow(struct conn *c)
{
	if (http_request_idle(&c->request) && !c->begun)
		conn_close(c);
	else {
		conn_refuse(c, 408, "timeout", "the request came too slowly");
		conn_queue(c);
	}
}

static void
conn_check_time(struct conn *c)
{
	int64_t age = c->server->now_ms - c->since_ms;
	bool idle = http_request_idle(&c->request) && !c->begun;

	switch (c->state) {
	case CONN_READING:
		if (age > (c->begun ? BODY_MS + (int64_t)c->body : idle ?
		    IDLE_MS : HEAD_MS) || (idle && age >= (c->served ? 0 :
		    COME_MS) && c->server->service->draining))
			conn_slow(c);
		break;
	case CONN_WRITING:
	case CONN_STREAMING:
		if (c->out.n > c->sent && age > STALL_MS)
			conn_close(c);
		break;
	case CONN_LINGERING:
		if (age > LINGER_MS)
			conn_close(c);
		break;
	case CONN_WORKING:
		break;
	}
}

void
conn_tick(struct server *s)
{
	struct conn *c, *next;

	for (c = s->conns; c != NULL; c = next) {
		next = c->next;
		conn_check_time(c);
	}
}
