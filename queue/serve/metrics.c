#include "queue/serve/metrics.h"

#include "queue/serve/endpoint.h"

static const char *
endpoint_name(const struct call *c)
{
	return c->endpoint == NULL ? "other" : c->endpoint->path;
}

void
metrics_answer(struct metrics *m, const struct call *c, int64_t now_ns)
{
	static const char *const classes[] = { "other", "1xx", "2xx", "3xx",
	    "4xx", "5xx" };

	if (c->begun_ns == 0)		/* the service's own */
		return;
	series_add(&m->series, METRIC_REQUESTS, 1, endpoint_name(c),
	    classes[c->status / 100 % 6]);
	series_observe(&m->series, METRIC_SECONDS,
	    (double)(now_ns - c->begun_ns) / 1e9, endpoint_name(c));
}

void
metrics_call(struct metrics *m, const struct metrics_call *c)
{
	struct series *s = &m->series;
	const char *model = c->model == NULL ? "none" : c->model;

	series_add(s, METRIC_CALLS, 1, c->gateway, model, c->outcome);
	series_observe(s, METRIC_CALL_SECONDS, (double)c->took_ns / 1e9,
	    c->gateway);
	series_observe(s, METRIC_OVERHEAD,
	    (double)(c->took_ns - c->model_ns) / 1e9, c->gateway);
	if (c->first_ns >= 0)
		series_observe(s, METRIC_FIRST_TOKEN, (double)c->first_ns / 1e9,
		    model);
	series_add(s, METRIC_RETRIES, c->attempts > 1 ? c->attempts - 1 : 0,
	    c->gateway);
}

void
metrics_breaker(struct metrics *m, const char *upstream, bool open)
{
	series_set(&m->series, METRIC_BREAKER, open, upstream);
}

void
metrics_release(struct metrics *m)
{
	series_release(&m->series);
	stored_metrics_release(&m->stored);
}
