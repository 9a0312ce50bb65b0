#include "queue/metrics/rules.h"

#include "queue/metrics/ask.h"

/* Thresholds are for a beginning: whoever runs it knows better ones. */
static const struct rule_row {
	const char	*name;
	struct metric_ask	 ask;
	const char	*lasting, *severity;
	const char	*says;		/* $labels and $value are Prometheus' */
} rules[] = {
	{ "HandrailNotReady", { "@ == 0", { METRIC_READY } }, "1m", "critical",
	    "The store cannot be written to: calls get 503." },
	{ "HandrailNotStored", { "increase(@[5m]) > 0", { METRIC_FAILURES } },
	    "0m", "critical", "{{ $value }} calls could not be stored." },
	{ "HandrailErrors", { "sum(rate(@{code=\"5xx\"}[5m])) / sum(rate(@[5m])) "
	    "> 0.05", { METRIC_REQUESTS, METRIC_REQUESTS } }, "10m", "warning",
	    "{{ $value | humanizePercentage }} of requests get 5xx." },
	{ "HandrailSlow", { "histogram_quantile(0.99, sum by (le) "
	    "(rate(@_bucket{path=\"/v1/check\"}[5m]))) > 1",
	    { METRIC_SECONDS } }, "10m", "warning",
	    "One check in a hundred takes {{ $value | humanizeDuration }}." },
	{ "HandrailLogQueue", { "@ > 1000", { METRIC_LOG_QUEUE } }, "2m",
	    "warning", "{{ $value }} calls wait to be stored." },
	{ "HandrailOverdue", { "@ > 0", { METRIC_OVERDUE } }, "15m", "warning",
	    "Queue {{ $labels.queue }}: {{ $value }} items are past their "
	    "time." },
	{ "HandrailOldItem", { "@ > 86400", { METRIC_OLDEST } }, "10m",
	    "warning", "Queue {{ $labels.queue }}: an item has waited for "
	    "{{ $value | humanizeDuration }}." },
	{ "HandrailOverrides", { "sum by (queue) (increase(@{decision=~\"edit|"
	    "reject\"}[1h])) / sum by (queue) (increase(@{decision=~\"accept|edit|"
	    "reject\"}[1h])) > 0.5 and sum by (queue) (increase(@[1h])) > 20",
	    { METRIC_DECISIONS, METRIC_DECISIONS, METRIC_DECISIONS } }, "30m",
	    "warning", "Queue {{ $labels.queue }}: people change or reject "
	    "{{ $value | humanizePercentage }} of what they see." },
	{ "HandrailHookPaused", { "@ == 1", { METRIC_HOOK_PAUSED } }, "1m",
	    "critical", "Hook {{ $labels.hook }} answered 410 and is paused: "
	    "handrail hook resume {{ $labels.hook }}" },
	{ "HandrailHookBehind", { "@ > 900", { METRIC_DELIVERY_OLDEST } }, "5m",
	    "warning", "Hook {{ $labels.hook }}: a release has waited for "
	    "{{ $value | humanizeDuration }}." },
	{ "HandrailBudgetTokens", { "@ / @ > 0.9", { METRIC_KEY_TOKENS,
	    METRIC_KEY_TOKENS_LIMIT } }, "0m", "warning", "Key "
	    "{{ $labels.key }} has spent {{ $value | humanizePercentage }} of "
	    "its tokens of today." },
	{ "HandrailBudgetUSD", { "@ / @ > 0.9", { METRIC_KEY_USD,
	    METRIC_KEY_USD_LIMIT } }, "0m", "warning", "Key "
	    "{{ $labels.key }} has spent {{ $value | humanizePercentage }} of "
	    "its USD of this month." },
	{ "HandrailBreakerOpen", { "@ == 1", { METRIC_BREAKER } }, "5m",
	    "warning", "Upstream {{ $labels.upstream }} keeps failing and is "
	    "not asked." }
};

/* Between single quotes, of which the text has none. */
void
metrics_rules(struct buf *b)
{
	const struct rule_row *r;
	size_t i;

	buf_puts(b, "groups:\n  - name: handrail\n    rules:\n");
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		r = &rules[i];
		buf_printf(b, "      - alert: %s\n        expr: '", r->name);
		ask_write(b, &r->ask);
		buf_printf(b, "'\n        for: %s\n        labels:\n"
		    "          severity: %s\n        annotations:\n"
		    "          summary: '%s'\n", r->lasting, r->severity,
		    r->says);
	}
}
