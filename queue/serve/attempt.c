#include "queue/serve/attempt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "core/wire/request_write.h"
#include "queue/serve/calls.h"
#include "queue/serve/committer.h"
#include "queue/serve/outcome.h"
#include "queue/serve/reply.h"
#include "queue/serve/window.h"
#include "queue/serve/server.h"

#define PAUSE_MS	100	/* before the same model again; doubled each time */
#define COOL_MS		1000	/* after a 429 that does not say how long */
#define COOL_MOST_S	86400	/* whatever a 429 says */
#define TOKENS_MOST	((int64_t)1 << 40)	/* of a usage; more is no number of them */
#define LINGER_MS	1000	/* for the end of what is whole already */
#define EVENT_MAX	ANSWER_MAX
#define BODY_BESIDE	128	/* bytes that a request gains, mostly */
#define LOG_MOST	1024	/* calls that wait to be stored, with log = after */

static int64_t
since_1970_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct attempt *
attempt_last(struct gateway_call *g)
{
	return &g->attempt[g->nattempts - 1];
}

/* The tick looks at it then. */
static enum call_next
wait_until(struct server *s, struct gateway_call *g, int64_t due_ms)
{
	g->due_ms = due_ms > g->deadline_ms ? g->deadline_ms : due_ms;
	if (s->gateway_due_ms == 0 || g->due_ms < s->gateway_due_ms)
		s->gateway_due_ms = g->due_ms;
	return CALL_UPSTREAM;
}

double
attempt_usd(const struct attempt *a)
{
	const struct model *m = a->model;

	if (m->in_usd < 0 || m->out_usd < 0 || a->usage.input < 0 ||
	    a->usage.output < 0)
		return NAN;
	return ((double)a->usage.input * m->in_usd +
	    (double)a->usage.output * m->out_usd) / 1e6;
}

/* Where the service said none, a count that is near. */
static void
usage_estimate(struct gateway_call *g, struct attempt *a)
{
	const struct wire_text *t;
	size_t i, n, bytes = 0;

	if (a->usage.input >= 0 && a->usage.output >= 0)
		return;
	t = g->stream == NULL ? NULL : wire_stream_texts(g->stream, &n);
	for (i = 0; t != NULL && i < n; i++)
		bytes += t[i].text.n;
	if (a->usage.input < 0)
		a->usage.input = (int64_t)(g->request.body.n + 3) / 4;
	if (a->usage.output < 0)
		a->usage.output = (int64_t)(bytes + 3) / 4;
	a->usage.estimated = true;
}

/* What it took counts, whether the answer was of use or not. */
static void
attempt_charge(struct gateway_call *g, struct attempt *a)
{
	double usd;

	usage_estimate(g, a);
	usd = attempt_usd(a);
	g->charged_tokens += a->usage.input + a->usage.output;
	g->charged_usd += isnan(usd) ? 0 : usd;
}

/* No place is left, and others may have come: they look. */
static void
place_left(struct server *s, struct gateway_call *g, enum upstream_end end)
{
	if (g->upstream == NULL)
		return;
	upstream_left(s->service->upstreams, g->upstream, end, s->now_ms);
	g->upstream = NULL;
	service_place_left(s->service);
}

static void
got_head(void *arg, int status, int64_t retry_after_s, struct slice type)
{
	static const char events[] = "text/event-stream";
	struct gateway_call *g = arg;
	struct attempt *a = attempt_last(g);

	a->status = status;
	a->retry_after_s = retry_after_s > COOL_MOST_S ? COOL_MOST_S :
	    retry_after_s;
	g->is_stream = status / 100 == 2 && type.n >= sizeof(events) - 1 &&
	    strncasecmp(type.p, events, sizeof(events) - 1) == 0;
}

