/* What probes, scrapers and autoscalers ask: /healthz, /readyz, /v1/queues and
 * /metrics. */
#include "core/base/text.h"
#include "core/json/write.h"
#include "queue/review/list.h"
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
server_ready(const struct server *s)
{
	return s->ready && !s->draining && s->now_ms - s->ready_ms < READY_MS &&
	    committer_failing(s->committer) == STATUS_OK;
}

/* What was written before it was asked for is as good, for a while. */
static enum call_next
ready_look(struct server *s, struct call *c)
{
	bool written = committer_wrote_ms(s->committer) > c->after - READY_MS;

	if (s->draining)
		return call_fail(c, 503, "stopping", "the service is stopping");
	if (!server_ready(s) || (!written && c->last_look))
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

static size_t
waiting_count(const struct server *s)
{
	const struct call *c;
	size_t n = 0;

	for (c = s->waiting; c != NULL; c = c->next)
		n += !c->endpoint->status;
	return n;
}

static void
upstream_look(void *arg, const char *name, bool open, size_t in_flight)
{
	metrics_upstream(arg, name, open, in_flight);
}

/* What is as it is now, beside what was counted. */
static void
metrics_service(struct buf *b, struct server *s, bool open)
{
	struct committer_counts w = committer_counts(s->committer);
	struct series *series = &s->metrics.series;
	const struct {
		enum metric	metric;
		double		value;
	} rows[] = {
		{ METRIC_CONNECTIONS, (double)(s->nconns + s->nstatus) },
		{ METRIC_INFLIGHT, (double)s->inflight },
		{ METRIC_WAITING, (double)waiting_count(s) },
		{ METRIC_LOG_QUEUE, (double)committer_waiting(s->committer) },
		{ METRIC_COMMITS, (double)w.commits },
		{ METRIC_STORED, (double)w.items },
		{ METRIC_FAILURES, (double)w.failures },
		{ METRIC_REFUSED, (double)s->metrics.refused },
		{ METRIC_READY, server_ready(s) }
	};
	size_t i;

	series_clear(series, METRIC_BREAKER);
	series_clear(series, METRIC_UPSTREAM);
	upstreams_each(s->upstreams, s->now_ms, upstream_look, &s->metrics);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		series_set(series, rows[i].metric, rows[i].value);
	for (i = 0; i < 3; i++)
		series_set(series, METRIC_JUDGED, (double)s->metrics.routes[i],
		    route_name((enum route)i));
	series_print(b, series, (enum metric)0, METRICS_OF_STORE, open);
}

enum call_next
metrics_get(struct server *s, struct call *c)
{
	enum status st;

	metrics_service(&c->out, s, c->open_metrics);
	st = counter_print(s->counter, &c->out, s->session, c->open_metrics,
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
