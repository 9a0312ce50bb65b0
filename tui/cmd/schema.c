#include <inttypes.h>

#include "core/base/time.h"
#include "queue/file.h"
#include "queue/loop/infer.h"
#include "tui/cmd/cmd.h"

#define FILE_MODE	0644
#define VALUES		12	/* different strings of an enum */

/* "1200 records of support, 2026-11-01T10:00:00.000Z to ..." */
static struct slice
comment(const struct infer *in, const struct infer_records *o, int64_t first_ms,
    int64_t last_ms, struct arena *arena)
{
	char from[TIME_TEXT], to[TIME_TEXT];

	time_format(first_ms, from);
	time_format(last_ms, to);
	return arena_printf(arena, "%" PRIu64 " %s%s%s, %s to %s", in->n,
	    o->outputs ? "outputs" : "records", o->queue == NULL ? "" : " of ",
	    o->queue == NULL ? "" : o->queue, from, to);
}

static enum status
schema_put(struct cmd_run *run, struct buf *b)
{
	const char *path = cmd_value(run, "output");
	struct out_file f;
	enum status st = buf_check(b, &run->err);

	if (st != STATUS_OK)
		return st;
	if (path == NULL || strcmp(path, "-") == 0)
		return cmd_print(b, &run->err);
	if ((st = out_file_open(&f, path, FILE_MODE, &run->err)) != STATUS_OK)
		return st;
	if ((st = out_file_add(&f, buf_slice(b), &run->err)) == STATUS_OK)
		st = out_file_commit(&f, &run->err);
	out_file_drop(&f);
	return st;
}

static enum status
infer(struct cmd_run *run, struct session *s, struct infer_records *o,
    const struct cmd_when *since, const struct cmd_when *until)
{
	struct infer in = { .root = NULL };
	struct infer_options io = { .closed = cmd_value(run, "closed") != NULL };
	struct buf b = BUF_INIT;
	int64_t first_ms, last_ms, values = VALUES;
	enum status st;

	o->since_ms = cmd_when_ms(since, s);
	o->until_ms = cmd_when_ms(until, s);
	if ((st = cmd_number(run, "values", 0, INFER_VALUES_MAX, &values)) ==
	    STATUS_OK && (st = cmd_queue(run, s)) == STATUS_OK &&
	    (st = session_require(s, MAY_EXPORT, "infer a schema", &run->err)) ==
	    STATUS_OK)
		st = infer_stored(s, o, &in, &first_ms, &last_ms, &run->err);
	if (st == STATUS_OK && in.n == 0)
		st = error_set(&run->err, STATUS_NOT_FOUND, "infer: nothing of "
		    "that kind came in");
	if (st == STATUS_OK) {
		io.values = (unsigned)values;
		io.comment = comment(&in, o, first_ms, last_ms, &in.arena);
		infer_write(&in, &io, &b);
		st = schema_put(run, &b);
	}
	buf_release(&b);
	infer_release(&in);
	return st;
}

static int
schema_cmd(struct cmd_run *run)
{
	struct infer_records o = { .queue = cmd_value(run, "queue"),
	    .where = cmd_value(run, "where"),
	    .outputs = cmd_value(run, "of-output") != NULL, .stop = &cmd_stop };
	struct cmd_when since, until;
	struct session *s;
	enum status st;

	if (run->argc != 1 || strcmp(run->argv[0], "infer") != 0)
		return cmd_usage(run, "infer is wanted");
	if (cmd_time(run, "since", &since) != STATUS_OK ||
	    cmd_time(run, "until", &until) != STATUS_OK)
		return cmd_unable(run);
	if ((s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	cmd_catch_stop();
	st = infer(run, s, &o, &since, &until);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const struct cmd_option options[] = {
	{ "queue", 'q', "QUEUE", "of this queue only" },
	{ "since", 0, "TIME", "what came in from this time on" },
	{ "until", 0, "TIME", "and before this one" },
	{ "where", 'w', "CONDITION", "of items for which this holds" },
	{ "of-output", 0, NULL, "of the outputs that are JSON, not of the "
	    "records" },
	{ "values", 0, "N", "strings of at most N values are an enum (12; 0: "
	    "none)" },
	{ "closed", 0, NULL, "no property beside those that were seen" },
	{ "output", 'o', "FILE", "to this file, whole or not at all" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_schema = {
	"schema", "infer", "a JSON Schema of what came in, for a guard that reads "
	    "records", options, "infer", schema_cmd
};
