#include "queue/metrics/table.h"

#include <math.h>

/* Seconds.  Those of models are also in db/queries.sql, METRICS_LATENCY, and those of
 * reviewers in METRICS_REVIEWS. */
static const double of_requests[] = {
	0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, HUGE_VAL
};
static const double of_overhead[] = {
	0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, HUGE_VAL
};
static const double of_models[] = {
	0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, HUGE_VAL
};
static const double of_reviewers[] = {
	5, 15, 30, 60, 120, 300, 600, 1800, 3600, HUGE_VAL
};

#define COUNTER(name, labels, help) \
	{ "handrail_" name, METRIC_COUNTER, help, labels, 0 }
#define GAUGE(name, labels, help) \
	{ "handrail_" name, METRIC_GAUGE, help, labels, 0 }
#define HISTOGRAM(name, labels, bounds, help) \
	{ "handrail_" name, METRIC_HISTOGRAM, help, labels, bounds }

const struct metric_row metric_rows[METRICS] = {
	[METRIC_REQUESTS] = COUNTER("requests", "path code",
	    "Requests answered, by endpoint and class of status."),
	[METRIC_SECONDS] = HISTOGRAM("request_seconds", "path", of_requests,
	    "Time from a request's head to its answer."),
	[METRIC_CONNECTIONS] = GAUGE("connections", "", "Connections open."),
	[METRIC_INFLIGHT] = GAUGE("inflight", "", "Calls under way."),
	[METRIC_WAITING] = GAUGE("waiting", "",
	    "Calls that wait for a release."),
	[METRIC_LOG_QUEUE] = GAUGE("log_queue", "",
	    "Calls that wait to be stored."),
	[METRIC_COMMITS] = COUNTER("commits", "",
	    "Transactions that the service committed."),
	[METRIC_STORED] = COUNTER("stored_items", "",
	    "Items that the service was given and stored or knew."),
	[METRIC_FAILURES] = COUNTER("store_failures", "",
	    "Calls that could not be stored."),
	[METRIC_JUDGED] = COUNTER("judged", "route",
	    "Records judged, by route."),
	[METRIC_REFUSED] = COUNTER("refused_records", "", "Records refused."),
	[METRIC_READY] = GAUGE("ready", "",
	    "1 while the store can be written to."),

	[METRIC_CALLS] = COUNTER("calls", "gateway model outcome",
	    "Calls of gateways, by the model asked last and what came of it."),
	[METRIC_OVERHEAD] = HISTOGRAM("overhead_seconds", "gateway", of_overhead,
	    "Time of a gateway's call that was not spent on the model."),
	[METRIC_FIRST_TOKEN] = HISTOGRAM("first_token_seconds", "model",
	    of_models, "Time from asking a model to its first token."),
	[METRIC_CALL_SECONDS] = HISTOGRAM("call_seconds", "gateway", of_models,
	    "Time of a gateway's call."),
	[METRIC_RETRIES] = COUNTER("retries", "gateway",
	    "Attempts of gateways beyond each call's first."),
	[METRIC_BREAKER] = GAUGE("breaker_open", "upstream",
	    "1 while an upstream is not asked, since it kept failing."),
	[METRIC_UPSTREAM] = GAUGE("upstream_inflight", "upstream",
	    "Attempts under way at an upstream."),
	[METRIC_CALL_TOKENS] = COUNTER("call_tokens", "model kind",
	    "Tokens that attempts of gateways took."),
	[METRIC_CALL_COST] = COUNTER("call_cost_usd", "model",
	    "Cost of attempts of gateways."),

	[METRIC_ITEMS] = GAUGE("items", "queue state",
	    "Items in the store, by queue and state."),
	[METRIC_REVIEW] = GAUGE("review_items", "queue",
	    "Items that wait for a person, by queue: flagged, or approved and "
	    "drawn for review."),
	[METRIC_OLDEST] = GAUGE("oldest_flagged_seconds", "queue",
	    "Age of the oldest flagged item, by queue."),
	[METRIC_OVERDUE] = GAUGE("overdue_items", "queue",
	    "Flagged items past their time, by queue; 1000 stands for more."),
	[METRIC_ROUTED] = COUNTER("routed_items", "queue route",
	    "Items taken in, by queue and route."),
	[METRIC_DECISIONS] = COUNTER("decisions", "queue decision",
	    "Decisions of people, by queue."),
	[METRIC_REVIEW_SECONDS] = HISTOGRAM("review_seconds", "queue",
	    of_reviewers, "Time from claiming an item to deciding on it."),
	[METRIC_FINDINGS] = COUNTER("findings", "guard severity",
	    "Findings of guards."),
	[METRIC_TOKENS] = COUNTER("tokens", "model prompt kind",
	    "Tokens of items taken in, by the policy's model and labelled prompt."),
	[METRIC_COST] = COUNTER("cost_usd", "model prompt",
	    "Cost of items taken in, by the policy's model and labelled prompt."),
	[METRIC_LATENCY] = HISTOGRAM("model_latency_seconds", "model", of_models,
	    "Latency of items taken in, by the policy's model."),
	[METRIC_DELIVERIES] = COUNTER("deliveries", "hook",
	    "Releases that a hook has taken."),
	[METRIC_DELIVERY_FAILURES] = COUNTER("delivery_failures", "hook",
	    "Tries to deliver that failed."),
	[METRIC_DELIVERIES_WAITING] = GAUGE("deliveries_waiting", "hook",
	    "Releases that wait for a hook."),
	[METRIC_DELIVERY_OLDEST] = GAUGE("delivery_oldest_seconds", "hook",
	    "Age of the oldest release that waits for a hook."),
	[METRIC_HOOK_PAUSED] = GAUGE("hook_paused", "hook",
	    "1 while a hook is paused, since it answered 410."),
	[METRIC_KEY_TOKENS] = GAUGE("key_tokens", "key",
	    "Tokens that a key has spent today, of UTC, or set aside."),
	[METRIC_KEY_TOKENS_LIMIT] = GAUGE("key_tokens_limit", "key",
	    "Tokens that a key may spend a day."),
	[METRIC_KEY_USD] = GAUGE("key_usd", "key",
	    "USD that a key has spent this month, of UTC, or set aside."),
	[METRIC_KEY_USD_LIMIT] = GAUGE("key_usd_limit", "key",
	    "USD that a key may spend a month.")
};
