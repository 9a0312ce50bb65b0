#include "queue/loop/runs.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "core/base/time.h"
#include "core/json/write.h"
#include "queue/loop/compare.h"
#include "queue/loop/import.h"
#include "queue/loop/run_results.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/eval_report.h"

static void
row_json(struct writer *w, const struct run_row *r)
{
	write_object(w, NULL);
	write_int(w, "run", r->run);
	write_text(w, "name", r->name);
	write_text(w, "suite", r->suite);
	write_text(w, "variant", r->variant);
	write_text(w, "source", r->source);
	write_text(w, "by", r->by);
	write_time(w, "started_at", r->started_ms);
	write_time(w, "ended_at", r->ended_ms);
	write_int(w, "cases", r->cases);
	write_int(w, "results", r->results);
	write_int(w, "passed", r->passed);
	write_int(w, "errors", r->errors);
	write_text(w, "verdict", r->verdict);
	write_double(w, "cost_usd", r->cost_usd);
	write_text(w, "labels", r->labels);
	write_bool(w, "finished", r->seq >= 0);
}

static void
row_text(struct buf *b, const struct run_row *r)
{
	char when[TIME_LOCAL];

	time_local(r->started_ms, when);
	buf_printf(b, "%5" PRId64 "  %s  %6" PRId64 "/%-6" PRId64 " ", r->run,
	    when, r->passed, r->results);
	text_sanitize_line(b, run_state(r), 10);
	buf_puts(b, "  ");
	text_sanitize_line(b, r->name, 30);
	buf_puts(b, "  ");
	text_sanitize_line(b, r->variant, 30);
	if (r->labels.n > 0) {
		buf_puts(b, "  [");
		text_sanitize_line(b, r->labels, 60);
		buf_puts(b, "]");
	}
	buf_putc(b, '\n');
}

#define RUNS_SHOWN	50	/* where nobody says how many */

struct run_listing {
	struct buf	 b;
	bool		 json;
	int64_t		 left;		/* that are still to be shown */
	bool		 more;		/* there were others */
};

static enum status
list_row(void *arg, const struct run_row *r, struct error *err)
{
	struct run_listing *l = arg;
	struct writer w = WRITER(&l->b, WRITE_SHOWN);

	if (l->left-- == 0) {
		l->more = true;
		return STATUS_OK;
	}
	if (l->json) {
		row_json(&w, r);
		write_end(&w);
		write_line(&w);
	} else
		row_text(&l->b, r);
	return cmd_print(&l->b, err);
}

static enum status
list(struct cmd_run *run, struct session *s, int *rc)
{
	struct run_listing l = { .json = cmd_value(run, "json") != NULL };
	int64_t limit = -1;
	enum status st;

	(void)rc;
	if (cmd_number(run, "limit", 0, INT64_MAX, &limit) != STATUS_OK)
		return run->err.code;
	l.left = limit == -1 ? RUNS_SHOWN : limit == 0 ? INT64_MAX : limit;
	st = run_each(s, limit == -1 ? RUNS_SHOWN + 1 : l.left, list_row, &l,
	    &run->err);
	buf_release(&l.b);
	if (st == STATUS_OK && l.more)
		cmd_complain(run, "50, and there are more; --limit 0 lists all");
	return st;
}

static void
result_json(struct writer *w, const struct result *r, struct slice output)
{
	size_t i;

	write_object(w, NULL);
	write_text(w, "case", r->id);
	write_int(w, "repeat", r->repeat);
	write_bool(w, "pass", r->pass);
	write_double(w, "score", r->score);
	write_text(w, "error", r->error);
	write_text(w, "item", r->item);
	write_count(w, "input_tokens", r->input_tokens);
	write_count(w, "output_tokens", r->output_tokens);
	write_double(w, "cost_usd", r->cost_usd < 0 ? NAN : r->cost_usd);
	write_double(w, "latency_ms", r->latency_ms < 0 ? NAN : r->latency_ms);
	write_array(w, "checks");
	for (i = 0; i < r->nchecks; i++) {
		write_object(w, NULL);
		write_text(w, "name", r->checks[i].name);
		write_word(w, "state", check_state_name(r->checks[i].state));
		write_double(w, "score", r->checks[i].score < 0 ? NAN :
		    r->checks[i].score);
		write_text(w, "reason", r->checks[i].reason);
		write_end(w);
	}
	write_end(w);
	write_text(w, "output", output);
	write_end(w);
}

