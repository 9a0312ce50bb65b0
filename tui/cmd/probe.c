#include "core/suite/probe.h"

#include <stdlib.h>

#include "tui/cmd/eval.h"

/* Of a list with commas. */
static enum status
probes_asked(struct cmd_run *run, unsigned *set)
{
	const char *list = cmd_value(run, "probes"), *names[PROBES], *end;
	struct arena arena = ARENA_INIT;
	enum status st = STATUS_OK;
	size_t n = 0;

	*set = 0;
	for (; list != NULL && st == STATUS_OK; list = *end == ',' ? end + 1 :
	    NULL) {
		end = strchr(list, ',') != NULL ? strchr(list, ',') :
		    list + strlen(list);
		if (n == PROBES)
			st = error_set(&run->err, STATUS_INVALID, "--probes: "
			    "there are %d", PROBES);
		else if ((names[n++] = arena_str(&arena, (struct slice){ list,
		    (size_t)(end - list) })) == NULL)
			st = error_nomem(&run->err);
	}
	if (st == STATUS_OK)
		st = probe_set(names, n, set, &run->err);
	arena_release(&arena);
	return st;
}

static int
probe(struct cmd_run *run)
{
	unsigned set;

	return probes_asked(run, &set) == STATUS_OK ?
	    eval_suite_cmd(run, true, set) : cmd_unable(run);
}

static const struct cmd_option options[] = {
	{ "probes", 0, "NAME,...", "these alone: empty, long, typos, language, "
	    "injection, unicode, truncated, broken-json, numbers" },
	{ "output", 'o', "FILE", "write the changed cases here, which a suite can "
	    "take" },
	EVAL_VARIANT,
	{ "records", 'r', "FILE", "change the outputs of these records; - is "
	    "standard input" },
	EVAL_CASES,
	{ "baseline", 'b', "RUN", "compare with this run of probes, or the one "
	    "of this label" },
	EVAL_RUNNING,
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_probe = {
	"probe", "SUITE", "a suite's cases changed: who lets through what it "
	    "should not", options, NULL, probe
};
