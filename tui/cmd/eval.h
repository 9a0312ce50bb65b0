/* A suite run, for the commands that do. */
#ifndef TUI_CMD_EVAL_H
#define TUI_CMD_EVAL_H

#include "tui/cmd/cmd.h"

/* The one SUITE of the words, with those options that the command has; probed: its
 * cases changed by `probes`, or by those of the suite where that is 0. */
int	eval_suite_cmd(struct cmd_run *, bool probed, unsigned probes);

/* The options that those commands share, in two groups. */
#define EVAL_VARIANT \
	{ "variant", 'V', "NAME", "run this endpoint, or PROMPT/ENDPOINT, alone; " \
	    "may be given again" }
#define EVAL_CASES \
	{ "format", 'f', "SHAPE", "take every record for this shape of " \
	    "handrail-record(5)" }, \
	{ "where", 'w', "CONDITION", "the items of the store for which this holds " \
	    "are the cases" }, \
	{ "repeat", 0, "N", "ask N times for each case" }
#define EVAL_RUNNING \
	{ "junit", 0, "FILE", "write JUnit XML here" }, \
	{ "markdown", 0, "FILE", "write a comment for a pull request here" }, \
	{ "tap", 0, NULL, "print TAP" }, \
	{ "json", 0, NULL, "print JSON" }, \
	{ "grader", 0, "PROVIDER", "who judges, where a config of promptfoo names " \
	    "nobody" }, \
	{ "skip", 0, NULL, "leave out tests that cannot be run here" }, \
	{ "fresh", 0, NULL, "ask again what an earlier run was answered" }, \
	{ "resume", 0, NULL, "go on with the run that was broken off" }, \
	{ "max-usd", 0, "X", "stop before more than X is spent" }

#endif