static bool
got_events(struct gateway_call *g, struct slice in)
{
	struct attempt *a = attempt_last(g);
	struct error ignored = { 0 };
	struct sse_event event;
	size_t n;

	while (g->outcome == WIRE_MORE && in.n > 0) {
		switch (sse_read(&g->sse, &in, &event)) {
		case SSE_MORE:
			return window_flow(g->server, g);
		case SSE_EVENT:
			g->outcome = wire_stream_event(g->stream, &event,
			    &ignored);
			if ((g->outcome == WIRE_MORE || g->outcome == WIRE_DONE) &&
			    window_event(g, &event, &ignored) != STATUS_OK)
				g->outcome = WIRE_NO_MEMORY;
			break;
		case SSE_TOO_LONG:
			g->outcome = WIRE_TOO_LONG;
			break;
		case SSE_NO_MEMORY:
			g->outcome = WIRE_NO_MEMORY;
			break;
		}
		if (a->first_ms == 0 &&
		    (wire_stream_texts(g->stream, &n), n > 0))
			a->first_ms = server_ns() / 1000000;
	}
	if (g->outcome == WIRE_DONE || g->outcome == WIRE_ERROR) {
		(void)wait_until(g->server, g, g->server->now_ms + LINGER_MS);
		return true;		/* its end is near */
	}
	return g->outcome == WIRE_MORE && window_flow(g->server, g);
}

static bool
got_data(void *arg, struct slice piece)
{
	struct gateway_call *g = arg;

	if (g->is_stream)
		return got_events(g, piece);
	if (g->answer.n + piece.n > ANSWER_MAX) {
		g->outcome = WIRE_TOO_LONG;
		return false;
	}
	buf_add_slice(&g->answer, piece);
	return !g->answer.failed;
}

static enum attempt_fault
fault_of_status(int status)
{
	return status == 429 ? ATTEMPT_LIMITED :
	    status == 408 || status >= 500 ? ATTEMPT_SERVER : ATTEMPT_REFUSED;
}

static enum attempt_fault
fault_of_outcome(enum wire_outcome o)
{
	return o == WIRE_DONE ? ATTEMPT_WELL : o == WIRE_ERROR ?
	    ATTEMPT_ERROR : ATTEMPT_BROKEN;
}

/* How the attempt came out, once nothing more comes. */
static enum attempt_fault
fault_find(struct gateway_call *g, enum status st, const struct error *why)
{
	struct attempt *a = attempt_last(g);
	struct error ignored = { 0 };

	if (g->cut)			/* by us: what came is judged */
		return ATTEMPT_WELL;
	if (g->is_stream && g->outcome != WIRE_MORE)
		return fault_of_outcome(g->outcome);
	if (st != STATUS_OK)
		return strcmp(why->text, "no answer in time") == 0 ?
		    ATTEMPT_TIMEOUT : a->status == 0 ? ATTEMPT_CONNECT :
		    ATTEMPT_BROKEN;
	if (a->status / 100 != 2)
		return fault_of_status(a->status);
	if (g->is_stream)
		return ATTEMPT_BROKEN;
	g->outcome = wire_stream_whole(g->stream, buf_slice(&g->answer),
	    &ignored);
	return fault_of_outcome(g->outcome);
}

/* The answer in its non-stream shape, and what it says it took. */
static void
answer_gather(struct gateway_call *g, struct attempt *a)
{
	struct error ignored = { 0 };

	a->usage = *wire_stream_usage(g->stream);
	if (a->usage.input > TOKENS_MOST)
		a->usage.input = -1;
	if (a->usage.output > TOKENS_MOST)
		a->usage.output = -1;
	if (a->usage.cached > TOKENS_MOST)
		a->usage.cached = -1;
	if (a->usage.reasoning > TOKENS_MOST)
		a->usage.reasoning = -1;
	if (!g->is_stream)
		return;
	buf_clear(&g->answer);
	if (wire_stream_response(g->stream, &g->answer, &ignored) != STATUS_OK)
		buf_clear(&g->answer);
}

static bool
is_retried(enum attempt_fault f)
{
	return f != ATTEMPT_WELL && f != ATTEMPT_REFUSED && f != ATTEMPT_LEFT;
}

