#include "queue/ingest/reroute.h"

#include <inttypes.h>
#include <stdio.h>

#include "tui/cmd/cmd.h"

static void
print_counts(const struct reroute_counts *c, bool json)
{
	uint64_t n = c->approved + c->flagged + c->escalated;

	(void)printf(json ? "{\"rerouted\":%" PRIu64 ",\"approved\":%" PRIu64
	    ",\"flagged\":%" PRIu64 ",\"escalated\":%" PRIu64 ",\"held\":%" PRIu64
	    ",\"current\":%" PRIu64 "}\n" : "rerouted %" PRIu64 ": %" PRIu64
	    " approved, %" PRIu64 " flagged, %" PRIu64 " escalated; %" PRIu64
	    " held by reviewers, %" PRIu64 " of this policy already\n", n,
	    c->approved, c->flagged, c->escalated, c->held, c->current);
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
	print_counts(&c, cmd_value(run, "json") != NULL);
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
