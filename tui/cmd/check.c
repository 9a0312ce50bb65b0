#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "core/policy/read.h"
#include "queue/http.h"
#include "queue/file.h"
#include "queue/ingest/alike.h"
#include "queue/ingest/doubted.h"
#include "queue/ingest/pipeline.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/explain.h"

struct checking {
	struct cmd_run		*run;
	const struct policy	*policy;
	bool			 explain;
	uint64_t		 refused;
	struct alike_lines		 alike;
	struct doubted		 doubted;
};

static void
check_render(void *arg, struct buf *b, const struct judged *j)
{
	const struct checking *c = arg;

	if (c->explain && j->refused == NULL)
		explain_verdict(b, j->item, j->verdict);
	else
		judged_json(b, j, slice_of(c->policy->id));
}

static void
alike_complain(void *arg, const char *file, uint64_t line, const char *why,
    uint64_t n)
{
	struct checking *c = arg;
	char text[1024];

	(void)why;
	if (n == 1)
		return;
	(void)snprintf(text, sizeof(text), "%s: %" PRIu64 " more like line %"
	    PRIu64, file, n - 1, line);
	cmd_complain(c->run, text);
}

/* Whoever writes to our input reads an answer to each of its lines; of the lines of
 * a file the like are told once. */
static bool
is_told(struct checking *c, const struct judged *j)
{
	return !j->alike || strcmp(j->file, "-") == 0 ||
	    alike_add(&c->alike, j, alike_complain, c);
}

static void
doubt_complain(void *arg, const char *line)
{
	const struct checking *c = arg;

	cmd_complain(c->run, line);
}

static enum status
check_consume(void *arg, const struct judged *j, struct error *err)
{
	struct checking *c = arg;

	for (; j != NULL; j = j->next) {
		if (j->item != NULL)
			doubted_note(&c->doubted, c->policy, j->item->queue,
			    doubt_complain, c);
		c->refused += j->refused != NULL && !j->more;
		if (j->text.n > 0 && is_told(c, j) &&
		    fwrite(j->text.p, 1, j->text.n, stdout) != j->text.n)
			return error_set(err, STATUS_IO, "standard output: %s",
			    strerror(errno));
	}
	return STATUS_OK;
}

static enum status
check_idle(void *arg, struct error *err)
{
	(void)arg;
	return fflush(stdout) != 0 ? error_set(err, STATUS_IO,
	    "standard output: %s", strerror(errno)) : STATUS_OK;
}

static void
check_tell(void *arg, const char *line)
{
	struct checking *c = arg;

	cmd_complain(c->run, line);
}

/* Who names a store may take its policy for the one that judges. */
static void
store_tell(const struct cmd_run *run)
{
	struct buf line = BUF_INIT;

	buf_printf(&line, "-d %s is not used: check opens no store%s", run->store,
	    run->policy == NULL ? "; the built-in policy judges, -p names "
	    "another" : "");
	cmd_complain(run, buf_str(&line));
	buf_release(&line);
}

static int
check_cmd(struct cmd_run *run)
{
	struct checking c = {
		.run = run, .explain = cmd_value(run, "explain") != NULL
	};
	struct pipeline_options o = {
		.paths = (const char *const *)run->argv,
		.npaths = (size_t)run->argc,
		.queue = cmd_value(run, "queue"),
		.stop = &cmd_stop, .render = check_render,
		.consume = check_consume, .idle = check_idle,
		.tell = check_tell, .arg = &c
	};
	struct pipeline_progress progress;
	struct policy *policy;
	enum status st;

	if (cmd_shape(run, &o.format) != STATUS_OK ||
	    cmd_inputs(run, &o.inputs_path) != STATUS_OK)
		return cmd_unable(run);
	st = run->policy == NULL ? policy_builtin(&policy, &run->err) :
	    policy_load(&policy, run->policy, &file_loader, &http_outside,
	    &run->err);
	if (st != STATUS_OK)
		return cmd_unable(run);
	if (run->store_named)
		store_tell(run);
	o.policy = c.policy = policy;
	o.judge.all_rules = o.judge.timed = c.explain;
	o.judge.clock_ns = cmd_clock_ns;
	o.judge.stop = o.stop;
	cmd_catch_stop();
	st = pipeline_run(&o, &progress, &run->err);
	policy_free(policy);
	doubted_release(&c.doubted);
	alike_tell(&c.alike, alike_complain, &c);
	alike_release(&c.alike);
	if (st == STATUS_INTERRUPTED)
		return EXIT_SHORT;
	if (st != STATUS_OK)
		return cmd_unable(run);
	return c.refused > 0 ? EXIT_SHORT : EXIT_WELL;
}

static const struct cmd_option options[] = {
	{ "explain", 'e', NULL, "for people: every rule with its value, every "
	    "guard with its findings and time" },
	{ "format", 'f', "SHAPE", "take every record for this shape of "
	    "handrail-record(5)" },
	{ "inputs", 0, "FILE", "the request lines that a batch's output answers" },
	{ "scores", 0, "FILE", "the scores of Langfuse's observations" },
	{ "queue", 'q', "QUEUE", "judge every record by this queue's rules" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_check = {
	"check", "[FILE|DIR|-]...", "a filter: records in, verdicts out; no store",
	options, NULL, check_cmd
};
