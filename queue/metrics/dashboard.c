#include "queue/metrics/dashboard.h"

#include "core/json/write.h"
#include "queue/metrics/ask.h"

#define TARGETS		3
#define COLUMNS		24	/* of Grafana's grid */
#define WIDTH		8
#define HEIGHT		8
#define OF_QUEUES	"{queue=~\"$queue\"}"
#define INTERVAL	"[$__rate_interval]"

struct chart {
	const char	*title, *unit;
	struct {
		struct metric_ask	 ask;	/* expr NULL: no more */
		const char	*legend;
	}		 target[TARGETS];
};

#define PERCENTILE(p, by, metric) \
	{ { "histogram_quantile(" p ", sum by (le" by ") (rate(@_bucket" \
	    INTERVAL ")))", { metric } }, "p" p }

static const struct chart queues[] = {
	{ "Items that wait", "short", { { { "sum by (queue) (@" OF_QUEUES ")",
	    { METRIC_REVIEW } }, "{{queue}}" } } },
	{ "Age of the oldest", "s", { { { "max by (queue) (@" OF_QUEUES ")",
	    { METRIC_OLDEST } }, "{{queue}}" } } },
	{ "Past their time", "short", { { { "sum by (queue) (@" OF_QUEUES ")",
	    { METRIC_OVERDUE } }, "{{queue}}" } } },
	{ "Routes", "cps", { { { "sum by (route) (rate(@" OF_QUEUES INTERVAL
	    "))", { METRIC_ROUTED } }, "{{route}}" } } },
	{ "Decisions", "cps", { { { "sum by (decision) (rate(@" OF_QUEUES
	    INTERVAL "))", { METRIC_DECISIONS } }, "{{decision}}" } } },
	{ "Override rate, of an hour", "percentunit", { { { "sum by (queue) "
	    "(increase(@{decision=~\"edit|reject\",queue=~\"$queue\"}[1h])) / "
	    "sum by (queue) (increase(@{decision=~\"accept|edit|reject\","
	    "queue=~\"$queue\"}[1h]))",
	    { METRIC_DECISIONS, METRIC_DECISIONS } }, "{{queue}}" } } },
	{ "Review time", "s", {
	    PERCENTILE("0.5", "", METRIC_REVIEW_SECONDS),
	    PERCENTILE("0.95", "", METRIC_REVIEW_SECONDS) } },
	{ "Findings by guard", "cps", { { { "sum by (guard) (rate(@" INTERVAL
	    "))", { METRIC_FINDINGS } }, "{{guard}}" } } },
	{ "Items by state", "short", { { { "sum by (state) (@" OF_QUEUES ")",
	    { METRIC_ITEMS } }, "{{state}}" } } }
};
static const struct chart models[] = {
	{ "Tokens by model", "cps", { { { "sum by (model, kind) (rate(@" INTERVAL
	    "))", { METRIC_TOKENS } }, "items: {{model}} {{kind}}" },
	    { { "sum by (model, kind) (rate(@" INTERVAL "))",
	    { METRIC_CALL_TOKENS } }, "calls: {{model}} {{kind}}" } } },
	{ "Cost by model, of an hour", "currencyUSD", { { { "sum by (model) "
	    "(increase(@[1h]))", { METRIC_COST } }, "items: {{model}}" },
	    { { "sum by (model) (increase(@[1h]))", { METRIC_CALL_COST } },
	    "calls: {{model}}" } } },
	{ "Tokens by prompt", "cps", { { { "sum by (prompt, kind) (rate(@"
	    INTERVAL "))", { METRIC_TOKENS } }, "{{prompt}} {{kind}}" } } },
	{ "Cost by prompt, of an hour", "currencyUSD", { { { "sum by (prompt) "
	    "(increase(@[1h]))", { METRIC_COST } }, "{{prompt}}" } } },
	{ "Latency of models", "s", {
	    PERCENTILE("0.5", "", METRIC_LATENCY),
	    PERCENTILE("0.95", "", METRIC_LATENCY),
	    PERCENTILE("0.99", "", METRIC_LATENCY) } },
	{ "Calls of gateways", "cps", { { { "sum by (gateway, outcome) (rate(@"
	    INTERVAL "))", { METRIC_CALLS } }, "{{gateway}} {{outcome}}" } } },
	{ "First token", "s", {
	    PERCENTILE("0.5", "", METRIC_FIRST_TOKEN),
	    PERCENTILE("0.95", "", METRIC_FIRST_TOKEN) } },
	{ "Overhead of gateways", "s", {
	    PERCENTILE("0.5", "", METRIC_OVERHEAD),
	    PERCENTILE("0.99", "", METRIC_OVERHEAD) } },
	{ "Calls of gateways, time", "s", {
	    PERCENTILE("0.5", "", METRIC_CALL_SECONDS),
	    PERCENTILE("0.95", "", METRIC_CALL_SECONDS) } },
	{ "Retries", "cps", { { { "sum by (gateway) (rate(@" INTERVAL "))",
	    { METRIC_RETRIES } }, "{{gateway}}" } } },
	{ "Budgets spent", "percentunit", { { { "@ / @", { METRIC_KEY_TOKENS,
	    METRIC_KEY_TOKENS_LIMIT } }, "{{key}} tokens, of the day" },
	    { { "@ / @", { METRIC_KEY_USD, METRIC_KEY_USD_LIMIT } },
	    "{{key}} USD, of the month" } } },
	{ "Breakers open", "short", { { { "@", { METRIC_BREAKER } },
	    "{{upstream}}" } } }
};
static const struct chart service[] = {
	{ "Requests", "reqps", { { { "sum by (path, code) (rate(@" INTERVAL "))",
	    { METRIC_REQUESTS } }, "{{path}} {{code}}" } } },
	{ "Latency of requests", "s", {
	    PERCENTILE("0.5", "", METRIC_SECONDS),
	    PERCENTILE("0.95", "", METRIC_SECONDS),
	    PERCENTILE("0.99", "", METRIC_SECONDS) } },
	{ "Connections and calls", "short", {
	    { { "@", { METRIC_CONNECTIONS } }, "connections" },
	    { { "@", { METRIC_INFLIGHT } }, "under way" },
	    { { "@", { METRIC_WAITING } }, "waiting for a person" } } },
	{ "Judged", "cps", {
	    { { "sum by (route) (rate(@" INTERVAL "))", { METRIC_JUDGED } },
	    "{{route}}" },
	    { { "rate(@" INTERVAL ")", { METRIC_REFUSED } }, "refused" } } },
	{ "Stored", "cps", {
	    { { "rate(@" INTERVAL ")", { METRIC_STORED } }, "items" },
	    { { "rate(@" INTERVAL ")", { METRIC_COMMITS } }, "commits" },
	    { { "rate(@" INTERVAL ")", { METRIC_FAILURES } }, "failures" } } },
	{ "Ready, and the log's queue", "short", {
	    { { "@", { METRIC_READY } }, "ready" },
	    { { "@", { METRIC_LOG_QUEUE } }, "waiting to be stored" } } },
	{ "Deliveries", "cps", {
	    { { "sum by (hook) (rate(@" INTERVAL "))", { METRIC_DELIVERIES } },
	    "{{hook}} taken" },
	    { { "sum by (hook) (rate(@" INTERVAL "))",
	    { METRIC_DELIVERY_FAILURES } }, "{{hook}} failed" } } },
	{ "Waiting for hooks", "short", {
	    { { "@", { METRIC_DELIVERIES_WAITING } }, "{{hook}}" },
	    { { "@", { METRIC_HOOK_PAUSED } }, "{{hook}} paused" } } },
	{ "Oldest delivery", "s", { { { "@", { METRIC_DELIVERY_OLDEST } },
	    "{{hook}}" } } }
};