/* What the attempt says of its service. */
static enum upstream_end
upstream_end(const struct gateway_call *g, const struct attempt *a)
{
	const struct attempt *b;

	if (a->fault == ATTEMPT_WELL)
		return UPSTREAM_WELL;
	if (!is_retried(a->fault) || a->fault == ATTEMPT_LIMITED)
		return UPSTREAM_NEITHER;
	for (b = g->attempt; b < a; b++)
		if (strcmp(b->model->upstream->name, a->model->upstream->name) ==
		    0 && is_retried(b->fault) && b->fault != ATTEMPT_LIMITED)
			return UPSTREAM_AGAIN;
	return UPSTREAM_FAILED;
}

/* A failure that is the service's, or of its address, token or name in the policy: with
 * 400, 413 and 422 it is the request's, of which nothing is told. */
static void
fault_tell(struct server *s, const struct gateway_call *g, const struct attempt *a,
    enum status st, const struct error *why)
{
	const bool refused = a->fault == ATTEMPT_REFUSED && a->status != 400 &&
	    a->status != 413 && a->status != 422;
	char status[64] = "";

	if (g->upstream == NULL || (!refused && (!is_retried(a->fault) ||
	    a->fault == ATTEMPT_LIMITED)) ||
	    !upstream_tells(s->service->upstreams, g->upstream, s->now_ms))
		return;
	if (a->status != 0)
		(void)snprintf(status, sizeof(status), ", status %d%s", a->status,
		    a->status / 100 == 3 ? ": no redirect is followed" : "");
	service_notice(s->service, "serve: upstream \"%s\", model \"%s\": %s%s%s%s",
	    a->model->upstream->name, a->model->name,
	    calls_fault_name(a->fault), status,
	    st == STATUS_OK || a->fault == ATTEMPT_TIMEOUT ? "" : ": ",
	    st == STATUS_OK || a->fault == ATTEMPT_TIMEOUT ? "" : why->text);
}

static enum call_next attempt_try(struct server *, struct gateway_call *);

/* The model again, or another one, if that may be; else the client is told. */
static enum call_next
attempt_failed(struct server *s, struct gateway_call *g)
{
	struct attempt *a = attempt_last(g);
	int64_t pause = PAUSE_MS << (g->retries < 6 ? g->retries : 6);
	int64_t cool = (a->retry_after_s > 0 ? a->retry_after_s * 1000 :
	    COOL_MS);

	a->state = "failed";
	if (g->sent)
		return reply_broken(s, g);
	if (a->fault == ATTEMPT_LIMITED)
		upstream_cool(s->service->upstreams, a->model,
		    s->now_ms + cool);
	if (!is_retried(a->fault) || g->retries >= g->gateway->retries ||
	    s->now_ms >= g->deadline_ms || g->nattempts == g->attempts_most ||
	    !upstreams_retry(s->service->upstreams))
		return reply_failed(s, g);
	g->retries++;
	g->from = (g->at + 1) % g->gateway->nmodels;
	if (g->gateway->nmodels > 1)
		return attempt_try(s, g);
	if (a->fault == ATTEMPT_LIMITED)
		pause = cool;
	else
		pause = pause / 2 + (int64_t)((uint64_t)server_ns() % (uint64_t)pause) / 2;
	if (s->now_ms + pause >= g->deadline_ms)
		return reply_failed(s, g);
	return wait_until(s, g, s->now_ms + pause);
}

static enum call_next
attempt_ended(struct server *s, struct gateway_call *g, enum status st,
    const struct error *why)
{
	struct attempt *a = attempt_last(g);

	g->http = NULL;
	g->due_ms = 0;
	a->ended_ms = server_ns() / 1000000;
	if (a->fault == ATTEMPT_WELL)
		a->fault = fault_find(g, st, why);
	fault_tell(s, g, a, st, why);
	place_left(s, g, upstream_end(g, a));
	if (a->status / 100 == 2)
		answer_gather(g, a);
	if (a->fault == ATTEMPT_WELL && a->first_ms == 0)
		a->first_ms = a->ended_ms;
	if (a->status / 100 == 2 || a->fault == ATTEMPT_TIMEOUT)
		attempt_charge(g, a);
	return a->fault == ATTEMPT_WELL ? outcome_judge(s, g) :
	    attempt_failed(s, g);
}

