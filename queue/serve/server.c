#include "queue/serve/server.h"

#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/wire/stream.h"
#include "queue/release/deliver.h"
#include "queue/release/release.h"
#include "queue/serve/budget.h"
#include "queue/serve/conn.h"
#include "queue/serve/counter.h"
#include "queue/serve/gateway.h"
#include "queue/serve/gateway_prompt.h"
#include "queue/serve/serve.h"

#define EVENTS		256
#define LOOK_MS		100	/* between two looks at the store, where some wait */
#define TICK_MS		500	/* what others change is followed within a second */
#define PROBE_MS	1000	/* between two looks whether it could be written to */
#define STORE_LAST_MS	2000	/* to store what came at the last moment */
#define DRAIN_MS	10000	/* for what is under way, once told to stop */
#define TURN_ACCEPTS	64
#define KEPT_BYTES	(2 << 20)	/* of free memory, by each thread */
#define TAKEN_BYTES	(128 << 10)	/* at once */
#define PROBE_MOST_MS	5000	/* between two tries of a store that takes nothing */

int64_t
server_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void
server_notice(struct server *s, const char *fmt, ...)
{
	char line[1200];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (s->notice != NULL)
		s->notice(line);
}

static void
doubt_notice(void *arg, const char *line)
{
	server_notice(arg, "serve: %s", line);
}