static const struct dashboard_row {
	const char	*title;
	const struct chart *panels;
	size_t		 n;
} rows[] = {
	{ "Queues and people", queues, sizeof(queues) / sizeof(queues[0]) },
	{ "Models", models, sizeof(models) / sizeof(models[0]) },
	{ "Service and webhooks", service,
	    sizeof(service) / sizeof(service[0]) }
};

static void
source_write(struct writer *w)
{
	write_object(w, "datasource");
	write_word(w, "type", "prometheus");
	write_word(w, "uid", "${datasource}");
	write_end(w);
}

static void
place_write(struct writer *w, int64_t x, int64_t y, int64_t width, int64_t height)
{
	write_object(w, "gridPos");
	write_int(w, "x", x);
	write_int(w, "y", y);
	write_int(w, "w", width);
	write_int(w, "h", height);
	write_end(w);
}

static void
target_write(struct writer *w, const struct chart *p, size_t i)
{
	static const char *const ids[TARGETS] = { "A", "B", "C" };
	struct buf expr = BUF_INIT;

	ask_write(&expr, &p->target[i].ask);
	write_object(w, NULL);
	source_write(w);
	write_word(w, "refId", ids[i]);
	write_text(w, "expr", buf_slice(&expr));
	write_word(w, "legendFormat", p->target[i].legend);
	write_end(w);
	buf_release(&expr);
}

