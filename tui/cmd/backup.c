#include "db/sqlite/backup.h"

#include <stdio.h>

#include "tui/cmd/cmd.h"

static const struct cmd_option no_options[] = { { NULL, 0, NULL, NULL } };

static int
backup_cmd(struct cmd_run *run)
{
	struct session *s;
	enum status st;

	if (run->argc != 1)
		return cmd_usage(run, "one FILE is wanted");
	if ((s = cmd_session(run, CMD_ANY_POLICY | CMD_ANY_VERSION)) == NULL)
		return EXIT_UNABLE;
	st = store_backup(s->store, run->argv[0], &run->err);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_unable(run);
}

const struct cmd cmd_backup = {
	"backup", "FILE", "a consistent copy while others work", no_options, NULL,
	backup_cmd
};
