#include "tui/cmd/eval.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/policy/read.h"
#include "queue/file.h"
#include "queue/http.h"
#include "queue/loop/eval.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/eval_files.h"
#include "tui/cmd/eval_report.h"

#define FILE_MODE	0644
#define TOLD_MAX	20	/* reasons on standard error */

struct eval_telling {
	int64_t	 last_ns;
	bool	 shown;
};

static void
clear_progress(struct eval_telling *t)
{
	if (t->shown)
		(void)fputs("\r\033[K", stderr);
	t->shown = false;
}

static void
tell_progress(void *arg, const char *variant, const struct ask_progress *p)
{
	struct eval_telling *t = arg;
	int64_t now = cmd_clock_ns();

	(void)variant;
	if (p->done < p->of && now - t->last_ns < 100000000)
		return;
	t->last_ns = now;
	t->shown = true;
	(void)fprintf(stderr, "\r\033[K%zu of %zu answers, %zu kept, %zu failed, "
	    "%.4f USD", p->done, p->of, p->cached, p->failed, p->usd);
}

/* One whole file, or standard output for "-". */
static enum status
file_write(const char *path, void (*put)(struct buf *, const struct eval *),
    const struct eval *e, struct error *err)
{
	struct out_file f;
	struct buf b = BUF_INIT;
	enum status st;

	put(&b, e);
	if ((st = buf_check(&b, err)) == STATUS_OK && strcmp(path, "-") == 0)
		st = cmd_print(&b, err);
	else if (st == STATUS_OK &&
	    (st = out_file_open(&f, path, FILE_MODE, err)) == STATUS_OK) {
		if ((st = out_file_add(&f, buf_slice(&b), err)) == STATUS_OK)
			st = out_file_commit(&f, err);
		out_file_drop(&f);
	}
	buf_release(&b);
	return st;
}

/* What cannot be run: listed, and then it is not run at all. */
static int
refuse_skipped(struct cmd_run *run, const struct suite *s)
{
	char line[256];
	size_t i;

	for (i = 0; i < s->nskipped && i < TOLD_MAX; i++)
		cmd_complain(run, s->skipped[i]);
	if (s->nskipped > TOLD_MAX) {
		(void)snprintf(line, sizeof(line), "and %zu more",
		    s->nskipped - TOLD_MAX);
		cmd_complain(run, line);
	}
	(void)error_set(&run->err, STATUS_INVALID, "%s: %zu thing%s cannot be run "
	    "here: --skip leaves out the tests concerned (%zu)", s->path,
	    s->nskipped, s->nskipped == 1 ? "" : "s", s->dropped);
	return cmd_unable(run);
}

/* A file that cannot be made is told before anything is asked and paid for. */
static enum status
file_possible(struct cmd_run *run, const char *option)
{
	const char *path = cmd_value(run, option), *slash;
	char folder[PATH_MAX] = ".";

	if (path == NULL || strcmp(path, "-") == 0)
		return STATUS_OK;
	if ((slash = strrchr(path, '/')) != NULL)
		(void)snprintf(folder, sizeof(folder), "%.*s",
		    slash == path ? 1 : (int)(slash - path), path);
	return access(folder, W_OK | X_OK) == 0 ? STATUS_OK :
	    error_set(&run->err, STATUS_IO, "--%s %s: cannot be made in %s: %s",
	    option, path, folder, strerror(errno));
}

static enum status
options_read(struct cmd_run *run, struct eval_options *o, const char **variants)
{
	const char *usd = cmd_value(run, "max-usd");
	int64_t repeat = 0;
	char *end;

	o->variants = variants;
	o->nvariants = cmd_values(run, "variant", variants, EVAL_VARIANTS_MAX);
	o->records = cmd_value(run, "records");
	o->where = cmd_value(run, "where");
	o->baseline = cmd_value(run, "baseline");
	o->fresh = cmd_value(run, "fresh") != NULL;
	o->resume = cmd_value(run, "resume") != NULL;
	o->max_usd = NAN;
	o->stop = &cmd_stop;
	if (usd != NULL) {
		o->max_usd = strtod(usd, &end);
		if (end == usd || *end != '\0' || !(o->max_usd >= 0))
			return error_set(&run->err, STATUS_INVALID,
			    "--max-usd %s: an amount is wanted", usd);
	}
	if (cmd_shape(run, &o->format) != STATUS_OK || cmd_number(run, "repeat",
	    1, SUITE_REPEAT_MAX, &repeat) != STATUS_OK)
		return run->err.code;
	o->repeat = (int)repeat;
	if (file_possible(run, "junit") != STATUS_OK ||
	    file_possible(run, "markdown") != STATUS_OK ||
	    file_possible(run, "output") != STATUS_OK)
		return run->err.code;
	return STATUS_OK;
}