void
server_doubt(struct server *s, const struct policy *p, struct slice queue)
{
	if (s->doubted_by != p)		/* another is in force */
		doubted_release(&s->doubted);
	s->doubted_by = p;
	s->doubted.unnamed = true;
	doubted_note(&s->doubted, p, queue, doubt_notice, s);
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

static void
unlink_waiting(struct server *s, struct call *c)
{
	struct call **at = &s->waiting;

	while (*at != NULL && *at != c)
		at = &(*at)->next;
	if (*at == c)
		*at = c->next;
}

void
server_detach(struct server *s, struct call *c)
{
	if (!c->detached)
		s->inflight--;
	c->detached = true;
}

void
server_end(struct server *s, struct call *c)
{
	if (c->step == CALL_WAIT)
		unlink_waiting(s, c);
	if (!c->detached)
		s->inflight--;
	s->bodies -= c->body.n;
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
	enum status st = committer_failing(s->committer);

	if ((next == CALL_JUDGE && s->judges == NULL) ||
	    ((next == CALL_STORE || next == CALL_PROBE) &&
	    s->committer == NULL))
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
	switch (next) {
	case CALL_ANSWERED:
		call_answered(s, c);
		break;
	case CALL_JUDGE:
		judges_put(s->judges, c);
		break;
	case CALL_STORE:
	case CALL_PROBE:
		c->log_bytes = c->gateway != NULL ? c->gateway->record.n :
		    c->body.n;
		committer_put(s->committer, c);
		break;
	case CALL_WAIT:
		c->next = s->waiting;
		s->waiting = c;
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

/* As many connections as may be, or no descriptor for one more a moment ago. */
static bool
door_shut(const struct server *s, const struct door *d)
{
	return (s->full_ms != 0 && s->now_ms - s->full_ms < LOOK_MS) ||
	    (d->status ? s->nstatus >= STATUS_CONNECTIONS_MAX :
	    s->nconns >= s->conns_max);
}

static void
door_ready(struct server *s, struct watch *w, uint32_t events)
{
	struct door *d = (struct door *)w;
	int fd, n;

	(void)events;
	for (n = 0; n < TURN_ACCEPTS; n++) {
		if (door_shut(s, d))
			return;
		fd = accept4(d->listener.fd, NULL, NULL,
		    SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd == -1) {
			if (errno != EAGAIN && errno != EINTR &&
			    errno != ECONNABORTED)
				s->full_ms = s->now_ms;
			return;
		}
		conn_new(s, fd, d->status);
	}
}

/* Accepting pauses while there are as many connections as may be. */
static void
doors_watch(struct server *s)
{
	struct epoll_event e = { .events = 0 };
	struct door *d;
	size_t i;

	for (i = 0; i < s->ndoors; i++) {
		d = &s->door[i];
		if (d->listener.fd == -1 || d->shut == door_shut(s, d))
			continue;
		d->shut = !d->shut;
		e.events = d->shut ? 0 : EPOLLIN;
		e.data.ptr = &d->watch;
		(void)epoll_ctl(s->epoll, EPOLL_CTL_MOD, d->listener.fd, &e);
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
		c->last_look = s->now_ms >= c->until_ms || s->draining;
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

/* Is it the address of the door that follows, where there is one more? */
static bool
door_is(const struct server *s, size_t *i, const char *address)
{
	if (address == NULL)
		return true;
	return *i < s->ndoors &&
	    strcmp(s->door[(*i)++].listener.address, address) == 0;
}

/* Doors are opened at the start alone; those that came with the process stand for
 * listen, whatever it says. */
static void
doors_compare(struct server *s)
{
	const struct service_policy *v = &s->session->policy->service;
	bool inherited = s->ndoors > 0 && s->door[0].listener.inherited, same = true;
	size_t i = 0, n;

	while (i < s->ndoors && s->door[i].listener.inherited)
		i++;
	for (n = 0; n < v->nlisten && !inherited && same; n++)
		same = door_is(s, &i, v->listen[n]);
	if (!same || !door_is(s, &i, v->status_listen) || i < s->ndoors)
		server_notice(s, "serve: the policy has other addresses to listen "
		    "on: they are taken at the next start");
}

/* Follows the policy that was applied to the store, by whomever. */
static void
policy_follow(struct server *s)
{
	const struct policy *before = s->session->policy;
	struct error err = { 0 };
	struct keyring *ring;
	enum status st;

	if ((st = store_begin_read(s->session->store, &err)) == STATUS_OK) {
		if ((st = session_refresh(s->session, &err)) == STATUS_OK)
			gateway_prompts_follow(s);
		store_end_read(s->session->store);
	}
	if (st != STATUS_OK) {
		server_notice(s, "serve: the policy in force: %s", err.text);
		return;
	}
	if (s->session->policy == before)
		return;
	s->judge_waits = judge_waits(s->session->policy);
	if (s->judge_waits)
		judges_grow(s->judges, JUDGES_WAITING);
	server_notice(s, "serve: policy %.*s is in force", POLICY_SHORT,
	    s->session->policy->id);
	doors_compare(s);
	if (upstreams_load(s->upstreams, s->session->policy, &err) !=
	    STATUS_OK) {
		server_notice(s, "serve: %s; tokens of upstreams stay as they "
		    "were", err.text);
		error_clear(&err);
	}
	if (keyring_new(&ring, s->session->policy, &err) != STATUS_OK) {
		server_notice(s, "serve: %s; the keys stay as they were",
		    err.text);
		return;
	}
	keyring_free(s->keyring);
	s->keyring = ring;
}

static void ready_probe(struct server *);

static enum call_next
ready_probed(struct server *s, struct call *c)
{
	s->ready = c->st == STATUS_OK;
	s->ready_ms = s->now_ms;
	s->probing = false;
	s->probe_pause_ms = s->ready ? PROBE_MS : s->probe_pause_ms * 2;
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
	struct call *c = s->probing || s->draining ? NULL :
	    call_new(&s->spare);

	if (c == NULL)
		return;
	s->probing = true;
	c->poll = s->ready_asked;
	s->ready_asked = false;
	s->inflight++;
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
	if (s->now_ms - s->ticked_ms < TICK_MS)
		return;
	s->ticked_ms = s->now_ms;
	conn_tick(s);
	if (store_in_place(s->session->store, &s->lost) != STATUS_OK)
		return;
	policy_follow(s);
	if (s->now_ms >= s->probe_ms)
		ready_probe(s);
}

static void
server_turn(struct server *s)
{
	struct epoll_event e[EVENTS];
	struct watch *w;
	int i, n, timeout = s->again != NULL || s->hurry ? 0 :
	    s->waiting != NULL || s->full_ms != 0 ? LOOK_MS : TICK_MS;

	n = epoll_wait(s->epoll, e, EVENTS, gateways_timeout(s, timeout));
	s->now_ms = server_ns() / 1000000;
	for (i = 0; i < n; i++) {
		w = e[i].data.ptr;
		w->ready(s, w, e[i].events);
	}
	gateways_tick(s);
	if (s->now_ms - s->full_ms >= LOOK_MS)
		s->full_ms = 0;
	conn_again(s);
	gateways_ask(s);
	conn_again(s);		/* what came of it at once */
	if (s->waiting != NULL && (s->hurry ||
	    s->now_ms - s->looked_ms >= LOOK_MS))
		store_look(s);
	server_tick(s);
	doors_watch(s);
	conn_sweep(s);
}

static enum status
watch_add(struct server *s, struct watch *w, struct error *err)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = w };

	if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, w->fd, &e) != 0)
		return error_set(err, STATUS_IO, "epoll: %s", strerror(errno));
	return STATUS_OK;
}

static enum status
door_open(struct server *s, const char *address, bool status, struct error *err)
{
	struct door *d = &s->door[s->ndoors];
	enum status st;

	if (s->ndoors == LISTENERS_MAX)
		return error_set(err, STATUS_LIMIT, "more than %d addresses to "
		    "listen on", LISTENERS_MAX);
	if ((st = listener_open(&d->listener, address, err)) != STATUS_OK)
		return st;
	s->ndoors++;
	d->status = status;
	d->watch = (struct watch){ d->listener.fd, door_ready };
	server_notice(s, "serve: listening on %s%s", address,
	    status ? ", for status alone" : "");
	return watch_add(s, &d->watch, err);
}

/* Sockets that came with the process are the ones of `listen`, in order. */
static enum status
doors_inherit(struct server *s, int n, struct error *err)
{
	enum status st = STATUS_OK;
	struct door *d;
	int i;

	for (i = 0; i < n && i < LISTENERS_MAX && st == STATUS_OK; i++) {
		d = &s->door[s->ndoors++];
		d->listener = (struct listener){ .fd = 3 + i,
		    .address = "inherited", .inherited = true };
		d->watch = (struct watch){ 3 + i, door_ready };
		st = watch_add(s, &d->watch, err);
	}
	server_notice(s, "serve: listening on %d socket%s that came with the "
	    "process", n, n == 1 ? "" : "s");
	return st;
}

static enum status
doors_open(struct server *s, struct error *err)
{
	const struct service_policy *v = &s->session->policy->service;
	int inherited = listener_inherited();
	enum status st = STATUS_OK;
	size_t i;

	if (inherited > 0)
		st = doors_inherit(s, inherited, err);
	else
		for (i = 0; i < v->nlisten && st == STATUS_OK; i++)
			st = door_open(s, v->listen[i], false, err);
	if (st == STATUS_OK && v->status_listen != NULL)
		st = door_open(s, v->status_listen, true, err);
	return st;
}

/* Another process may have the socket too, so that closing it does not end the watch. */
static void
door_close(struct server *s, struct door *d)
{
	if (d->listener.fd != -1)
		(void)epoll_ctl(s->epoll, EPOLL_CTL_DEL, d->listener.fd, NULL);
	listener_close(&d->listener);
}

/* A connection takes a descriptor: as many as the system gives. */
static void
descriptors_get(struct server *s)
{
	struct rlimit r = { 0, 0 };
	const rlim_t wanted = CONNECTIONS_MAX + DESCRIPTORS_OWN;

	s->conns_max = CONNECTIONS_MAX;
	if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur >= wanted)
		return;
	r.rlim_cur = r.rlim_max < wanted ? r.rlim_max : wanted;
	if (setrlimit(RLIMIT_NOFILE, &r) != 0 &&
	    getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	if (r.rlim_cur < wanted)
		s->conns_max = r.rlim_cur > 2 * DESCRIPTORS_OWN ?
		    (size_t)r.rlim_cur - DESCRIPTORS_OWN : DESCRIPTORS_OWN;
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
	if ((s->upstreams = upstreams_new()) == NULL ||
	    (s->budgets = budgets_new()) == NULL ||
	    (s->prompts = gateway_prompts_new()) == NULL)
		return error_nomem(err);
	gateway_prompts_follow(s);
	if ((st = upstreams_load(s->upstreams, s->session->policy, err)) !=
	    STATUS_OK ||
	    (st = http_calls_new(&s->http, err)) != STATUS_OK)
		return st;
	http_calls_each(s->http, http_each, s);
	s->http_watch = (struct watch){ http_calls_fd(s->http), http_ready };
	return watch_add(s, &s->http_watch, err);
}

/* The threads beside the loop. */
static enum status
threads_begin(struct server *s, const struct serve_options *o, struct error *err)
{
	struct committer_options wo = { o->writes, &s->done, o->notice };
	struct deliver_options d = { o->delivers, o->hangups, o->notice };
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	enum status st;

	if ((st = judges_new(&s->judges, s->judge_waits ? JUDGES_WAITING :
	    (unsigned)cores, store_key(o->reads->store), &s->halted, &s->done,
	    err)) != STATUS_OK ||
	    (st = committer_new(&s->committer, &wo, err)) != STATUS_OK ||
	    (st = counter_new(&s->counter, o->counts, err)) != STATUS_OK)
		return st;
	return deliver_new(&s->deliver, &d, err);
}

static enum status
server_begin(struct server *s, const struct serve_options *o, struct error *err)
{
	enum status st;

	descriptors_get(s);
	s->session = o->reads;
	s->writes = o->writes->store;
	s->notice = o->notice;
	s->limits = (struct http_limits){ 16384, HTTP_FIELDS_MAX, 8192,
	    s->session->policy->service.body_max };
	s->probe_pause_ms = PROBE_MS;
	s->ready = true;
	s->ready_ms = s->now_ms;
	s->bench.o = (struct judge_options){
		.key = store_key(o->reads->store), .stop = &s->halted };
	s->judge_waits = judge_waits(s->session->policy);
	if ((s->input = malloc(INPUT_BYTES)) == NULL)
		return error_nomem(err);
	if ((s->epoll = epoll_create1(EPOLL_CLOEXEC)) == -1)
		return error_set(err, STATUS_IO, "epoll: %s", strerror(errno));
	if ((st = keyring_new(&s->keyring, s->session->policy, err)) !=
	    STATUS_OK ||
	    (st = release_end(s->session->store, &s->feed_end, err)) !=
	    STATUS_OK || (st = gateways_begin(s, err)) != STATUS_OK ||
	    (st = mailbox_init(&s->done, true, err)) != STATUS_OK)
		return st;
	s->done_watch = (struct watch){ s->done.fd, done_ready };
	if ((st = watch_add(s, &s->done_watch, err)) != STATUS_OK ||
	    (st = threads_begin(s, o, err)) != STATUS_OK)
		return st;
	return doors_open(s, err);
}

/* Answers that no store has taken up to now. */
static size_t
answers_unstored(const struct server *s)
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

static void
server_free(struct server *s, size_t *unstored)
{
	struct error err = { 0 };
	struct conn *c;
	size_t i;

	for (i = 0; i < s->ndoors; i++)
		listener_close(&s->door[i].listener);
	s->halted = 1;
	/* What comes back last is not sent on to who is gone. */
	judges_free(s->judges);
	s->judges = NULL;
	done_ready(s, &s->done_watch, 0);
	deliver_free(s->deliver);
	counter_free(s->counter);
	committer_free(s->committer);
	s->committer = NULL;
	done_ready(s, &s->done_watch, 0);
	*unstored = answers_unstored(s);
	if (s->budgets != NULL && budgets_return(s->budgets, s->writes, &err) !=
	    STATUS_OK)
		server_notice(s, "serve: what keys may have left counts as spent: "
		    "%s", err.text);
	s->draining = true;
	waiting_look(s, false);
	while ((c = s->conns) != NULL)
		conn_close(c);
	conn_again(s);
	conn_sweep(s);
	answers_drop(s);
	arena_release(&s->look);
	doubted_release(&s->doubted);
	http_calls_free(s->http);
	upstreams_free(s->upstreams);
	budgets_free(s->budgets);
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
	free(s->input);
	free(s);
}

/* What is under way is answered.  Our own doors stay open meanwhile: who comes is told
 * that the service is stopping, as /readyz is asked to.  Sockets that came with the
 * process are for the next one. */
static void
server_drain(struct server *s)
{
	const struct gateway_call *g;
	int64_t until = s->now_ms + DRAIN_MS;
	size_t i;

	/* What a gateway has begun has its own time. */
	for (g = s->gateways; g != NULL; g = g->next)
		if (g->deadline_ms + STORE_LAST_MS > until)
			until = g->deadline_ms + STORE_LAST_MS;
	s->draining = true;
	for (i = 0; i < s->ndoors; i++)
		if (s->door[i].listener.inherited)
			door_close(s, &s->door[i]);
	waiting_look(s, false);
	s->ticked_ms = 0;
	/* Those whose clients have left are still to be stored. */
	while ((s->nconns + s->nstatus > s->nlate || s->gateways != NULL) &&
	    s->now_ms < until)
		server_turn(s);
}

/* What a group of calls frees the next one takes: it is not given back and asked
 * for again each time. */
static void
memory_keep(void)
{
#ifdef M_TRIM_THRESHOLD
	(void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
	(void)mallopt(M_TOP_PAD, TAKEN_BYTES);
#endif
}

enum status
serve_run(const struct serve_options *o, size_t *unstored, struct error *err)
{
	struct server *s = calloc(1, sizeof(*s));
	int hangups = *o->hangups;
	enum status st;

	*unstored = 0;
	if (s == NULL)
		return error_nomem(err);
	memory_keep();
	s->epoll = -1;
	s->now_ms = server_ns() / 1000000;
	if ((st = server_begin(s, o, err)) == STATUS_OK) {
		while (!*o->stop && s->lost.code == STATUS_OK) {
			server_turn(s);
			if (hangups == *o->hangups)
				continue;
			hangups = *o->hangups;
			o->reload(o->arg);
		}
		server_notice(s, "serve: stopping");
		server_drain(s);
		if (s->lost.code != STATUS_OK)
			st = error_set(err, s->lost.code, "%s", s->lost.text);
	}
	server_free(s, unstored);
	return st;
}
