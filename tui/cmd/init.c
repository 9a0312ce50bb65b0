#include <stdio.h>

#include "db/audit/checkpoint.h"
#include "tui/cmd/cmd.h"

static int
init_cmd(struct cmd_run *run)
{
	struct session_options o = {
		.store_path = run->store, .policy_path = run->policy,
		.via = "cli", .create = true, .wait_ms = run->wait_ms,
		.group = cmd_value(run, "group"),
		.test = cmd_value(run, "test") != NULL, .notice = cmd_notice
	};
	struct buf key = BUF_INIT;
	const char *shared;
	struct session *s;
	enum status st;

	if (cmd_open(run, &s, o) != STATUS_OK)
		return cmd_unable(run);
	shared = store_group(s->store);
	if (o.group != NULL && (shared == NULL ||
	    strcmp(shared, o.group) != 0)) {
		(void)error_set(&run->err, STATUS_CONFLICT, "--group %s: %s is "
		    "there already, shared with %s; only a new store can be "
		    "shared", o.group, store_path(s->store),
		    shared == NULL ? "nobody" : shared);
		session_close(s);
		return cmd_unable(run);
	}
	if (o.test && !store_is_test(s->store)) {
		(void)error_set(&run->err, STATUS_CONFLICT, "--test: %s is "
		    "there already, a real store; only a new store can be a "
		    "test store", store_path(s->store));
		session_close(s);
		return cmd_unable(run);
	}
	st = checkpoint_key(s->store, &key, &run->err);
	(void)printf("store %s\nlog   %s\n", store_path(s->store),
	    store_log(s->store));
	if (st == STATUS_OK)
		(void)printf("key   %s\n", buf_str(&key));
	buf_release(&key);
	if (store_is_test(s->store))
		(void)puts("test  " STORE_TEST_SAYS);
	session_close(s);
	return st == STATUS_OK || st == STATUS_NOT_FOUND ? EXIT_WELL :
	    cmd_unable(run);
}

static const struct cmd_option options[] = {
	{ "group", 'g', "GROUP", "share the store with this group" },
	{ "test", 0, NULL, "a test store, for ever: it obeys a clock and keys from "
	    "outside (HANDRAIL_CLOCK, HANDRAIL_SCRIPT)" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_init = {
	"init", "", "make the store and its audit log", options, NULL, init_cmd
};
