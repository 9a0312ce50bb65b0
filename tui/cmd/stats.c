#include "queue/stats.h"

#include <inttypes.h>
#include <langinfo.h>
#include <math.h>
#include <stdio.h>

#include "core/base/text.h"
#include "core/base/text_cells.h"
#include "core/base/time.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/show_text.h"

#define BAR_LEFT	25	/* columns of a bar's name and number */
#define BAR_WIDTH	30
#define NAME_LEAST	12
#define NUMBERS_WIDTH	51	/* of a table's columns behind the name */
#define NARROW_WIDTH	18	/* of those that a narrow terminal has room for */
#define TABLE_ROWS	12

/* A full block, or its substitute where the terminal has none. */
static const char *
block(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? "\xe2\x96\x88" :
	    "#";
}

static void
bar(struct buf *b, const char *name, int64_t n, int64_t most)
{
	size_t columns = cmd_columns();
	int64_t i, width = BAR_WIDTH;

	if (columns > 0 && columns < BAR_LEFT + BAR_WIDTH)
		width = columns > BAR_LEFT ? (int64_t)columns - BAR_LEFT : 0;
	width = most == 0 ? 0 : (n * width + most - 1) / most;
	buf_printf(b, "  %-12s%9" PRId64 "%s", name, n, width > 0 ? "  " : "");
	for (i = 0; i < width; i++)
		buf_puts(b, block());
	buf_putc(b, '\n');
}

static void
bars(struct buf *b, const char *title, const char *const *names,
    const int64_t *v, size_t n)
{
	int64_t most = 0;
	size_t i;

	buf_printf(b, "%s\n", title);
	for (i = 0; i < n; i++)
		if (v[i] > most)
			most = v[i];
	for (i = 0; i < n; i++)
		bar(b, names[i], v[i], most);
	buf_putc(b, '\n');
}

static void
share(struct buf *b, double v)
{
	if (isnan(v))
		buf_printf(b, "%9s", "-");
	else
		buf_printf(b, "%8.1f%%", 100 * v);
}

/* A row's name as it is shown, cut to so many columns (0: whole). */
static size_t
row_name(struct buf *name, const struct stats_row *r, size_t columns)
{
	buf_clear(name);
	text_sanitize_line(name, r->name.p == NULL ? SLICE("(none)") : r->name,
	    columns);
	return text_width(buf_slice(name));
}

static bool
is_narrow(void)
{
	size_t columns = cmd_columns();

	return columns > 0 && columns < NAME_LEAST + 2 + NUMBERS_WIDTH;
}

/* Room for the longest name of the table, as far as the terminal has it. */
static size_t
name_width(const struct stats_table *t)
{
	size_t i, w, width = NAME_LEAST, columns = cmd_columns();
	size_t rest = 2 + (is_narrow() ? NARROW_WIDTH : NUMBERS_WIDTH);
	struct buf name = BUF_INIT;

	for (i = 0; i < t->n && i < TABLE_ROWS; i++)
		if ((w = row_name(&name, &t->v[i], 0)) > width)
			width = w;
	buf_release(&name);
	if (columns > 0 && width + rest > columns)
		width = columns > NAME_LEAST + rest ? columns - rest :
		    NAME_LEAST;
	return width;
}

static void
table_head(struct buf *b, const char *title, size_t width)
{
	buf_printf(b, "%-*s%9s", (int)width + 2, title, "items");
	if (!is_narrow())
		buf_printf(b, "%8s%8s%8s%9s", "accept", "edit", "reject",
		    "escalate");
	buf_printf(b, "%9s\n", "override");
}

static void
table(struct buf *b, const char *title, const struct stats_table *t)
{
	const struct stats_row *r;
	struct buf name = BUF_INIT;
	size_t i, w, width = name_width(t);

	if (t->n == 0)
		return;
	table_head(b, title, width);
	for (i = 0; i < t->n && i < TABLE_ROWS; i++) {
		r = &t->v[i];
		w = row_name(&name, r, width);
		buf_printf(b, "  %s", buf_str(&name));
		for (; w < width; w++)
			buf_putc(b, ' ');
		buf_printf(b, "%9" PRId64, r->items);
		if (!is_narrow())
			buf_printf(b, "%8" PRId64 "%8" PRId64 "%8" PRId64
			    "%9" PRId64, r->accept, r->edit, r->reject,
			    r->escalate);
		share(b, stats_override(r->accept, r->edit, r->reject));
		buf_putc(b, '\n');
	}
	if (t->n > TABLE_ROWS)
		buf_printf(b, "  and %zu more (--json has them)\n",
		    t->n - TABLE_ROWS);
	buf_putc(b, '\n');
	buf_release(&name);
}

static void
quantiles(struct buf *b, const char *name, const struct stats_quantiles *q)
{
	const char *between = is_narrow() ? ",\n                 " : ", ";

	if (!isnan(q->p50))
		buf_printf(b, "%-16s p50 %.0f ms%sp95 %.0f ms%sp99 %.0f ms\n",
		    name, q->p50, between, q->p95, between, q->p99);
}

