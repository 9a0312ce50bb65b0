#include <stdio.h>

#include "db/sqlite/backup.h"
#include "tui/cmd/cmd.h"

static const struct cmd_option no_options[] = { { NULL, 0, NULL, NULL } };

/* The log of the store that was put back says so. */
static enum status
restore_leaf(struct session *s, struct error *err)
{
	struct actor who = session_actor(s);
	enum status st;
	int64_t seq;

	if ((st = store_begin(s->store, DURABLE_NOW, err)) != STATUS_OK)
		return st;
	if ((st = audit_append(s->store, &who, store_now_ms(s->store), "restore",
	    SLICE_NONE, NULL, 0, &seq, err)) == STATUS_OK)
		return store_commit(s->store, err);
	store_rollback(s->store);
	return st;
}

static int
restore_cmd(struct cmd_run *run)
{
	char line[4200];
	struct session *s;
	enum status st;

	if (run->argc != 1)
		return cmd_usage(run, "one FILE is wanted, as backup made it");
	st = store_restore(run->argv[0], run->store, &run->err);
	if (st == STATUS_CORRUPT) {
		(void)cmd_fail(run);
		return EXIT_SHORT;
	}
	if (st != STATUS_OK)
		return cmd_unable(run);
	run->policy = NULL;	/* the copy's own */
	if ((s = cmd_session(run, CMD_WRITES)) == NULL)
		return EXIT_UNABLE;
	if (store_is_test(s->store)) {
		(void)snprintf(line, sizeof(line), "%s: " STORE_TEST_SAYS,
		    store_path(s->store));
		cmd_complain(run, line);
	}
	st = restore_leaf(s, &run->err);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_unable(run);
}

const struct cmd cmd_restore = {
	"restore", "FILE", "put a copy back", no_options, NULL, restore_cmd
};