static void
panel_write(struct writer *w, const struct chart *p, int64_t id, int64_t x,
    int64_t y)
{
	size_t i;

	write_object(w, NULL);
	write_int(w, "id", id);
	write_word(w, "type", "timeseries");
	write_word(w, "title", p->title);
	source_write(w);
	place_write(w, x, y, WIDTH, HEIGHT);
	write_object(w, "fieldConfig");
	write_object(w, "defaults");
	write_word(w, "unit", p->unit);
	write_int(w, "min", 0);
	write_end(w);
	write_array(w, "overrides");
	write_end(w);
	write_end(w);
	write_array(w, "targets");
	for (i = 0; i < TARGETS && p->target[i].ask.expr != NULL; i++)
		target_write(w, p, i);
	write_end(w);
	write_end(w);
}

static void
head_write(struct writer *w, const char *title, int64_t id, int64_t y)
{
	write_object(w, NULL);
	write_int(w, "id", id);
	write_word(w, "type", "row");
	write_word(w, "title", title);
	write_bool(w, "collapsed", false);
	place_write(w, 0, y, COLUMNS, 1);
	write_array(w, "panels");
	write_end(w);
	write_end(w);
}

static void
panels_write(struct writer *w)
{
	int64_t id = 1, y = 0;
	size_t i, k;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		head_write(w, rows[i].title, id++, y++);
		for (k = 0; k < rows[i].n; k++) {
			panel_write(w, &rows[i].panels[k], id++,
			    (int64_t)(k % (COLUMNS / WIDTH)) * WIDTH,
			    y + (int64_t)(k / (COLUMNS / WIDTH)) * HEIGHT);
		}
		y += (int64_t)((rows[i].n + COLUMNS / WIDTH - 1) /
		    (COLUMNS / WIDTH)) * HEIGHT;
	}
}

/* What is chosen above the panels: the source, and queues. */
static void
variables_write(struct writer *w)
{
	struct buf query = BUF_INIT;

	write_object(w, "templating");
	write_array(w, "list");
	write_object(w, NULL);
	write_word(w, "name", "datasource");
	write_word(w, "type", "datasource");
	write_word(w, "query", "prometheus");
	write_end(w);
	buf_printf(&query, "label_values(%s, queue)",
	    metric_rows[METRIC_ITEMS].name);
	write_object(w, NULL);
	write_word(w, "name", "queue");
	write_word(w, "type", "query");
	source_write(w);
	write_text(w, "query", buf_slice(&query));
	write_int(w, "refresh", 2);
	write_bool(w, "multi", true);
	write_bool(w, "includeAll", true);
	write_word(w, "allValue", ".*");
	write_object(w, "current");
	write_word(w, "text", "All");
	write_word(w, "value", "$__all");
	write_end(w);
	write_end(w);
	write_end(w);
	write_end(w);
	buf_release(&query);
}

void
metrics_dashboard(struct buf *b)
{
	struct writer w = WRITER(b, WRITE_SHOWN);

	w.lines = true;
	write_object(&w, NULL);
	write_word(&w, "title", "Handrail");
	write_word(&w, "uid", "handrail");
	write_int(&w, "schemaVersion", 39);
	write_bool(&w, "editable", true);
	write_word(&w, "refresh", "30s");
	write_object(&w, "time");
	write_word(&w, "from", "now-6h");
	write_word(&w, "to", "now");
	write_end(&w);
	variables_write(&w);
	write_array(&w, "panels");
	panels_write(&w);
	write_end(&w);
	write_end(&w);
	write_line(&w);
}
