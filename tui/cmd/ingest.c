#include "queue/ingest/ingest.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "core/json/write.h"
#include "queue/ingest/input_stream.h"
#include "queue/search.h"
#include "tui/cmd/cmd.h"

/* What the progress line needs between two calls. */
struct telling {
	struct cmd_run	*run;
	int64_t		 begun_ns;
	bool		 shown;
};

static void
clear_progress(struct telling *t)
{
	if (t->shown)
		(void)fputs("\r\033[K", stderr);
	t->shown = false;
}

static void
tell_refusal(void *arg, const char *line)
{
	struct telling *t = arg;

	clear_progress(t);
	cmd_complain(t->run, line);
}

static void
tell_progress(void *arg, const struct ingest_counts *c,
    const struct pipeline_progress *p)
{
	struct telling *t = arg;
	uint64_t done = c->approved + c->flagged + c->escalated + c->duplicates;
	double seconds = (double)(cmd_clock_ns() - t->begun_ns) / 1e9;
	double rate = seconds > 0 ? (double)done / seconds : 0;

	(void)fprintf(stderr, "\r\033[K%" PRIu64 " records, %.0f/s", done, rate);
	if (p->total > 0 && p->bytes > 0 && p->bytes <= p->total)
		(void)fprintf(stderr, ", %.0f%%, %.0fs left",
		    100.0 * (double)p->bytes / (double)p->total, seconds *
		    (double)(p->total - p->bytes) / (double)p->bytes);
	t->shown = true;
}

static enum status
print_summary(const struct ingest_counts *c, bool json, struct error *err)
{
	uint64_t n = c->approved + c->flagged + c->escalated;
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	enum status st;

	if (json) {
		write_object(&w, NULL);
		write_uint(&w, "ingested", n);
		write_uint(&w, "approved", c->approved);
		write_uint(&w, "flagged", c->flagged);
		write_uint(&w, "escalated", c->escalated);
		write_uint(&w, "sampled", c->sampled);
		write_uint(&w, "duplicates", c->duplicates);
		write_uint(&w, "conflicts", c->conflicts);
		write_uint(&w, "refused", c->refused);
		write_end(&w);
		write_line(&w);
	} else
		buf_printf(&b, "ingested %" PRIu64 ": %" PRIu64 " approved, %"
		    PRIu64 " flagged, %" PRIu64 " escalated; %" PRIu64
		    " duplicates, %" PRIu64 " conflicts, %" PRIu64 " refused\n",
		    n, c->approved, c->flagged, c->escalated, c->duplicates,
		    c->conflicts, c->refused);
	st = cmd_print(&b, err);
	buf_release(&b);
	return st;
}

/* A mistyped name, or a folder without records, must not leave a new store behind. */
static enum status
check_paths(struct cmd_run *run, const char **inputs)
{
	struct input_list list;
	enum status st = cmd_inputs(run, inputs);

	if (st != STATUS_OK)
		return st;
	st = input_list_make(&list, (const char *const *)run->argv,
	    (size_t)run->argc, &run->err);
	if (st == STATUS_OK)
		input_list_release(&list);
	return st;
}

/* Where search is on, what came in goes into its index: no reason to fail, since
 * the next one to search does it too; why it did not is told behind the summary. */
static void
keep_search(struct session *s, enum status ingested, struct error *why)
{
	*why = (struct error){ STATUS_OK, "" };
	if (ingested == STATUS_OK &&
	    search_keep(s, -1, &cmd_stop, why) == STATUS_OK)
		error_clear(why);
}

/* What is said behind the summary, and the exit code. */
static int
ingest_end(struct cmd_run *run, const struct ingest_counts *c, bool interrupted)
{
	if (interrupted)
		cmd_complain(run, "interrupted; what is counted is in, run it "
		    "again for the rest");
	return interrupted || c->conflicts > 0 || c->refused > 0 ? EXIT_SHORT :
	    EXIT_WELL;
}

static int
ingest_cmd(struct cmd_run *run)
{
	struct telling t = { .run = run };
	struct ingest_options o = {
		.paths = (const char *const *)run->argv,
		.npaths = (size_t)run->argc,
		.queue = cmd_value(run, "queue"),
		.rejects_path = cmd_value(run, "rejects"),
		.verdicts_path = cmd_value(run, "verdicts"),
		.stop = &cmd_stop, .report = tell_refusal, .arg = &t
	};
	struct ingest_counts c;
	struct error search;
	struct session *s;
	enum status st;

	if (o.queue != NULL && (o.queue[0] == '\0' ||
	    strlen(o.queue) > ITEM_NAME_MAX))
		return cmd_usage(run, "--queue: a name of 1 to %d bytes is "
		    "wanted", ITEM_NAME_MAX);
	if (cmd_shape(run, &o.format) != STATUS_OK ||
	    check_paths(run, &o.inputs_path) != STATUS_OK)
		return cmd_unable(run);
	if ((s = cmd_session(run, CMD_CREATES)) == NULL)
		return EXIT_UNABLE;
	cmd_catch_stop();
	t.begun_ns = cmd_clock_ns();
	if (isatty(STDERR_FILENO))
		o.progress = tell_progress;
	st = ingest_run(s, &o, &c, &run->err);
	keep_search(s, st, &search);
	session_close(s);
	clear_progress(&t);
	if (st != STATUS_OK && st != STATUS_INTERRUPTED)
		return cmd_unable(run);
	if (print_summary(&c, cmd_value(run, "json") != NULL, &run->err) !=
	    STATUS_OK)
		return cmd_unable(run);
	if (search.code != STATUS_OK)
		cmd_complain(run, search.text);
	return ingest_end(run, &c, st == STATUS_INTERRUPTED);
}

static const struct cmd_option options[] = {
	{ "format", 'f', "SHAPE", "take every record for this shape of "
	    "handrail-record(5)" },
	{ "inputs", 0, "FILE", "the request lines that a batch's output answers" },
	{ "scores", 0, "FILE", "the scores of Langfuse's observations" },
	{ "queue", 'q', "QUEUE", "put every record into this queue" },
	{ "rejects", 0, "FILE", "write refused lines here, as they came" },
	{ "verdicts", 0, "FILE", "write a verdict a record here; - is standard "
	    "output" },
	{ "json", 0, NULL, "the summary as JSON" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_ingest = {
	"ingest", "[FILE|DIR|-]...", "take records in, guard and route them",
	options, NULL, ingest_cmd
};
