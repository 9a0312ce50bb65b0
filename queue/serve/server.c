#include "queue/serve/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "core/wire/stream.h"
#include "queue/release/release.h"
#include "queue/serve/committer.h"
#include "queue/serve/conn.h"
#include "queue/serve/endpoint.h"
#include "queue/serve/gateway.h"
#include "queue/serve/gateway_prompt.h"
#include "queue/serve/upstreams.h"

#define EVENTS		256
#define LOOK_MS		100	/* between two looks at the store, where some wait */
#define TICK_MS		500	/* what others change is followed within a second */
#define PROBE_MS	1000	/* between two looks whether it could be written to */
#define STORE_LAST_MS	2000	/* to store what came at the last moment */
#define DRAIN_MS	10000	/* for what is under way, once told to stop */
#define PROBE_MOST_MS	5000	/* between two tries of a store that takes nothing */

int64_t
server_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

const char *
server_date(struct server *s)
{
	time_t now = time(NULL);

	if ((int64_t)now != s->date_s || s->date[0] == '\0') {
		s->date_s = now;
		http_date((int64_t)now * 1000, s->date);
	}
	return s->date;
}

/* Calls that are to be seen as waiting: probes are not. */
static size_t
waits(const struct call *c)
{
	return !c->endpoint->status;
}

static void
unlink_waiting(struct server *s, struct call *c)
{
	struct call **at = &s->waiting;

	while (*at != NULL && *at != c)
		at = &(*at)->next;
	if (*at != c)
		return;
	*at = c->next;
	s->service->waiting -= waits(c);
}

void
server_detach(struct server *s, struct call *c)
{
	if (!c->detached)
		s->service->inflight--;
	c->detached = true;
}

void
server_end(struct server *s, struct call *c)
{
	if (c->step == CALL_WAIT)
		unlink_waiting(s, c);
	if (!c->detached)
		s->service->inflight--;
	s->service->bodies -= c->body.n;
	call_free(c, &s->spare);
}

/* Small records at once; what is long, or waits, elsewhere. */
static bool
judged_here(const struct server *s, const struct call *c)
{
	return c->body.n <= JUDGE_HERE_MAX && !c->apart && !s->judge_waits &&
	    c->policy == s->session->policy;
}

static void
call_answered(struct server *s, struct call *c)
{
	struct conn *conn = c->conn;

	if (conn != NULL) {
		c->conn = NULL;
		if (c->piece)
			(void)conn_stream(conn, c, buf_slice(&c->out));
		if (c->streaming)
			conn_stream_end(conn);
		else
			conn_answer(conn, c);
		conn_flush(conn);
		conn_resume(conn);
	}
	metrics_answer(&s->metrics, c, server_ns());
	server_end(s, c);
}

/* The step, or the answer that it cannot be taken now. */
static enum call_next
step_possible(struct server *s, struct call *c, enum call_next next)
{
	const struct service *v = s->service;
	enum status st = committer_failing(v->committer);

	if ((next == CALL_JUDGE && v->judges == NULL) ||
	    ((next == CALL_STORE || next == CALL_PROBE) &&
	    v->committer == NULL))
		return call_fail(c, 503, "stopping", "the service is stopping");
	/* What a gateway has asked for already it stores later. */
	if (next == CALL_STORE && c->gateway == NULL && st != STATUS_OK)
		return call_fail_status(c, st, NULL);
	return next;
}

void
server_next(struct server *s, struct call *c, enum call_next next)
{
	while (next == CALL_JUDGE && judged_here(s, c)) {
		judge_bench_run(&s->bench, c);
		next = c->then(s, c);
	}
	c->step = next = step_possible(s, c, next);
	c->done = &s->done;
	switch (next) {
	case CALL_ANSWERED:
		call_answered(s, c);
		break;
	case CALL_JUDGE:
		judges_put(s->service->judges, c);
		break;
	case CALL_STORE:
	case CALL_PROBE:
		c->log_bytes = c->gateway != NULL ? c->gateway->record.n :
		    c->body.n;
		committer_put(s->service->committer, c);
		break;
	case CALL_WAIT:
		c->next = s->waiting;
		s->waiting = c;
		s->service->waiting += waits(c);
		if (c->conn == NULL)
			server_end(s, c);
		else
			conn_look(c->conn);
		break;
	case CALL_UPSTREAM:
		if (c->conn == NULL)
			gateway_left(s, c);
		else
			conn_look(c->conn);
		break;
	}
}

