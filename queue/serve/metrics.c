#include "queue/serve/metrics.h"

#include <math.h>

static const double bounds[LATENCY_BUCKETS] = {
	0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, HUGE_VAL
};

const struct metric_row metric_rows[METRICS] = {
	[METRIC_REQUESTS] = { "handrail_requests", "counter",
	    "Requests answered, by endpoint and class of status." },
	[METRIC_SECONDS] = { "handrail_request_seconds", "histogram",
	    "Time from a request's head to its answer." },
	[METRIC_CONNECTIONS] = { "handrail_connections", "gauge",
	    "Connections open." },
	[METRIC_INFLIGHT] = { "handrail_inflight", "gauge",
	    "Calls under way." },
	[METRIC_WAITING] = { "handrail_waiting", "gauge",
	    "Calls that wait for a release." },
	[METRIC_LOG_QUEUE] = { "handrail_log_queue", "gauge",
	    "Calls that wait to be stored." },
	[METRIC_COMMITS] = { "handrail_commits", "counter",
	    "Transactions that the service committed." },
	[METRIC_STORED] = { "handrail_stored_items", "counter",
	    "Items that the service was given and stored or knew." },
	[METRIC_FAILURES] = { "handrail_store_failures", "counter",
	    "Calls that could not be stored." },
	[METRIC_JUDGED] = { "handrail_judged", "counter",
	    "Records judged, by route." },
	[METRIC_REFUSED] = { "handrail_refused_records", "counter",
	    "Records refused." },
	[METRIC_ITEMS] = { "handrail_items", "gauge",
	    "Items in the store, by queue and state." },
	[METRIC_OLDEST] = { "handrail_oldest_flagged_seconds", "gauge",
	    "Age of the oldest flagged item, by queue." },
	[METRIC_READY] = { "handrail_ready", "gauge",
	    "1 while the store can be written to." }
};

void
metrics_answer(struct metrics *m, const struct call *c, int64_t now_ns)
{
	size_t at = c->endpoint == NULL ? ENDPOINTS_MAX :
	    (size_t)(c->endpoint - endpoints), i = 0;
	struct endpoint_counts *e = &m->endpoint[at];
	double s = (double)(now_ns - c->begun_ns) / 1e9;

	if (c->begun_ns == 0)		/* the service's own */
		return;
	e->answers[c->status / 100 % 6]++;
	e->seconds += s;
	while (s > bounds[i])
		i++;
	e->latency[i]++;
}

void
metric_head(struct buf *b, enum metric m, bool open_metrics)
{
	const struct metric_row *r = &metric_rows[m];
	const char *total = r->type[0] == 'c' && !open_metrics ? "_total" : "";

	buf_printf(b, "# HELP %s%s %s\n# TYPE %s%s %s\n", r->name, total,
	    r->help, r->name, total, r->type);
}

void
metric_sample(struct buf *b, enum metric m, const char *suffix,
    const char *labels, double v)
{
	const struct metric_row *r = &metric_rows[m];

	buf_printf(b, "%s%s%s %.15g\n", r->name, r->type[0] == 'c' ? "_total" :
	    suffix, labels, v);
}

void
metric_label(struct buf *b, const char *name, struct slice value)
{
	size_t i;

	if (b->n > 0 && b->p[b->n - 1] == '}')
		b->p[b->n - 1] = ',';
	else
		buf_putc(b, '{');
	buf_printf(b, "%s=\"", name);
	for (i = 0; i < value.n; i++) {
		if (value.p[i] == '\n') {
			buf_puts(b, "\\n");
			continue;
		}
		if (value.p[i] == '"' || value.p[i] == '\\')
			buf_putc(b, '\\');
		buf_putc(b, value.p[i]);
	}
	buf_puts(b, "\"}");
}

static struct slice
endpoint_name(size_t i)
{
	return i == ENDPOINTS_MAX ? SLICE("other") :
	    slice_of(endpoints[i].path);
}

/* An endpoint that somebody asked for; some paths have two, by method. */
static bool
is_counted(const struct metrics *m, size_t i)
{
	uint64_t n = 0;
	size_t k;

	for (k = 0; k < 6; k++)
		n += m->endpoint[i].answers[k];
	return n > 0;
}

static void
requests(struct buf *b, const struct metrics *m, size_t i)
{
	static const char *const classes[] = { "", "1xx", "2xx", "3xx", "4xx",
	    "5xx" };
	struct buf labels = BUF_INIT;
	size_t k;

	for (k = 1; k < 6; k++) {
		if (m->endpoint[i].answers[k] == 0)
			continue;
		buf_clear(&labels);
		metric_label(&labels, "path", endpoint_name(i));
		metric_label(&labels, "code", slice_of(classes[k]));
		metric_sample(b, METRIC_REQUESTS, "", buf_str(&labels),
		    (double)m->endpoint[i].answers[k]);
	}
	buf_release(&labels);
}

static void
seconds(struct buf *b, const struct metrics *m, size_t i)
{
	const struct endpoint_counts *e = &m->endpoint[i];
	struct buf labels = BUF_INIT, le = BUF_INIT;
	uint64_t n = 0;
	size_t k;

	for (k = 0; k < LATENCY_BUCKETS; k++) {
		n += e->latency[k];
		buf_clear(&le);
		if (k + 1 == LATENCY_BUCKETS)
			buf_puts(&le, "+Inf");
		else
			buf_printf(&le, "%g", bounds[k]);
		buf_clear(&labels);
		metric_label(&labels, "path", endpoint_name(i));
		metric_label(&labels, "le", buf_slice(&le));
		metric_sample(b, METRIC_SECONDS, "_bucket", buf_str(&labels),
		    (double)n);
	}
	buf_clear(&labels);
	metric_label(&labels, "path", endpoint_name(i));
	metric_sample(b, METRIC_SECONDS, "_sum", buf_str(&labels), e->seconds);
	metric_sample(b, METRIC_SECONDS, "_count", buf_str(&labels), (double)n);
	buf_release(&labels);
	buf_release(&le);
}

void
metrics_requests(struct buf *b, const struct metrics *m, bool open_metrics)
{
	size_t i;

	metric_head(b, METRIC_REQUESTS, open_metrics);
	for (i = 0; i <= ENDPOINTS_MAX; i++)
		requests(b, m, i);
	metric_head(b, METRIC_SECONDS, open_metrics);
	for (i = 0; i <= ENDPOINTS_MAX; i++)
		if (is_counted(m, i))
			seconds(b, m, i);
}