/* What gateways asked of each model. */
static void
tiers(struct buf *b, const struct stats *s)
{
	const struct stats_tier *t;
	struct buf name = BUF_INIT;

	if (s->ntiers == 0)
		return;
	buf_printf(b, "%-16s %" PRId64 " in %" PRId64 " attempts\n", "calls",
	    s->calls, s->attempts);
	quantiles(b, "first token", &s->first_token_ms);
	buf_printf(b, "\n%-14s%9s%9s%9s", "by tier", "attempts", "next",
	    "failed");
	buf_printf(b, is_narrow() ? "\n" : "%10s%10s%11s\n", "tokens in", "out",
	    "USD");
	for (t = s->tier; t < s->tier + s->ntiers; t++) {
		buf_clear(&name);
		text_sanitize_line(&name, t->name, NAME_LEAST);
		buf_printf(b, "  %-12s%9" PRId64 "%9" PRId64 "%9" PRId64,
		    buf_str(&name), t->attempts, t->next, t->failed);
		if (!is_narrow())
			buf_printf(b, "%10" PRId64 "%10" PRId64 "%11.4f",
			    t->input_tokens, t->output_tokens, t->cost_usd);
		buf_putc(b, '\n');
	}
	buf_putc(b, '\n');
	buf_release(&name);
}

/* What second looks said. */
static void
agreement(struct buf *b, const struct stats *s)
{
	struct stats_agreement a = stats_agreement(s);

	if (a.of == 0)
		return;
	buf_printf(b, "%-16s %" PRId64 " of %" PRId64 " second looks, %.1f%%",
	    "agreement", a.agreed, a.of, 100 * (double)a.agreed / (double)a.of);
	if (!isnan(a.kappa))
		buf_printf(b, ", kappa %.2f", a.kappa);
	buf_putc(b, '\n');
}

static void
ratings(struct buf *b, const struct stats *s)
{
	struct buf name = BUF_INIT;
	size_t i;

	for (i = 0; i < s->nratings; i++) {
		buf_clear(&name);
		text_sanitize_line(&name, s->rating[i].name, 40);
		buf_printf(b, "%-16s %.2f on average of %" PRId64 ": %s\n",
		    i == 0 ? "ratings" : "", s->rating[i].mean,
		    s->rating[i].given, buf_str(&name));
	}
	buf_release(&name);
}

static void
stats_text(struct buf *b, const struct stats *s, int64_t now_ms)
{
	static const char *const routes[] = { "approve", "flag", "escalate" };
	double rate = stats_override(s->decisions[0], s->decisions[1],
	    s->decisions[2]);

	bars(b, "Now", stats_states, s->states, 6);
	bars(b, "Routed", routes, s->routes, 3);
	bars(b, "Decided", stats_decisions, s->decisions, 5);
	if (!isnan(rate))
		buf_printf(b, "%-16s %.1f%% of those settled\n", "override",
		    100 * rate);
	buf_printf(b, "%-16s %" PRId64 " past due\n", "SLA", s->sla_breached);
	if (s->oldest_flagged_ms >= 0) {
		buf_printf(b, "%-16s ", "oldest flagged");
		age_text(b, time_between(s->oldest_flagged_ms, now_ms));
		buf_putc(b, '\n');
	}
	agreement(b, s);
	ratings(b, s);
	quantiles(b, "review time", &s->review_ms);
	quantiles(b, "model latency", &s->latency_ms);
	buf_printf(b, "%-16s %" PRId64 " in, %" PRId64 " out\n", "tokens",
	    s->input_tokens, s->output_tokens);
	buf_printf(b, "%-16s %.4f USD\n\n", "cost", s->cost_usd);
	tiers(b, s);
	table(b, "by rule", &s->by_rule);
	table(b, "by guard", &s->by_guard);
	table(b, "by model", &s->by_model);
	table(b, "by prompt", &s->by_prompt);
	table(b, "by reviewer", &s->by_reviewer);
}

static int
stats_cmd(struct cmd_run *run)
{
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct cmd_when since, until;
	struct session *s;
	struct stats stats;
	enum status st;

	if (cmd_time(run, "since", &since) != STATUS_OK ||
	    cmd_time(run, "until", &until) != STATUS_OK)
		return cmd_fail(run);
	if ((s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	if ((st = cmd_queue(run, s)) == STATUS_OK)
		st = stats_get(s, cmd_value(run, "queue"),
		    cmd_when_ms(&since, s), cmd_when_ms(&until, s), &arena,
		    &stats, &run->err);
	if (st == STATUS_OK) {
		if (cmd_value(run, "json") != NULL)
			stats_json(&b, &stats);
		else {
			cmd_pager();
			stats_text(&b, &stats, store_now_ms(s->store));
		}
		st = cmd_print(&b, &run->err);
	}
	buf_release(&b);
	arena_release(&arena);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const struct cmd_option options[] = {
	{ "queue", 'q', "QUEUE", "of this queue only" },
	{ "since", 0, "TIME", "what came in, and was decided, since then" },
	{ "until", 0, "TIME", "and before then" },
	{ "json", 0, NULL, "one JSON object" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_stats = {
	"stats", "", "counts, rates, overrides, cost, latency", options, NULL,
	stats_cmd
};