static void
done_ready(struct server *s, struct watch *w, uint32_t events)
{
	struct call *c, *next;

	(void)w;
	(void)events;
	for (c = mailbox_take(&s->done); c != NULL; c = next) {
		next = c->next;
		server_next(s, c, c->then(s, c));
	}
}

/* Calls that wait look whether their time, or what they wait for, has come. */
static void
waiting_look(struct server *s, bool changed)
{
	struct call *c = s->waiting, *next;

	s->waiting = NULL;
	for (; c != NULL; c = next) {
		next = c->next;
		s->service->waiting -= waits(c);
		c->last_look = s->now_ms >= c->until_ms || s->service->draining;
		c->step = CALL_ANSWERED;
		server_next(s, c, changed || c->last_look || c->poll ?
		    c->then(s, c) : CALL_WAIT);
	}
}

static void
store_look(struct server *s)
{
	struct error err = { 0 };
	int64_t version = store_version(s->session->store), end = s->feed_end;
	bool changed = false;

	s->looked_ms = s->now_ms;
	if (version != s->version &&
	    release_end(s->session->store, &end, &err) == STATUS_OK) {
		s->version = version;
		changed = end != s->feed_end;
		s->feed_end = end;
	}
	s->hurry = false;
	waiting_look(s, changed);
}

/* Another policy is in force: its tokens and keys. */
static void
policy_take(struct server *s)
{
	struct service *v = s->service;
	struct error err = { 0 };
	struct keyring *ring;

	s->judge_waits = judge_waits(s->session->policy);
	if (s->judge_waits && s == v->loop[0])
		judges_grow(v->judges, JUDGES_WAITING);
	service_followed(v, s);
	service_policy(v, s->session->policy);
	service_notice_last(s, "policy", "serve: policy %.*s is in force",
	    POLICY_SHORT, s->session->policy->id);
	if (s == v->loop[0])
		doors_compare(v);
	if (upstreams_load(v->upstreams, s->session->policy, &err) !=
	    STATUS_OK) {
		service_notice_first(s, "tokens", "serve: %s; tokens of upstreams "
		    "stay as they were", err.text);
		error_clear(&err);
	}
	if (keyring_new(&ring, s->session->policy, &err) != STATUS_OK) {
		service_notice_first(s, "keys", "serve: %s; the keys stay as they "
		    "were", err.text);
		return;
	}
	keyring_free(s->keyring);
	s->keyring = ring;
}

/* Follows the policy that was applied to the store, by whomever. */
static void
policy_follow(struct server *s)
{
	const struct policy *before = s->session->policy;
	struct error err = { 0 };
	enum status st;

	if ((st = store_begin_read(s->session->store, &err)) == STATUS_OK) {
		if ((st = session_refresh(s->session, &err)) == STATUS_OK)
			gateway_prompts_follow(s);
		store_end_read(s->session->store);
	}
	if (st != STATUS_OK)
		service_notice_first(s, "following", "serve: the policy in force: "
		    "%s", err.text);
	else if (s->session->policy != before)
		policy_take(s);
}

static void ready_probe(struct server *);

static enum call_next
ready_probed(struct server *s, struct call *c)
{
	s->service->ready = c->st == STATUS_OK;
	s->service->ready_ms = s->now_ms;
	s->probing = false;
	s->probe_pause_ms = c->st == STATUS_OK ? PROBE_MS :
	    s->probe_pause_ms * 2;
	if (s->probe_pause_ms > PROBE_MOST_MS)
		s->probe_pause_ms = PROBE_MOST_MS;
	s->probe_ms = s->now_ms + s->probe_pause_ms - TICK_MS / 2;
	if (s->ready_asked)
		ready_probe(s);
	return CALL_ANSWERED;
}

/* Could something be stored?  One question at a time; where it has no answer in
 * time, /readyz takes that for one. */
static void
ready_probe(struct server *s)
{
	struct call *c = s->probing || s->service->draining ? NULL :
	    call_new(&s->spare);

	if (c == NULL)
		return;
	s->probing = true;
	c->poll = s->ready_asked;
	s->ready_asked = false;
	s->service->inflight++;
	c->then = ready_probed;
	server_next(s, c, CALL_PROBE);
}

void
server_probe(struct server *s)
{
	s->ready_asked = true;
	ready_probe(s);
}