static void
result_text(struct buf *b, const struct result *r)
{
	size_t i;

	buf_puts(b, r->pass ? "  ok    " : "  FAIL  ");
	text_sanitize_line(b, r->id, 60);
	if (r->repeat > 1)
		buf_printf(b, " (%d)", r->repeat);
	buf_putc(b, '\n');
	if (r->error.p != NULL) {
		buf_puts(b, "        error: ");
		text_sanitize_line(b, r->error, 300);
		buf_putc(b, '\n');
	}
	for (i = 0; i < r->nchecks; i++) {
		if (r->checks[i].state == CHECK_PASSED)
			continue;
		buf_printf(b, "        %s: ",
		    check_state_name(r->checks[i].state));
		text_sanitize_line(b, r->checks[i].name, 40);
		if (r->checks[i].reason.n > 0) {
			buf_puts(b, ": ");
			text_sanitize_line(b, r->checks[i].reason, 300);
		}
		buf_putc(b, '\n');
	}
}

static enum status
show(struct cmd_run *run, struct session *s, int *rc)
{
	bool json = cmd_value(run, "json") != NULL;
	struct results r = { .v = NULL };
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	struct run_row row;
	struct slice output;
	enum status st;
	int64_t id;
	size_t i;

	(void)rc;
	if ((st = run_find(s, run->argv[1], &id, &run->err)) == STATUS_OK &&
	    (st = run_get(s, id, &r.arena, &row, &run->err)) == STATUS_OK)
		st = run_results(s, id, &r, &run->err);
	if (st == STATUS_OK && json) {
		row_json(&w, &row);
		write_array(&w, "rows");
	} else if (st == STATUS_OK)
		row_text(&b, &row);
	for (i = 0; i < r.n && st == STATUS_OK; i++) {
		if (json && (st = run_text(s, id, i, &r.arena, &output,
		    &run->err)) == STATUS_OK)
			result_json(&w, &r.v[i], output);
		else if (!json)
			result_text(&b, &r.v[i]);
	}
	if (st == STATUS_OK && json) {
		write_end(&w);
		write_end(&w);
		write_line(&w);
	}
	if (st == STATUS_OK)
		st = cmd_print(&b, &run->err);
	buf_release(&b);
	results_release(&r);
	return st;
}

static enum status
number_of(struct cmd_run *run, const char *option, double max, double *out)
{
	const char *text = cmd_value(run, option);
	char *end;

	if (text == NULL)
		return STATUS_OK;
	*out = strtod(text, &end);
	if (end == text || *end != '\0' || !(*out >= 0 && *out <= max))
		return error_set(&run->err, STATUS_INVALID, "--%s %s: a number "
		    "from 0 to %g is wanted", option, text, max);
	return STATUS_OK;
}

/* Exit 1 where it got worse, and where that is open. */
static enum status
compare(struct cmd_run *run, struct session *s, int *rc)
{
	struct results before = { .v = NULL }, now = { .v = NULL };
	struct paired_options o = { 0.05, 0.02, 0.8 };
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	struct compared c;
	int64_t a = 0, z = 0;
	enum status st;

	if (number_of(run, "alpha", 0.5, &o.alpha) != STATUS_OK ||
	    number_of(run, "margin", 1, &o.margin) != STATUS_OK)
		return run->err.code;
	if ((st = run_find(s, run->argv[1], &a, &run->err)) == STATUS_OK &&
	    (st = run_find(s, run->argv[2], &z, &run->err)) == STATUS_OK &&
	    (st = run_results(s, a, &before, &run->err)) == STATUS_OK &&
	    (st = run_results(s, z, &now, &run->err)) == STATUS_OK)
		st = compare_results(&before, &now, &o, &now.arena, &c,
		    &run->err);
	if (st == STATUS_OK && c.both == 0)
		st = error_set(&run->err, STATUS_INVALID, "%s and %s have no case "
		    "in common", run->argv[1], run->argv[2]);
	if (st == STATUS_OK) {
		if (cmd_value(run, "json") != NULL) {
			write_object(&w, NULL);
			compared_json(&w, a, z, &c);
			write_end(&w);
			write_line(&w);
		} else
			compared_text(&b, run->argv[1], run->argv[2], &c);
		st = cmd_print(&b, &run->err);
		*rc = c.paired.verdict == COMPARED_WORSE ||
		    c.paired.verdict == COMPARED_UNDECIDED ? EXIT_SHORT :
		    EXIT_WELL;
	}
	buf_release(&b);
	results_release(&before);
	results_release(&now);
	return st;
}

