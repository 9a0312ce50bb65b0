#include <stdio.h>

#include "db/backup.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/parts.h"

static const struct cmd_option no_options[] = { { NULL, 0, NULL, NULL } };

struct signing {
	struct cmd_run	*run;
	bool		 test;		/* the copy is a test store's */
};

/* The log of the store that is put back says so before the store has its name. */
static enum status
restore_sign(void *arg, const char *part, struct error *err)
{
	struct signing *g = arg;
	struct identity id;
	const struct session_options o = { .who = &id, .store_path = part,
	    .via = "cli", .any_policy = true, .wait_ms = g->run->wait_ms,
	    .witness = WITNESS_ACCEPT, .witness_place = g->run->store };
	struct session *s;
	enum status st;

	if ((st = identity_get(&id, err)) != STATUS_OK ||
	    (st = session_open(&s, &o, err)) != STATUS_OK)
		return st;
	g->test = store_is_test(s->store);
	st = session_log(s, "restore", err);
	session_close(s);
	return st;
}

static int
restore_cmd(struct cmd_run *run)
{
	struct signing g = { run, false };
	char line[4200];
	enum status st;

	if (run->argc != 1)
		return cmd_usage(run, "one FILE is wanted, as backup made it");
	parts_sweep(run, run->store);
	st = store_restore(run->argv[0], run->store, restore_sign, &g,
	    &run->err);
	if (st == STATUS_CORRUPT) {
		(void)cmd_fail(run);
		return EXIT_SHORT;
	}
	if (st != STATUS_OK)
		return cmd_unable(run);
	if (g.test) {
		(void)snprintf(line, sizeof(line), "%s: " STORE_TEST_SAYS,
		    run->store);
		cmd_complain(run, line);
	}
	return EXIT_WELL;
}

const struct cmd cmd_restore = {
	"restore", "FILE", "put a copy back", no_options, NULL, restore_cmd
};