static void
got_end(void *arg, enum status st, const struct error *why)
{
	struct gateway_call *g = arg;

	server_next(g->server, g->call, attempt_ended(g->server, g, st, why));
}

static const char *
path_of(enum wire_api api)
{
	static const char *const paths[] = {
		[WIRE_CHAT] = "/chat/completions", [WIRE_RESPONSES] = "/responses",
		[WIRE_MESSAGES] = "/messages"
	};

	return paths[api];
}

/* The request as this model gets it. */
static enum status
body_make(struct gateway_call *g, const struct model *m, struct error *err)
{
	struct wire_change change = {
		.model = slice_of(m->upstream_name),
		.max_tokens = g->max_tokens,
		.stream = g->request.stream,
		.texts = g->placeholders.n > 0 ? g->replaced : NULL,
		.logprobs = g->gateway->wants_logprobs
	};
	enum status st;

	buf_clear(&g->body);
	bufs_take(&g->server->spare.bufs, &g->body);
	(void)buf_reserve(&g->body, g->request.body.n + BODY_BESIDE);
	st = wire_request_write(&g->body, &g->request, &change, err);
	return st == STATUS_OK ? buf_check(&g->body, err) : st;
}

void
attempt_stream_end(struct gateway_call *g)
{
	struct server *s = g->server;

	if (g->stream == NULL)
		return;
	if (s->nstreams < STREAMS_SPARE) {
		wire_stream_reset(g->stream, g->api);
		s->stream[s->nstreams++] = g->stream;
	} else {
		wire_stream_free(g->stream);
	}
	g->stream = NULL;
}

static enum status
gather_begin(struct gateway_call *g, struct error *err)
{
	struct server *s = g->server;

	attempt_stream_end(g);
	sse_release(&g->sse);
	sse_init(&g->sse, EVENT_MAX);
	buf_clear(&g->answer);
	bufs_take(&s->spare.bufs, &g->answer);
	g->outcome = WIRE_MORE;
	g->is_stream = false;
	if (s->nstreams > 0) {
		g->stream = s->stream[--s->nstreams];
		wire_stream_reset(g->stream, g->api);
	} else {
		g->stream = wire_stream_new(g->api, ANSWER_MAX);
	}
	return g->stream == NULL ? error_nomem(err) : window_begin(g, err);
}

static const char *
header_line(struct arena *a, const char *name, struct slice value)
{
	return arena_printf(a, "%s: %.*s", name, SLICE_ARG(value)).p;
}

/* What goes along with the body; false: no memory. */
static bool
headers_make(const struct gateway_call *g, const char **to)
{
	struct call *c = g->call;
	size_t i, n = 0;

	to[n++] = "Content-Type: application/json";
	to[n] = upstream_token(g->server->service->upstreams, g->upstream,
	    g->attempt[g->nattempts - 1].model->upstream);
	n += to[n] != NULL;
	if (g->api == WIRE_MESSAGES)
		to[n++] = header_line(&c->arena, "anthropic-version",
		    c->anthropic_version.p != NULL ? c->anthropic_version :
		    SLICE("2023-06-01"));
	if (g->api == WIRE_MESSAGES && c->anthropic_beta.p != NULL)
		to[n++] = header_line(&c->arena, "anthropic-beta",
		    c->anthropic_beta);
	for (i = 0; i < n; i++)
		if (to[i] == NULL)
			return false;
	return true;
}

static const char *
url_make(struct arena *a, struct slice base, struct slice path)
{
	char *url = arena_alloc(a, base.n + path.n + 1);

	if (url == NULL)
		return NULL;
	memcpy(url, base.p, base.n);
	memcpy(url + base.n, path.p, path.n);
	url[base.n + path.n] = '\0';
	return url;
}