/* The changed cases: what a suite can take again. */
static void
cases_put(struct buf *b, const struct eval *e)
{
	probes_write(b, &e->runs[0].answers,
	    strcmp(e->runs[0].source, "live") != 0);
}

static enum status
report(struct cmd_run *run, const struct eval *e)
{
	static const struct {
		const char	*option;
		void		(*put)(struct buf *, const struct eval *);
	} files[] = {
		{ "junit", eval_junit }, { "markdown", eval_markdown },
		{ "output", cases_put }
	};
	const char *path;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < 3 && st == STATUS_OK; i++)
		if ((path = cmd_value(run, files[i].option)) != NULL)
			st = file_write(path, files[i].put, e, &run->err);
	if (st != STATUS_OK)
		return st;
	return file_write("-", cmd_value(run, "json") != NULL ? eval_json :
	    cmd_value(run, "tap") != NULL ? eval_tap : eval_text, e,
	    &run->err);
}

static int
eval_end(struct cmd_run *run, const struct eval *e, enum status st)
{
	if (st == STATUS_INTERRUPTED) {
		(void)error_set(&run->err, st, "interrupted; what was answered is "
		    "kept, --resume goes on with it");
		return cmd_unable(run);
	}
	if (st == STATUS_OK)
		st = report(run, e);
	if (st != STATUS_OK)
		return cmd_unable(run);
	return eval_met(e) ? EXIT_WELL : EXIT_SHORT;
}

/* The policy only judges here: it is not applied. */
static enum status
policy_given(struct cmd_run *run, struct policy **policy, const char **path)
{
	*path = run->policy;
	run->policy = NULL;
	return *path == NULL ? STATUS_OK : policy_load(policy, *path,
	    &file_loader, &http_outside, &run->err);
}

int
eval_suite_cmd(struct cmd_run *run, bool probed, unsigned probes)
{
	const char *variants[EVAL_VARIANTS_MAX], *path;
	struct eval_telling t = { .shown = false };
	struct eval_options o = { .arg = &t, .probed = probed,
	    .probes = probes };
	struct policy *policy = NULL;
	struct session *s = NULL;
	struct eval e = { .suite = NULL };
	enum status st;
	int rc = EXIT_UNABLE;

	if (run->argc != 1)
		return cmd_usage(run, "one SUITE is wanted");
	if (cmd_value(run, "tap") != NULL && cmd_value(run, "json") != NULL)
		return cmd_usage(run, "--tap or --json, not both");
	if (options_read(run, &o, variants) != STATUS_OK ||
	    eval_load(&e, run->argv[0], cmd_value(run, "grader"),
	    &run->err) != STATUS_OK)
		return cmd_unable(run);
	if (e.suite->nskipped > 0 && cmd_value(run, "skip") == NULL)
		rc = refuse_skipped(run, e.suite);
	else if (!suite_asks(e.suite)) {
		(void)error_set(&run->err, STATUS_INVALID, "%s asks nothing of an "
		    "output: it has no check and no assertion", e.suite->path);
		rc = cmd_unable(run);
	} else if (policy_given(run, &policy, &path) != STATUS_OK)
		rc = cmd_unable(run);
	else if ((s = cmd_session(run, CMD_WRITES | CMD_CREATES)) != NULL) {
		cmd_catch_stop();
		if (isatty(STDERR_FILENO))
			o.tell = tell_progress;
		st = eval_execute(&e, s, policy == NULL ? s->policy : policy, &o,
		    &run->err);
		clear_progress(&t);
		rc = eval_end(run, &e, st);
	}
	eval_release(&e);
	session_close(s);
	policy_free(policy);
	return rc;
}

static int
eval_cmd(struct cmd_run *run)
{
	return eval_suite_cmd(run, false, 0);
}

static const struct cmd_option options[] = {
	EVAL_VARIANT,
	{ "records", 'r', "FILE", "judge the outputs of these records, by the "
	    "ids of the cases; - is standard input" },
	EVAL_CASES,
	{ "baseline", 'b', "RUN", "compare with this run, or the one of this "
	    "label" },
	EVAL_RUNNING,
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_eval = {
	"eval", "SUITE", "run a suite: its cases, checks and gate", options,
	NULL, eval_cmd
};
