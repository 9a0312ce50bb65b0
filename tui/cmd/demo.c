/* A throw-away store filled with the bundled samples, opened in review. */
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "queue/file.h"
#include "queue/ingest/ingest.h"
#include "tui/cmd/review.h"
#include "tui/embed.h"

#define DEMO_FOLDER	"tui/demo/"	/* among the embedded files */

struct demo {
	struct cmd_run	*run;
	char		 dir[256];
	struct buf	 store, policy, records;
};

static enum status
demo_unpack(struct demo *d, struct error *err)
{
	const struct embedded *e;
	struct out_file f;
	struct buf path = BUF_INIT;
	enum status st = STATUS_OK;

	for (e = embedded_files; e->path != NULL && st == STATUS_OK; e++) {
		if (strncmp(e->path, DEMO_FOLDER, strlen(DEMO_FOLDER)) != 0)
			continue;
		buf_clear(&path);
		buf_printf(&path, "%s/%s", d->dir,
		    e->path + strlen(DEMO_FOLDER));
		if ((st = buf_check(&path, err)) != STATUS_OK ||
		    (st = out_file_open(&f, buf_str(&path), 0600, err)) !=
		    STATUS_OK)
			break;
		st = out_file_add(&f, (struct slice){ e->bytes, e->len }, err);
		if (st == STATUS_OK)
			st = out_file_commit(&f, err);
		out_file_drop(&f);
	}
	buf_release(&path);
	return st;
}

static enum status
demo_make(struct demo *d, struct error *err)
{
	const char *tmp = getenv("TMPDIR");
	int n = snprintf(d->dir, sizeof(d->dir), "%s/handrail-demo-XXXXXX",
	    tmp == NULL || tmp[0] == '\0' ? "/tmp" : tmp);

	if (n < 0 || (size_t)n >= sizeof(d->dir) || mkdtemp(d->dir) == NULL)
		return error_set(err, STATUS_IO, "%s: %s", d->dir,
		    strerror(errno));
	buf_printf(&d->store, "%s/demo.db", d->dir);
	buf_printf(&d->policy, "%s/demo.conf", d->dir);
	buf_printf(&d->records, "%s/demo.jsonl", d->dir);
	return demo_unpack(d, err);
}

static int
remove_one(const char *path, const struct stat *sb, int type, struct FTW *ftw)
{
	(void)sb;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void
demo_release(struct demo *d, bool keep)
{
	if (!keep && d->dir[0] != '\0')
		(void)nftw(d->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	buf_release(&d->store);
	buf_release(&d->policy);
	buf_release(&d->records);
}

static void
tell_refusal(void *arg, const char *line)
{
	cmd_complain(arg, line);
}

static enum status
demo_fill(struct demo *d, struct session *s, struct ingest_counts *c,
    struct error *err)
{
	const char *paths[] = { buf_str(&d->records) };
	struct ingest_options o = {
		.paths = paths, .npaths = 1, .report = tell_refusal,
		.arg = d->run
	};

	return ingest_run(s, &o, c, err);
}

static void
demo_tell(struct demo *d, const struct ingest_counts *c)
{
	(void)printf("The demo's store, a test store, is %s: of %llu samples %llu approved, "
	    "%llu flagged and %llu escalated.\n", buf_str(&d->store),
	    (unsigned long long)(c->approved + c->flagged + c->escalated),
	    (unsigned long long)c->approved, (unsigned long long)c->flagged,
	    (unsigned long long)c->escalated);
	/* As it was called: it need not be in PATH. */
	(void)printf("To go on:\n"
	    "  %s -d %s review     # in a terminal\n"
	    "  %s -d %s list\n"
	    "  %s -d %s stats\n"
	    "  rm -r %s                  # when done\n",
	    program_invocation_name, buf_str(&d->store),
	    program_invocation_name, buf_str(&d->store),
	    program_invocation_name, buf_str(&d->store), d->dir);
}

static int
demo_cmd(struct cmd_run *run)
{
	bool screen = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	struct session_options o = {
		.via = "tui", .create = true, .test = true,
		.wait_ms = run->wait_ms
	};
	struct demo d = { .run = run };
	struct list_filter f = { 0 };
	struct ingest_counts c;
	struct session *s = NULL;
	enum status st;
	int rc = EXIT_WELL;

	if ((st = demo_make(&d, &run->err)) == STATUS_OK) {
		o.store_path = buf_str(&d.store);
		o.policy_path = buf_str(&d.policy);
		st = cmd_open(run, &s, o);
	}
	if (st == STATUS_OK)
		st = demo_fill(&d, s, &c, &run->err);
	if (st != STATUS_OK) {
		(void)cmd_fail(run);
		rc = EXIT_UNABLE;
	} else if (screen) {
		rc = review_session(run, s, &f);
		(void)printf("The demo's store is gone with it.\n");
	} else
		demo_tell(&d, &c);
	session_close(s);
	demo_release(&d, rc == EXIT_WELL && !screen);
	return rc;
}

static const struct cmd_option options[] = { { NULL, 0, NULL, NULL } };
const struct cmd cmd_demo = {
	"demo", "", "a throw-away store of samples, opened in review", options,
	NULL, demo_cmd
};
