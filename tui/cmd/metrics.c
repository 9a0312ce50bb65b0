/* What a scraper of the service's /metrics would get of the store, for one that reads
 * files; and what is made from the table of metrics. */
#include <stdio.h>

#include "queue/metrics/dashboard.h"
#include "queue/metrics/rules.h"
#include "queue/metrics/stored.h"
#include "tui/cmd/cmd.h"

static enum status
stored_print(struct cmd_run *run, struct session *s, struct buf *b)
{
	struct stored_metrics m = STORED_METRICS_INIT;
	enum status st;
	bool more;

	do
		st = stored_metrics_look(&m, s, &more, &run->err);
	while (st == STATUS_OK && more);
	if (st == STATUS_OK)
		st = stored_metrics_print(b, &m, s, false, &run->err);
	stored_metrics_release(&m);
	return st;
}

static int
metrics_cmd(struct cmd_run *run)
{
	bool rules = cmd_value(run, "rules") != NULL;
	bool dashboard = cmd_value(run, "dashboard") != NULL;
	struct session *s = NULL;
	struct buf b = BUF_INIT;
	enum status st = STATUS_OK;

	if (rules && dashboard)
		return cmd_usage(run, "--rules or --dashboard, not both");
	if (rules)
		metrics_rules(&b);
	else if (dashboard)
		metrics_dashboard(&b);
	else if ((s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	else
		st = stored_print(run, s, &b);
	if (st == STATUS_OK && (st = buf_check(&b, &run->err)) == STATUS_OK)
		st = cmd_print(&b, &run->err);
	buf_release(&b);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_unable(run);
}

static const struct cmd_option options[] = {
	{ "rules", 0, NULL, "alert rules for Prometheus" },
	{ "dashboard", 0, NULL, "a dashboard for Grafana" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_metrics = {
	"metrics", "", "figures for Prometheus, its rules and a dashboard", options,
	NULL, metrics_cmd
};