static void
server_tick(struct server *s)
{
	struct error lost = { 0 };

	if (s->now_ms - s->ticked_ms < TICK_MS)
		return;
	s->ticked_ms = s->now_ms;
	conn_tick(s);
	if (store_in_place(s->session->store, &lost) != STATUS_OK) {
		service_lost(s->service, &lost);
		return;
	}
	policy_follow(s);
	/* What one finds out is for all. */
	if (s == s->service->loop[0] && s->now_ms >= s->probe_ms)
		ready_probe(s);
}

void
server_turn(struct server *s)
{
	struct epoll_event e[EVENTS];
	struct watch *w;
	int i, n, timeout = s->again != NULL || s->hurry ? 0 :
	    s->waiting != NULL || doors_are_full(s) ? LOOK_MS : TICK_MS;

	n = epoll_wait(s->epoll, e, EVENTS, gateways_timeout(s, timeout));
	s->now_ms = server_ns() / 1000000;
	for (i = 0; i < n; i++) {
		w = e[i].data.ptr;
		w->ready(s, w, e[i].events);
	}
	gateways_tick(s);
	conn_again(s);
	gateways_ask(s);
	conn_again(s);		/* what came of it at once */
	if (s->waiting != NULL && (s->hurry ||
	    s->now_ms - s->looked_ms >= LOOK_MS))
		store_look(s);
	server_tick(s);
	if (s == s->service->loop[0])
		doors_watch(s->service);
	conn_sweep(s);
}

void
server_wake(struct server *s)
{
	const uint64_t one = 1;

	/* Full is as good as written: it is readable. */
	if (write(s->wake_watch.fd, &one, sizeof(one)) == -1)
		return;
}

void
server_give(struct server *s, struct server *from, int fd)
{
	s->nconns++;
	if (s == from) {
		conn_new(s, fd, false, s->service->draining);
		return;
	}
	(void)pthread_mutex_lock(&s->lock);
	buf_add(&s->given, &fd, sizeof(fd));
	if (s->given.failed) {
		s->given.failed = false;
		(void)close(fd);
		s->nconns--;
	}
	(void)pthread_mutex_unlock(&s->lock);
	server_wake(s);
}

static void
given_take(struct server *s)
{
	struct buf given = BUF_INIT;
	size_t i;
	int fd;

	(void)pthread_mutex_lock(&s->lock);
	given = s->given;
	s->given = (struct buf)BUF_INIT;
	(void)pthread_mutex_unlock(&s->lock);
	for (i = 0; i < given.n; i += sizeof(fd)) {
		memcpy(&fd, given.p + i, sizeof(fd));
		conn_new(s, fd, false, false);
	}
	buf_release(&given);
}

static void
wake_ready(struct server *s, struct watch *w, uint32_t events)
{
	uint64_t n;

	(void)events;
	if (read(w->fd, &n, sizeof(n)) == -1)
		n = 0;
	given_take(s);
	if (atomic_exchange(&s->place_left, false))
		s->gateway_due_ms = s->now_ms;
	if (atomic_exchange(&s->follow, false))
		s->ticked_ms = 0;
}

static void
http_ready(struct server *s, struct watch *w, uint32_t events)
{
	(void)w;
	(void)events;
	http_calls_run(s->http);
}

/* Its events go out together, while what they need is near. */
static void
http_each(void *s)
{
	conn_again(s);
}

/* What gateways need. */
static enum status
gateways_begin(struct server *s, struct error *err)
{
	enum status st;

	s->gateways_end = &s->gateways;
	if ((s->prompts = gateway_prompts_new()) == NULL)
		return error_nomem(err);
	gateway_prompts_follow(s);
	if ((st = http_calls_new(&s->http, err)) != STATUS_OK)
		return st;
	http_calls_each(s->http, http_each, s);
	s->http_watch = (struct watch){ http_calls_fd(s->http), http_ready };
	return watch_add(s->epoll, &s->http_watch, err);
}

static enum status
server_begin(struct server *s, struct error *err)
{
	enum status st;

	if ((s->input = malloc(INPUT_BYTES)) == NULL)
		return error_nomem(err);
	if ((s->epoll = epoll_create1(EPOLL_CLOEXEC)) == -1)
		return error_set(err, STATUS_IO, "epoll: %s", strerror(errno));
	if ((s->wake_watch.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) == -1)
		return error_set(err, STATUS_IO, "eventfd: %s", strerror(errno));
	if ((st = keyring_new(&s->keyring, s->session->policy, err)) !=
	    STATUS_OK ||
	    (st = upstreams_load(s->service->upstreams, s->session->policy,
	    err)) != STATUS_OK ||
	    (st = release_end(s->session->store, &s->feed_end, err)) !=
	    STATUS_OK || (st = gateways_begin(s, err)) != STATUS_OK ||
	    (st = mailbox_init(&s->done, true, err)) != STATUS_OK)
		return st;
	s->done_watch = (struct watch){ s->done.fd, done_ready };
	if ((st = watch_add(s->epoll, &s->done_watch, err)) != STATUS_OK)
		return st;
	return watch_add(s->epoll, &s->wake_watch, err);
}