static enum status
attempt_ask(struct server *s, struct gateway_call *g, struct error *err)
{
	struct attempt *a = attempt_last(g);
	struct call *c = g->call;
	const struct upstream *u = a->model->upstream;
	struct http_call_request r = { .proxy = u->proxy, .head = got_head,
	    .data = got_data, .end = got_end, .arg = g,
	    .timeout_ms = g->deadline_ms - s->now_ms };
	enum status st;

	if ((st = body_make(g, a->model, err)) != STATUS_OK ||
	    (st = gather_begin(g, err)) != STATUS_OK)
		return st;
	r.url = url_make(&c->arena, slice_of(u->url), slice_of(path_of(g->api)));
	if (r.url == NULL || !headers_make(g, r.headers))
		return error_nomem(err);
	r.body = buf_slice(&g->body);
	a->asked_ms = s->now_ms;
	if (r.timeout_ms < 1)
		r.timeout_ms = 1;
	return http_calls_start(s->http, &r, &g->http, err);
}

static enum call_next
attempt_go(struct server *s, struct call *c, enum status st)
{
	struct gateway_call *g = c->gateway;

	if (st == STATUS_OK && c->conn == NULL)
		return attempt_left(s, g);
	/* Its time went by while the store took its row: no service is to blame. */
	if (st == STATUS_OK && s->now_ms >= g->deadline_ms) {
		attempt_last(g)->fault = ATTEMPT_TIMEOUT;
		place_left(s, g, UPSTREAM_NEITHER);
		return attempt_failed(s, g);
	}
	if (st == STATUS_OK)
		st = attempt_ask(s, g, &c->err);
	if (st == STATUS_OK)
		return CALL_UPSTREAM;
	place_left(s, g, UPSTREAM_NEITHER);
	(void)call_fail_status(c, st, &c->err);
	if (g->nattempts == 1 || g->attempt[g->nattempts - 1].stored)
		return CALL_ANSWERED;
	/* Of those before it the end is not written yet. */
	g->nattempts--;
	g->answered = true;
	c->nitems = 0;
	return outcome_store(s, g);
}

/* Its row is on the disk: now it is asked. */
static enum call_next
attempt_stored(struct server *s, struct call *c)
{
	if (c->st == STATUS_OK)
		calls_stored(c->gateway);
	return attempt_go(s, c, c->st);
}

/* Is it asked before its row is stored?  Where the log is behind, calls wait for it. */
static bool
is_asked_first(struct server *s, struct gateway_call *g)
{
	return g->call->policy->service.log == LOG_AFTER &&
	    committer_waiting(s->service->committer) < LOG_MOST &&
	    (g->reserved.allowed || g->reserve_stored ||
	    budget_allow(s->service->budgets, g->call->key, &g->reserved));
}

static void
full_set(struct gateway_call *g, bool full)
{
	g->server->service->full += (size_t)full - (size_t)g->full;
	g->full = full;
}

static enum call_next
attempt_new(struct server *s, struct gateway_call *g, size_t at)
{
	struct call *c = g->call;
	enum status st = committer_failing(s->service->committer);

	g->at = at;
	full_set(g, false);
	g->attempt[g->nattempts++] = (struct attempt){
		.model = g->gateway->models[at], .state = "asked",
		.at_ms = since_1970_ms(), .usage = WIRE_USAGE_NONE,
		.retry_after_s = -1
	};
	/* Nothing is asked that could not be logged. */
	if (st != STATUS_OK || is_asked_first(s, g))
		return attempt_go(s, c, st);
	c->write = calls_add;
	c->then = attempt_stored;
	return CALL_STORE;
}

/* Waits for a place, unless as many wait as may be under way. */
static enum call_next
place_wait(struct server *s, struct gateway_call *g, uint64_t most)
{
	if (s->service->full - g->full >= most)
		return reply_error(g, 503, "overloaded", "as many calls as may "
		    "be are under way at the model's service; try again");
	full_set(g, true);
	return wait_until(s, g, g->deadline_ms);
}

/* What was found of the models that could be asked. */
struct models_look {
	size_t	at;		/* the one that is asked */
	size_t	full;		/* one without a place; SIZE_MAX: none */
	int64_t	least_ms;	/* when the first of the others can be asked again */
	bool	cooling;	/* one of them said 429 */
};

