#include <inttypes.h>
#include <stdio.h>

#include "queue/erase.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/parts.h"

static int
purge_cmd(struct cmd_run *run)
{
	struct session *s;
	enum status st;
	struct cmd_when when;
	int64_t before;
	uint64_t n;

	if (run->argc > 0 || cmd_value(run, "before") == NULL)
		return cmd_usage(run, "--before TIME is wanted, and nothing else");
	if (cmd_time(run, "before", &when) != STATUS_OK)
		return cmd_fail(run);
	if ((s = cmd_session(run, CMD_WRITES)) == NULL)
		return EXIT_UNABLE;
	before = cmd_when_ms(&when, s);
	/* A wrong year must not take everything away. */
	if (before > store_now_ms(s->store)) {
		session_close(s);
		return cmd_usage(run, "--before %s: that is still to come",
		    cmd_value(run, "before"));
	}
	cmd_catch_stop();
	parts_sweep(run, run->store);
	st = erase_before(s, before, &cmd_stop, &n, &run->err);
	session_close(s);
	if (st != STATUS_OK)
		return cmd_fail(run);
	(void)printf("purged %" PRIu64 "\n", n);
	return EXIT_WELL;
}

static const struct cmd_option options[] = {
	{ "before", 0, "TIME", "what came in before then, and is settled" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_purge = {
	"purge", "--before TIME", "remove the text of old items for good", options,
	NULL, purge_cmd
};
