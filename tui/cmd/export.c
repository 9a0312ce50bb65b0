#include "queue/export/export.h"

#include <inttypes.h>
#include <stdio.h>

#include "tui/cmd/condition.h"

static void
format_names(char *out, size_t size)
{
	const struct export_format *f;
	size_t n = 0;

	out[0] = '\0';
	for (f = export_formats; f->name != NULL && n < size; f++)
		n += (size_t)snprintf(out + n, size - n, "%s%s",
		    n == 0 ? "" : ", ", f->name);
}

static int
export_cmd(struct cmd_run *run)
{
	const char *format = cmd_value(run, "format");
	struct export_options o = {
		.format = export_format_find(format == NULL ? "jsonl" : format),
		.where = cmd_value(run, "where"),
		.split = cmd_value(run, "split"),
		.path = cmd_value(run, "output"),
		.redact = cmd_value(run, "redact") != NULL, .stop = &cmd_stop
	};
	struct export_counts c;
	struct cmd_when since, until;
	struct session *s;
	char line[512];
	enum status st;
	int64_t i;

	if (o.path != NULL && strcmp(o.path, "-") == 0)
		o.path = NULL;
	if (o.format == NULL) {
		format_names(line, sizeof(line));
		return cmd_usage(run, "--format %s: one of %s is wanted", format,
		    line);
	}
	if (cmd_time(run, "since", &since) != STATUS_OK ||
	    cmd_time(run, "until", &until) != STATUS_OK)
		return cmd_fail(run);
	if ((s = cmd_session(run, CMD_WRITES)) == NULL)
		return EXIT_UNABLE;
	o.since_ms = cmd_when_ms(&since, s);
	o.until_ms = cmd_when_ms(&until, s);
	cmd_catch_stop();
	condition_doubts(run, s);
	st = export_run(s, &o, &c, &run->err);
	session_close(s);
	if (st != STATUS_OK)
		return cmd_fail(run);
	(void)snprintf(line, sizeof(line), "%" PRId64 " row%s", c.rows,
	    c.rows == 1 ? "" : "s");
	cmd_complain(run, line);
	for (i = 0; i < c.nskips; i++) {
		(void)snprintf(line, sizeof(line), "%" PRId64 " skipped: %s",
		    c.skip[i].n, c.skip[i].reason);
		cmd_complain(run, line);
	}
	return EXIT_WELL;
}

static const struct cmd_option options[] = {
	{ "format", 'f', "FORMAT", "jsonl (the default), sft, dpo, dpo-openai, "
	    "kto, csv, labelstudio or argilla" },
	{ "since", 0, "TIME", "decided at that time or later" },
	{ "until", 0, "TIME", "decided before that time" },
	{ "where", 'w', "CONDITION", "for which this holds, as in a policy's rule; "
	    "decision, by, reason and the like too" },
	{ "split", 0, "NAME=SHARE,...", "into FILE.NAME.EXT, all items of one "
	    "input on one side" },
	{ "redact", 0, NULL, "with what the guards found replaced by its kind" },
	{ "output", 'o', "FILE", "to this file, whole or not at all, with "
	    "FILE.manifest.json; else to standard output" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_export = {
	"export", "", "labelled data for training", options, NULL, export_cmd
};