/* Enters the first one, from g->from on, that can be asked now; false: none can. */
static bool
models_look(struct server *s, struct gateway_call *g, struct models_look *l)
{
	const struct gateway *p = g->gateway;
	int64_t until;
	size_t i;

	*l = (struct models_look){ .full = SIZE_MAX, .least_ms = INT64_MAX };
	for (i = 0; i < p->nmodels; i++) {
		l->at = (g->from + i) % p->nmodels;
		switch (upstream_enter(s->service->upstreams, p->models[l->at],
		    s->now_ms, &g->upstream, &until)) {
		case UPSTREAM_FREE:
			return true;
		case UPSTREAM_FULL:
			l->full = l->at;
			break;
		case UPSTREAM_COOLING:
			l->cooling = true;
			/* FALLTHROUGH */
		case UPSTREAM_OPEN:
			if (until < l->least_ms)
				l->least_ms = until;
			break;
		}
	}
	return false;
}

static enum call_next
attempt_try(struct server *s, struct gateway_call *g)
{
	struct models_look l;

	if (models_look(s, g, &l))
		return attempt_new(s, g, l.at);
	if (l.full == SIZE_MAX)
		return reply_unavailable(s, g, l.cooling, l.least_ms);
	/* Another loop may have left one just now: who leaves the next sees this. */
	s->places_wanted = true;
	if (models_look(s, g, &l))
		return attempt_new(s, g, l.at);
	if (l.full == SIZE_MAX)
		return reply_unavailable(s, g, l.cooling, l.least_ms);
	return place_wait(s, g, g->gateway->models[l.full]->upstream->in_flight);
}

enum call_next
attempt_begin(struct server *s, struct gateway_call *g)
{
	/* Each model once, and the retries. */
	g->attempts_most = g->gateway->nmodels + g->gateway->retries;
	if (g->attempts_most > ATTEMPTS_MAX)
		g->attempts_most = ATTEMPTS_MAX;
	g->attempt = arena_alloc(&g->call->arena, g->attempts_most *
	    sizeof(*g->attempt));
	if (g->attempt == NULL)
		return call_fail_status(g->call, STATUS_NOMEM, NULL);
	upstreams_count(s->service->upstreams);
	return attempt_try(s, g);
}

enum call_next
attempt_unusable(struct server *s, struct gateway_call *g)
{
	attempt_last(g)->fault = ATTEMPT_BROKEN;
	return attempt_failed(s, g);
}

enum call_next
attempt_due(struct server *s, struct gateway_call *g)
{
	static const struct error none = { STATUS_OK, "" };

	if (g->http != NULL) {		/* whole, but its end did not come */
		http_call_cancel(g->http);
		return attempt_ended(s, g, STATUS_OK, &none);
	}
	if (g->storing)
		return outcome_store(s, g);
	if (s->now_ms >= g->deadline_ms)
		return reply_error(g, 504, "deadline", "no model answered "
		    "within the gateway's deadline");
	return attempt_try(s, g);
}

enum call_next
attempt_left(struct server *s, struct gateway_call *g)
{
	struct attempt *a;

	if (g->http != NULL)
		http_call_cancel(g->http);
	g->http = NULL;
	g->due_ms = 0;
	place_left(s, g, UPSTREAM_NEITHER);
	if (g->nattempts == 0)
		return reply_error(g, 499, "left", "the client left");
	a = attempt_last(g);
	if (a->ended_ms == 0) {
		a->fault = ATTEMPT_LEFT;
		a->ended_ms = server_ns() / 1000000;
		if (g->stream != NULL && a->asked_ms != 0) {
			answer_gather(g, a);
			attempt_charge(g, a);
		}
	}
	return outcome_judge(s, g);
}

bool
attempt_can_escalate(const struct gateway_call *g)
{
	return g->at + 1 < g->gateway->nmodels && g->nattempts < g->attempts_most;
}

enum call_next
attempt_escalate(struct server *s, struct gateway_call *g)
{
	attempt_last(g)->state = "next";
	g->from = g->at + 1;
	return attempt_try(s, g);
}
