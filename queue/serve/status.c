/* What probes, scrapers and autoscalers ask: /healthz, /readyz, /v1/queues and
 * /metrics. */
#include "core/base/text.h"
#include "core/json/write.h"
#include "queue/review/list.h"
#include "queue/serve/committer.h"
#include "queue/serve/counter.h"
#include "queue/serve/endpoint.h"
#include "queue/serve/server.h"
#include "queue/serve/upstreams.h"

#define READY_MS	5000	/* an answer of the store is good for so long */

enum call_next
health_get(struct server *s, struct call *c)
{
	(void)s;
	c->status = 200;
	c->type = "text/plain; charset=utf-8";
	buf_puts(&c->out, "ok\n");
	return CALL_ANSWERED;
}

static bool
service_ready(const struct service *v, int64_t now_ms)
{
	return v->ready && !v->draining && now_ms - v->ready_ms < READY_MS &&
	    committer_failing(v->committer) == STATUS_OK;
}

/* What was written before it was asked for is as good, for a while. */
static enum call_next
ready_look(struct server *s, struct call *c)
{
	const struct service *v = s->service;
	bool written = committer_wrote_ms(v->committer) > c->after - READY_MS;

	if (v->draining)
		return call_fail(c, 503, "stopping", "the service is stopping");
	if (!service_ready(v, s->now_ms) || (!written && c->last_look))
		return call_fail(c, 503, "store_error",
		    "the store cannot be written to now");
	if (!written)
		return CALL_WAIT;
	c->status = 200;
	c->type = "text/plain; charset=utf-8";
	buf_puts(&c->out, "ready\n");
	return CALL_ANSWERED;
}

enum call_next
ready_get(struct server *s, struct call *c)
{
	enum call_next next;

	c->after = s->now_ms;
	c->until_ms = s->now_ms + READY_MS;
	c->poll = true;
	c->then = ready_look;
	if ((next = ready_look(s, c)) == CALL_WAIT)
		server_probe(s);
	return next;
}

/* Seconds since the oldest flagged item came in; 0 where there is none. */
static int64_t
oldest_s(struct server *s, const struct list_counts *n)
{
	return n->oldest_ms < 0 ? 0 :
	    (store_now_ms(s->session->store) - n->oldest_ms) / 1000;
}

static void
queue_json(struct writer *w, const char *name, const struct list_counts *n,
    int64_t oldest)
{
	struct buf raw = BUF_INIT;

	text_json(&raw, slice_of(name));
	write_name(w, buf_slice(&raw));
	write_object(w, NULL);
	write_int(w, "flagged", n->flagged + n->review);
	write_int(w, "escalated", n->escalated);
	write_int(w, "oldest_s", oldest);
	write_end(w);
	buf_release(&raw);
}

enum call_next
queues_get(struct server *s, struct call *c)
{
	const struct policy *p = s->session->policy;
	struct writer w = WRITER(&c->out, WRITE_SHOWN);
	struct list_counts n;
	enum status st;
	size_t i;

	write_object(&w, NULL);
	write_object(&w, "queues");
	for (i = 0; i < p->nqueues; i++) {
		const char *name = p->queues[i].name;

		if (!call_may_queue(c, slice_of(name)))
			continue;
		st = list_counts_get(s->session, name, &n, &c->err);
		if (st != STATUS_OK)
			return call_fail_status(c, st, &c->err);
		queue_json(&w, name, &n, oldest_s(s, &n));
	}
	write_end(&w);
	write_end(&w);
	write_line(&w);
	c->status = 200;
	return CALL_ANSWERED;
}

static void
upstream_look(void *arg, const char *name, bool open, size_t in_flight)
{
	struct series *series = arg;

	series_set(series, METRIC_BREAKER, open, name);
	series_set(series, METRIC_UPSTREAM, (double)in_flight, name);
}

/* What all loops have counted. */
static void
loops_sum(const struct service *v, struct series *series, uint64_t routes[3],
    uint64_t *refused)
{
	struct metrics *m;
	unsigned i;
	size_t r;

	for (i = 0; i < v->nloops; i++) {
		m = &v->loop[i]->metrics;
		(void)pthread_mutex_lock(&m->lock);
		series_merge(series, &m->series);
		(void)pthread_mutex_unlock(&m->lock);
		*refused += m->refused;
		for (r = 0; r < 3; r++)
			routes[r] += m->routes[r];
	}
}

/* What is as it is now. */
static void
service_set(const struct service *v, struct series *series, int64_t now_ms)
{
	struct committer_counts w = committer_counts(v->committer);
	const struct {
		enum metric	metric;
		double		value;
	} rows[] = {
		{ METRIC_CONNECTIONS, (double)(service_connections(v, false) +
		    service_connections(v, true)) },
		{ METRIC_INFLIGHT, (double)v->inflight },
		{ METRIC_WAITING, (double)v->waiting },
		{ METRIC_LOG_QUEUE, (double)committer_waiting(v->committer) },
		{ METRIC_COMMITS, (double)w.commits },
		{ METRIC_STORED, (double)w.items },
		{ METRIC_FAILURES, (double)w.failures },
		{ METRIC_READY, service_ready(v, now_ms) }
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		series_set(series, rows[i].metric, rows[i].value);
	upstreams_each(v->upstreams, now_ms, upstream_look, series);
}

static void
metrics_service(struct buf *b, struct server *s, bool open)
{
	struct series series = { .failed = false };
	uint64_t routes[3] = { 0 }, refused = 0;
	size_t i;

	loops_sum(s->service, &series, routes, &refused);
	series_set(&series, METRIC_REFUSED, (double)refused);
	for (i = 0; i < 3; i++)
		series_set(&series, METRIC_JUDGED, (double)routes[i],
		    route_name((enum route)i));
	service_set(s->service, &series, s->now_ms);
	series_print(b, &series, (enum metric)0, METRICS_OF_STORE, open);
	series_release(&series);
}

enum call_next
metrics_get(struct server *s, struct call *c)
{
	enum status st;

	metrics_service(&c->out, s, c->open_metrics);
	st = counter_print(s->service->counter, &c->out, s->session, c->open_metrics,
	    &c->err);
	if (st != STATUS_OK)
		return call_fail_status(c, st, &c->err);
	if (c->open_metrics)
		buf_puts(&c->out, "# EOF\n");
	c->status = 200;
	c->type = c->open_metrics ? "application/openmetrics-text; "
	    "version=1.0.0; charset=utf-8" :
	    "text/plain; version=0.0.4; charset=utf-8";
	return CALL_ANSWERED;
}
