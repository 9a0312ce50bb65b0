#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "queue/release/release.h"
#include "tui/cmd/cmd.h"

#define FOLLOW_MS	100	/* between two readings of the store's version */
#define FOLLOW_MOST_NS	1000000000	/* then whatever it says */

static enum status
print_release(void *arg, const struct release *r, struct error *err)
{
	struct buf *b = arg;

	release_json(b, r);
	buf_putc(b, '\n');
	return cmd_print(b, err);
}

/* Waits until another connection has written, or a held release may be due;
 * false where nobody reads any more. */
static bool
wait_for_change(struct session *s, int64_t *version)
{
	struct pollfd out = { .fd = STDOUT_FILENO };
	int64_t now, until = cmd_clock_ns() + FOLLOW_MOST_NS;

	while (!cmd_stop && cmd_clock_ns() < until) {
		if ((now = store_version(s->store)) != *version) {
			*version = now;
			return true;
		}
		if (poll(&out, 1, FOLLOW_MS) > 0)
			return false;
	}
	return true;
}

static int
releases_cmd(struct cmd_run *run)
{
	bool follow = cmd_value(run, "follow") != NULL;
	const char *queue = cmd_value(run, "queue");
	int64_t after = 0, version = -1;
	struct buf b = BUF_INIT;
	struct session *s;
	enum status st;

	if (cmd_number(run, "after", 0, INT64_MAX, &after) != STATUS_OK)
		return cmd_fail(run);
	if ((s = cmd_session(run, CMD_WRITES)) == NULL)
		return EXIT_UNABLE;
	cmd_catch_stop();
	if ((st = cmd_queue_soon(run, s)) != STATUS_OK)
		goto out;
	do {
		st = release_due(s->store, &run->err);
		if (st == STATUS_OK)
			st = release_each(s, after, queue, print_release, &b,
			    &after, &run->err);
		if (st != STATUS_OK || !follow)
			break;
		if (fflush(stdout) != 0)
			st = error_set(&run->err, STATUS_IO,
			    "standard output: %s", strerror(errno));
		else
			st = store_in_place(s->store, &run->err);
	} while (st == STATUS_OK && wait_for_change(s, &version) && !cmd_stop);
out:
	buf_release(&b);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const struct cmd_option options[] = {
	{ "after", 'a', "N", "those behind this number (0)" },
	{ "queue", 'q', "QUEUE", "of this queue only" },
	{ "follow", 'f', NULL, "go on, and print each as it comes" },
	{ "json", 0, NULL, "JSON Lines, as always" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_releases = {
	"releases", "", "what may go to the end user, in order, as JSON Lines",
	options, NULL, releases_cmd
};