static enum status
label(struct cmd_run *run, struct session *s, int *rc)
{
	enum status st;
	int64_t id;

	(void)rc;
	if ((st = run_find(s, run->argv[1], &id, &run->err)) == STATUS_OK &&
	    (st = run_label(s, id, run->argv[2], &run->err)) == STATUS_OK)
		(void)printf("%s is run %" PRId64 "\n", run->argv[2], id);
	return st;
}

static enum status
import(struct cmd_run *run, struct session *s, int *rc)
{
	struct import_options o = { .path = run->argv[1],
	    .format = cmd_value(run, "format"), .name = cmd_value(run, "name"),
	    .score = cmd_value(run, "score"), .threshold = 0.5 };
	struct imported in = { .n = 0 };
	enum status st;
	size_t i;

	(void)rc;
	if (number_of(run, "threshold", 1e9, &o.threshold) != STATUS_OK)
		return run->err.code;
	st = run_import(s, &o, &in, &run->err);
	for (i = 0; i < in.n && st == STATUS_OK; i++)
		(void)printf("run %" PRId64 ": %s (%s): %zu of %zu passed, %zu "
		    "errors\n", in.run[i].run, in.run[i].variant, in.source,
		    in.run[i].passed, in.run[i].results, in.run[i].errors);
	imported_release(&in);
	return st;
}

static const struct {
	const char	*name, *wants;
	int		 operands;	/* with this one */
	int		 flags;
	bool		 falls_short;	/* a run that is not there is exit 1; what
					 * gates or reads a file could not run then */
	enum status	(*run)(struct cmd_run *, struct session *, int *rc);
} actions[] = {
	{ "list", "", 1, 0, false, list },
	{ "show", "RUN", 2, 0, true, show },
	{ "compare", "runs A and B", 3, 0, false, compare },
	{ "label", "RUN and LABEL", 3, CMD_WRITES, true, label },
	{ "import", "FILE", 2, CMD_WRITES | CMD_CREATES, false, import }
};

static int
run_cmd(struct cmd_run *run)
{
	struct session *s;
	enum status st;
	size_t i, n = sizeof(actions) / sizeof(actions[0]);
	int rc = EXIT_WELL;

	for (i = 0; i < n && (run->argc == 0 ||
	    strcmp(actions[i].name, run->argv[0]) != 0);)
		i++;
	if (i == n)
		return cmd_usage(run, "list, show, compare, label or import is "
		    "wanted");
	if (run->argc != actions[i].operands)
		return actions[i].operands == 1 ? cmd_usage(run, "list takes no "
		    "operand") : cmd_usage(run, "%s: %s %s wanted",
		    actions[i].name, actions[i].wants,
		    actions[i].operands == 2 ? "is" : "are");
	if ((s = cmd_session(run, actions[i].flags)) == NULL)
		return EXIT_UNABLE;
	st = actions[i].run(run, s, &rc);
	session_close(s);
	if (st == STATUS_OK)
		return rc;
	return actions[i].falls_short ? cmd_fail(run) : cmd_unable(run);
}

static const struct cmd_option options[] = {
	{ "json", 0, NULL, "list, show, compare: JSON" },
	{ "limit", 0, "N", "list: so many at most (50); 0: all" },
	{ "alpha", 0, "A", "compare: at this level (0.05)" },
	{ "margin", 0, "M", "compare: so much may be lost (0.02)" },
	{ "format", 'f', "TOOL", "import: promptfoo, inspect, openai, oaieval, "
	    "langfuse or mlflow, where the file does not show it" },
	{ "name", 0, "NAME", "import: the run's name" },
	{ "score", 0, "NAME", "import: pass by this score or metric" },
	{ "threshold", 0, "X", "import: a score passes from here on (0.5)" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_run = {
	"run", "list|show RUN|compare A B|label RUN LABEL|import FILE",
	"runs of suites, and results of other tools", options,
	"list|show|compare|label|import", run_cmd
};
