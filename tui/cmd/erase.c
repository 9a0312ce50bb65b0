#include "queue/erase.h"

#include <stdio.h>

#include "queue/review/list.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/parts.h"

static int
erase_cmd(struct cmd_run *run)
{
	struct session *s;
	enum status st;
	int64_t item;

	if (run->argc != 1)
		return cmd_usage(run, "one ID is wanted");
	if ((s = cmd_session(run, CMD_WRITES)) == NULL)
		return EXIT_UNABLE;
	st = list_find(s, run->argv[0], cmd_value(run, "queue"), &item,
	    &run->err);
	parts_sweep(run, run->store);
	if (st == STATUS_OK)
		st = erase_item(s, item, &run->err);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const struct cmd_option options[] = {
	{ "queue", 'q', "QUEUE", "the item of this queue" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_erase = {
	"erase", "ID", "remove an item's text for good, keep the proof", options,
	NULL, erase_cmd
};
