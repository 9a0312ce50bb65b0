#include "queue/serve/metrics.h"

#include <math.h>

#include "queue/serve/attempt.h"
#include "queue/serve/endpoint.h"
#include "queue/serve/gateway.h"

static const char *
endpoint_name(const struct call *c)
{
	return c->endpoint == NULL ? "other" : c->endpoint->path;
}

void
metrics_call(struct metrics *m, const struct metrics_call *c)
{
	struct series *s = &m->series;
	const char *model = c->model == NULL ? "none" : c->model;

	series_add(s, METRIC_CALLS, 1, c->gateway, model, c->outcome);
	series_observe(s, METRIC_CALL_SECONDS, (double)c->took_ns / 1e9,
	    c->gateway);
	if (c->model_ns >= 0)
		series_observe(s, METRIC_OVERHEAD,
		    (double)(c->took_ns - c->model_ns) / 1e9, c->gateway);
	if (c->first_ns >= 0)
		series_observe(s, METRIC_FIRST_TOKEN, (double)c->first_ns / 1e9,
		    model);
	series_add(s, METRIC_RETRIES, c->attempts > 1 ? c->attempts - 1 : 0,
	    c->gateway);
}

static const char *
gateway_outcome(const struct gateway_call *g, const struct call *c)
{
	const struct attempt *last = g->nattempts == 0 ? NULL :
	    &g->attempt[g->nattempts - 1];

	if (g->refusal != NULL)
		return "refused";
	if (last != NULL && strcmp(last->state, "left") == 0)
		return "left";
	if (last == NULL || strcmp(last->state, "answered") != 0)
		return "failed";
	/* What could not be logged was not given out. */
	return c->status == 503 ? "failed" : route_name(g->route);
}

/* Each is paid for, whatever became of it. */
static void
attempt_count(struct series *s, const struct attempt *a)
{
	const char *model = a->model->name;
	double usd = attempt_usd(a);

	if (a->usage.input > 0)
		series_add(s, METRIC_CALL_TOKENS, (double)a->usage.input, model,
		    "input");
	if (a->usage.output > 0)
		series_add(s, METRIC_CALL_TOKENS, (double)a->usage.output,
		    model, "output");
	if (!isnan(usd))
		series_add(s, METRIC_CALL_COST, usd, model);
}

/* A call of a gateway is answered. */
static void
gateway_count(struct metrics *m, const struct call *c, int64_t took_ns)
{
	const struct gateway_call *g = c->gateway;
	struct metrics_call n = { .gateway = g->gateway->name,
	    .outcome = gateway_outcome(g, c), .attempts = (unsigned)g->nattempts,
	    .took_ns = took_ns, .first_ns = -1 };
	const struct attempt *a;
	size_t i;

	for (i = 0; i < g->nattempts; i++) {
		a = &g->attempt[i];
		n.model = a->model->name;
		attempt_count(&m->series, a);
		if (a->ended_ms > 0)
			n.model_ns += (a->ended_ms - a->asked_ms) * 1000000;
		if (a->first_ms > 0)
			n.first_ns = (a->first_ms - a->asked_ms) * 1000000;
	}
	/* A person's time is nobody's overhead. */
	if (g->gateway->on_flag == GATEWAY_WAIT && g->route != ROUTE_APPROVE)
		n.model_ns = -1;
	metrics_call(m, &n);
}

void
metrics_answer(struct metrics *m, const struct call *c, int64_t now_ns)
{
	static const char *const classes[] = { "other", "1xx", "2xx", "3xx",
	    "4xx", "5xx" };

	if (c->begun_ns == 0)		/* the service's own */
		return;
	(void)pthread_mutex_lock(&m->lock);
	series_add(&m->series, METRIC_REQUESTS, 1, endpoint_name(c),
	    classes[c->status / 100 % 6]);
	series_observe(&m->series, METRIC_SECONDS,
	    (double)(now_ns - c->begun_ns) / 1e9, endpoint_name(c));
	/* One that names no gateway is none of any. */
	if (c->gateway != NULL && c->gateway->gateway != NULL)
		gateway_count(m, c, now_ns - c->begun_ns);
	(void)pthread_mutex_unlock(&m->lock);
}

void
metrics_init(struct metrics *m)
{
	(void)pthread_mutex_init(&m->lock, NULL);
}

void
metrics_release(struct metrics *m)
{
	series_release(&m->series);
	(void)pthread_mutex_destroy(&m->lock);
}