enum status
server_new(struct server **out, struct service *v, struct session *reads,
    struct error *err)
{
	struct server *s = calloc(1, sizeof(*s));
	enum status st;

	if ((*out = s) == NULL)
		return error_nomem(err);
	s->service = v;
	s->session = reads;
	s->epoll = -1;
	s->spare.most = POOL_MOST / v->nloops;
	s->wake_watch = (struct watch){ -1, wake_ready };
	(void)pthread_mutex_init(&s->lock, NULL);
	s->now_ms = server_ns() / 1000000;
	s->limits = (struct http_limits){ 16384, HTTP_FIELDS_MAX, 8192,
	    reads->policy->service.body_max };
	s->probe_pause_ms = PROBE_MS;
	s->bench.o = (struct judge_options){ .key = store_key(reads->store),
	    .stop = &v->halted };
	s->judge_waits = judge_waits(reads->policy);
	metrics_init(&s->metrics);
	if ((st = server_begin(s, err)) == STATUS_OK)
		return STATUS_OK;
	server_free(s);
	*out = NULL;
	return st;
}

static void *
server_main(void *arg)
{
	struct server *s = arg;

	while (!s->service->draining)
		server_turn(s);
	server_drain(s);
	s->service->running--;
	server_wake(s->service->loop[0]);
	return NULL;
}

enum status
server_start(struct server *s, struct error *err)
{
	s->service->running++;
	s->started = pthread_create(&s->thread, NULL, server_main, s) == 0;
	if (s->started)
		return STATUS_OK;
	s->service->running--;
	return error_set(err, STATUS_NOMEM, "cannot start a thread");
}

size_t
server_unstored(const struct server *s)
{
	const struct gateway_call *g;
	size_t n = 0;

	for (g = s->gateways; g != NULL; g = g->next)
		n += g->storing;
	return n;
}

/* They are lost now; nobody waits for them any more. */
static void
answers_drop(struct server *s)
{
	struct gateway_call *g, *next;

	for (g = s->gateways; g != NULL; g = next) {
		next = g->next;
		if (g->storing && g->call->conn == NULL)
			server_end(s, g->call);
	}
}

void
server_take(struct server *s)
{
	done_ready(s, &s->done_watch, 0);
}

void
server_free(struct server *s)
{
	struct conn *c;

	if (s == NULL)
		return;
	given_take(s);
	waiting_look(s, false);
	while ((c = s->conns) != NULL)
		conn_close(c);
	conn_again(s);
	conn_sweep(s);
	answers_drop(s);
	arena_release(&s->look);
	http_calls_free(s->http);
	gateway_prompts_free(s->prompts);
	metrics_release(&s->metrics);
	mailbox_release(&s->done);
	call_pool_release(&s->spare);
	gateways_release(s);
	while (s->nstreams > 0)
		wire_stream_free(s->stream[--s->nstreams]);
	while (s->njson > 0)
		json_release(&s->json[--s->njson]);
	judge_bench_release(&s->bench);
	keyring_free(s->keyring);
	if (s->epoll != -1)
		(void)close(s->epoll);
	if (s->wake_watch.fd != -1)
		(void)close(s->wake_watch.fd);
	(void)pthread_mutex_destroy(&s->lock);
	free(s->input);
	free(s);
}

/* What a gateway has begun has its own time, also where its request was whole only
 * after the service was told to stop. */
static int64_t
gateways_until(const struct server *s)
{
	const struct gateway_call *g;
	int64_t until = 0;

	for (g = s->gateways; g != NULL; g = g->next)
		if (g->deadline_ms + STORE_LAST_MS > until)
			until = g->deadline_ms + STORE_LAST_MS;
	return until;
}

void
server_drain(struct server *s)
{
	int64_t until = s->now_ms + DRAIN_MS;

	waiting_look(s, false);
	s->ticked_ms = 0;
	/* Those whose clients have left are still to be stored. */
	while ((s->nconns + s->nstatus > s->nlate || s->gateways != NULL) &&
	    (s->now_ms < until || s->now_ms < gateways_until(s)))
		server_turn(s);
}
