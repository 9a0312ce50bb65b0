#include "tui/cmd/review.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tui/cmd/review_plain.h"
#include "tui/review/review.h"

#define REVIEW_WAIT_MS	50	/* a key is answered within 100 ms */

int
review_session(struct cmd_run *run, struct session *s,
    const struct list_filter *f)
{
	char hex[HASH_HEX];
	struct hash root;
	uint64_t size;
	enum status st;

	if (cmd_value(run, "plain") != NULL) {
		st = review_plain(run, s, f);
	} else {
		store_set_wait(s->store, REVIEW_WAIT_MS);
		st = review_screen(s, f, &run->err);
		store_set_wait(s->store, run->wait_ms);
	}
	if (st != STATUS_OK)
		return cmd_fail(run);
	if (audit_root(s->store, &size, &root, &run->err) != STATUS_OK)
		return cmd_fail(run);
	hash_hex(&root, hex);
	(void)printf("audit log %s: %" PRIu64 " leaves, root %s\n",
	    store_log(s->store), size, hex);
	return EXIT_WELL;
}

/* May there be no terminal, since the keys of a test store come from a file?
 * Found out before anything is done to the store. */
static bool
has_script(struct cmd_run *run)
{
	struct session_options o = {
		.store_path = run->store, .via = "tui", .read_only = true,
		.any_policy = true, .any_version = true, .wait_ms = run->wait_ms
	};
	struct session *s;
	bool has;

	if (cmd_open(run, &s, o) != STATUS_OK) {
		error_clear(&run->err);	/* the next to open it reports that */
		return false;
	}
	has = review_script(s) != NULL;
	session_close(s);
	return has;
}

static int
review_cmd(struct cmd_run *run)
{
	struct session_options o = {
		.store_path = run->store, .policy_path = run->policy,
		.via = "tui", .with_process = true, .wait_ms = run->wait_ms,
		.notice = cmd_notice
	};
	struct list_filter f = {
		.queue = cmd_value(run, "queue"),
		.where = cmd_value(run, "where")
	};
	const char *state = cmd_value(run, "state");
	struct session *s;
	int rc;

	if (state != NULL && (!list_state_from(state, &f.state) ||
	    f.state > LIST_ESCALATED))
		return cmd_usage(run, "--state %s: flagged or escalated is "
		    "wanted", state);
	if (cmd_value(run, "plain") == NULL &&
	    (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) &&
	    !has_script(run))
		return cmd_usage(run, "review needs a terminal; without one, "
		    "use --plain, or next and decide");
	if (cmd_open(run, &s, o) != STATUS_OK)
		return cmd_unable(run);
	rc = cmd_queue(run, s) == STATUS_OK ?
	    review_session(run, s, &f) : cmd_unable(run);
	session_close(s);
	return rc;
}

static const struct cmd_option options[] = {
	{ "queue", 'q', "QUEUE", "of this queue only" },
	{ "state", 's', "STATE", "flagged (the default) or escalated" },
	{ "where", 'w', "CONDITION", "for which this holds" },
	{ "plain", 0, NULL, "line by line, without the screen" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_review = {
	"review", "", "review on the screen", options, NULL, review_cmd
};
