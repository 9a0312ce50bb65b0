#include "queue/ingest/reroute.h"

#include <inttypes.h>

#include "core/json/write.h"
#include "tui/cmd/cmd.h"

static enum status
print_counts(const struct reroute_counts *c, bool json, struct error *err)
{
	uint64_t n = c->approved + c->flagged + c->escalated;
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	enum status st;

	if (json) {
		write_object(&w, NULL);
		write_uint(&w, "rerouted", n);
		write_uint(&w, "approved", c->approved);
		write_uint(&w, "flagged", c->flagged);
		write_uint(&w, "escalated", c->escalated);
		write_uint(&w, "held", c->held);
		write_uint(&w, "current", c->current);
		write_end(&w);
		write_line(&w);
	} else
		buf_printf(&b, "rerouted %" PRIu64 ": %" PRIu64 " approved, %"
		    PRIu64 " flagged, %" PRIu64 " escalated; %" PRIu64
		    " held by reviewers, %" PRIu64 " of this policy already\n",
		    n, c->approved, c->flagged, c->escalated, c->held,
		    c->current);
	st = cmd_print(&b, err);
	buf_release(&b);
	return st;
}

static int
reroute_cmd(struct cmd_run *run)
{
	struct reroute_counts c;
	struct session *s;
	enum status st;

	if ((s = cmd_session(run, CMD_WRITES)) == NULL)
		return EXIT_UNABLE;
	cmd_catch_stop();
	if ((st = cmd_queue(run, s)) == STATUS_OK)
		st = reroute_run(s, cmd_value(run, "queue"), &cmd_stop, &c,
		    &run->err);
	session_close(s);
	if (st != STATUS_OK && st != STATUS_INTERRUPTED)
		return cmd_fail(run);
	if (print_counts(&c, cmd_value(run, "json") != NULL, &run->err) !=
	    STATUS_OK)
		return cmd_fail(run);
	if (st == STATUS_INTERRUPTED)
		cmd_complain(run, "interrupted; run it again for the rest");
	return st == STATUS_OK ? EXIT_WELL : EXIT_SHORT;
}

static const struct cmd_option options[] = {
	{ "queue", 'q', "QUEUE", "of this queue only" },
	{ "json", 0, NULL, "the summary as JSON" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_reroute = {
	"reroute", "", "put what is still flagged through the current policy",
	options, NULL, reroute_cmd
};
