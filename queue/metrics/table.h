/*
 * Every metric there is, one row each: what /metrics and `handrail metrics` print, and
 * what the alert rules and the dashboard ask for, is named here alone.
 */
#ifndef QUEUE_METRICS_TABLE_H
#define QUEUE_METRICS_TABLE_H

enum metric {
	/* Of the service, counted since it began. */
	METRIC_REQUESTS, METRIC_SECONDS, METRIC_CONNECTIONS, METRIC_INFLIGHT,
	METRIC_WAITING, METRIC_LOG_QUEUE, METRIC_COMMITS, METRIC_STORED,
	METRIC_FAILURES, METRIC_JUDGED, METRIC_REFUSED, METRIC_READY,
	/* Of its gateways. */
	METRIC_CALLS, METRIC_OVERHEAD, METRIC_FIRST_TOKEN, METRIC_CALL_SECONDS,
	METRIC_RETRIES, METRIC_BREAKER, METRIC_UPSTREAM, METRIC_CALL_TOKENS,
	METRIC_CALL_COST,
	/* Of the store. */
	METRIC_ITEMS, METRIC_REVIEW, METRIC_OLDEST, METRIC_OVERDUE, METRIC_ROUTED,
	METRIC_DECISIONS, METRIC_REVIEW_SECONDS, METRIC_FINDINGS, METRIC_TOKENS,
	METRIC_COST, METRIC_LATENCY, METRIC_DELIVERIES, METRIC_DELIVERY_FAILURES,
	METRIC_DELIVERIES_WAITING, METRIC_DELIVERY_OLDEST, METRIC_HOOK_PAUSED,
	METRIC_KEY_TOKENS, METRIC_KEY_TOKENS_LIMIT, METRIC_KEY_USD,
	METRIC_KEY_USD_LIMIT,
	METRICS
};
#define METRICS_OF_STORE	METRIC_ITEMS	/* this one and those behind it */

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

struct metric_row {
	const char	*name;		/* of a counter without _total */
	enum metric_type type;
	const char	*help;
	const char	*labels;	/* "queue state": beside a histogram's le */
	const double	*bounds;	/* of a histogram; the last is HUGE_VAL */
};
extern const struct metric_row metric_rows[METRICS];

#define METRIC_BUCKETS_MAX	12

#endif
