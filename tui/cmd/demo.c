/* A throw-away store filled with the bundled samples, opened in review. */
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "queue/file.h"
#include "queue/ingest/ingest.h"
#include "queue/review/decide.h"
#include "queue/review/review.h"
#include "tui/cmd/review.h"
#include "tui/embed.h"

#define DEMO_FOLDER	"tui/demo/"	/* among the embedded files */
#define HOUR_MS		3600000LL
#define DAY_AGO		(24 * HOUR_MS)	/* when yesterday's records came */
#define NOW_AGO		(HOUR_MS / 5)	/* and today's */

/* What two colleagues did of it. */
struct past {
	const char	*who, *id;
	int64_t		 ago_ms;
	enum decision	 decision;
	const char	*reason, *note, *output;
};
static const struct past past[] = {
	{ "ana", "tkt-4691-1", DAY_AGO - HOUR_MS / 12, DECISION_ACCEPT, NULL, NULL,
	    NULL },
	{ "ana", "tkt-4692-1", DAY_AGO - HOUR_MS / 10, DECISION_EDIT, NULL, NULL,
	    "We can change it. Please tell us which length you need; we will "
	    "write to you about the cost." },
	{ "ben", "tkt-4694-1", DAY_AGO - HOUR_MS / 9, DECISION_ACCEPT, NULL, NULL,
	    NULL },
	{ "ben", "tkt-4690-1", DAY_AGO - HOUR_MS / 6, DECISION_REJECT, "policy",
	    "a photo first, then the money", NULL },
	{ "ana", "tkt-4693-1", DAY_AGO - HOUR_MS / 4, DECISION_ESCALATE,
	    "legal threat; ask the lead", NULL, NULL }
};
/* And a word for whoever comes next. */
static const struct past said = { "ben", "tkt-4711-2", NOW_AGO - HOUR_MS / 10,
    DECISION_ACCEPT, NULL, "the warehouse confirmed it on Monday", NULL };

struct demo {
	struct cmd_run	*run;
	char		 dir[256];
	struct buf	 store, policy, clock;
	const char	*kept;		/* the folder that stays; NULL */
	int64_t		 now_ms;
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
folder_refuse(struct demo *d, struct error *err)
{
	const char *store = buf_str(&d->store);
	int why = errno;

	if (why == EEXIST && store != NULL && access(store, F_OK) == 0)
		return error_set(err, STATUS_IO, "%s is there already: name a "
		    "folder that is not, or go on with handrail -d %s review",
		    d->dir, store);
	return error_set(err, STATUS_IO, "%s%s%s", d->dir, why == EEXIST ? " " :
	    ": ", why == EEXIST ? "is there already: name a folder that is "
	    "not" : strerror(why));
}

static enum status
demo_make(struct demo *d, struct error *err)
{
	const char *tmp = getenv("TMPDIR");
	int n = d->kept != NULL ? snprintf(d->dir, sizeof(d->dir), "%s",
	    d->kept) : snprintf(d->dir, sizeof(d->dir),
	    "%s/handrail-demo-XXXXXX", tmp == NULL || tmp[0] == '\0' ? "/tmp" :
	    tmp);

	if (n < 0 || (size_t)n >= sizeof(d->dir)) {
		d->dir[0] = '\0';
		return error_set(err, STATUS_INVALID, "the folder's name is too "
		    "long");
	}
	if (d->kept == NULL && mkdtemp(d->dir) == NULL)
		return error_set(err, STATUS_IO, "%s: %s", d->dir,
		    strerror(errno));
	buf_printf(&d->store, "%s/demo.db", d->dir);
	if (d->kept != NULL && mkdir(d->dir, 0700) != 0)
		return folder_refuse(d, err);
	buf_printf(&d->policy, "%s/demo.conf", d->dir);
	buf_printf(&d->clock, "%s/clock", d->dir);
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
	buf_release(&d->clock);
}

static void
tell_refusal(void *arg, const char *line)
{
	cmd_complain(arg, line);
}

/* The store's clock stands so long before now: it is a test store. */
static enum status
demo_at(struct demo *d, int64_t ago_ms, struct error *err)
{
	char text[64];
	struct out_file f;
	int n = snprintf(text, sizeof(text), "%lld,%lld\n",
	    (long long)(d->now_ms - ago_ms), (long long)(DAY_AGO - ago_ms));
	enum status st = out_file_open(&f, buf_str(&d->clock), 0600, err);

	if (st != STATUS_OK)
		return st;
	st = out_file_add(&f, (struct slice){ text, (size_t)n }, err);
	if (st == STATUS_OK)
		st = out_file_commit(&f, err);
	out_file_drop(&f);
	return st;
}

static enum status
demo_take(struct demo *d, struct session *s, const char *name,
    struct ingest_counts *sum, struct error *err)
{
	struct ingest_counts c;
	struct buf path = BUF_INIT;
	const char *paths[1];
	struct ingest_options o = {
		.paths = paths, .npaths = 1, .report = tell_refusal,
		.arg = d->run
	};
	enum status st;

	buf_printf(&path, "%s/%s", d->dir, name);
	if ((st = buf_check(&path, err)) == STATUS_OK) {
		paths[0] = buf_str(&path);
		st = ingest_run(s, &o, &c, err);
	}
	buf_release(&path);
	if (st != STATUS_OK)
		return st;
	sum->approved += c.approved;
	sum->flagged += c.flagged;
	sum->escalated += c.escalated;
	return STATUS_OK;
}

/* As the colleague: the demo's store is nobody's proof. */
static enum status
demo_act(struct demo *d, struct session *s, const struct past *p, bool note,
    struct error *err)
{
	struct decide x = { .decision = p->decision, .token = -1,
	    .reason = slice_of(p->reason), .note = slice_of(p->note),
	    .output = slice_of(p->output) };
	struct identity me = s->who;
	struct decided done;
	enum status st;

	if ((st = demo_at(d, p->ago_ms, err)) != STATUS_OK ||
	    (st = list_find(s, p->id, NULL, &x.item, err)) != STATUS_OK)
		return st;
	s->who.uid = p->who[0] == 'a' ? 61001 : 61002;
	(void)snprintf(s->who.name, sizeof(s->who.name), "%s", p->who);
	st = note ? review_note(s, x.item, x.note, err) :
	    review_decide(s, &x, &done, err);
	s->who = me;
	return st;
}

static enum status
demo_fill(struct demo *d, struct session *s, struct ingest_counts *c,
    struct error *err)
{
	enum status st;
	size_t i;

	memset(c, 0, sizeof(*c));
	if ((st = demo_at(d, DAY_AGO, err)) != STATUS_OK ||
	    (st = demo_take(d, s, "yesterday.jsonl", c, err)) != STATUS_OK)
		return st;
	for (i = 0; i < sizeof(past) / sizeof(past[0]); i++)
		if ((st = demo_act(d, s, &past[i], false, err)) != STATUS_OK)
			return st;
	if ((st = demo_at(d, NOW_AGO, err)) != STATUS_OK ||
	    (st = demo_take(d, s, "demo.jsonl", c, err)) != STATUS_OK ||
	    (st = demo_take(d, s, "today.jsonl", c, err)) != STATUS_OK)
		return st;
	return demo_act(d, s, &said, true, err);
}

/* The lines to go on with, as the program was called: it need not be in PATH. */
static void
demo_lines(const struct demo *d)
{
	const char *me = program_invocation_name, *dir = d->dir;

	(void)printf("To go on:\n"
	    "  %s -d %s/demo.db review     # in a terminal\n"
	    "  %s -d %s/demo.db list\n"
	    "  %s -d %s/demo.db audit query --since yesterday\n"
	    "  %s -d %s/demo.db export --format jsonl -o edits.jsonl\n"
	    "  rm -r %s                  # when done\n",
	    me, dir, me, dir, me, dir, me, dir, dir);
}

static void
demo_tell(struct demo *d, const struct ingest_counts *c)
{
	(void)printf("The demo's store, a test store, is %s: of %llu samples %llu approved, "
	    "%llu flagged and %llu escalated.\n", buf_str(&d->store),
	    (unsigned long long)(c->approved + c->flagged + c->escalated),
	    (unsigned long long)c->approved, (unsigned long long)c->flagged,
	    (unsigned long long)c->escalated);
	demo_lines(d);
}

/* After the screen: with records of one's own. */
static void
demo_bye(const struct demo *d)
{
	const char *me = program_invocation_name;

	if (d->kept != NULL) {
		demo_lines(d);
		return;
	}
	(void)printf("The demo's store is gone with it; demo --keep DIR keeps it. "
	    "With records of your own:\n"
	    "  %s ingest FILE.jsonl\n"
	    "  %s review\n"
	    "  %s export --format jsonl -o edits.jsonl\n", me, me, me);
}

/* Filled under a clock of its own, then opened at the time that it is. */
static enum status
demo_open(struct demo *d, struct session **s, struct ingest_counts *c,
    struct error *err)
{
	const char *outside = getenv("HANDRAIL_CLOCK");
	char *before = outside == NULL ? NULL : strdup(outside);
	struct session_options o = {
		.via = "tui", .named = true, .create = true, .test = true,
		.with_process = true,
		.wait_ms = d->run->wait_ms
	};
	struct buf at = BUF_INIT;
	enum status st;

	d->now_ms = outside == NULL || outside[0] == '@' ?
	    (int64_t)time(NULL) * 1000 : strtoll(outside, NULL, 10);
	buf_printf(&at, "@%s", buf_str(&d->clock));
	o.store_path = buf_str(&d->store);
	o.policy_path = buf_str(&d->policy);
	(void)setenv("HANDRAIL_CLOCK", buf_str(&at), 1);
	if ((st = demo_at(d, DAY_AGO, err)) == STATUS_OK &&
	    (st = cmd_open(d->run, s, o)) == STATUS_OK)
		st = demo_fill(d, *s, c, err);
	session_close(*s);
	*s = NULL;
	(void)(before == NULL ? unsetenv("HANDRAIL_CLOCK") :
	    setenv("HANDRAIL_CLOCK", before, 1));
	free(before);
	buf_release(&at);
	if (st != STATUS_OK)
		return st;
	(void)unlink(buf_str(&d->clock));
	o.create = o.test = false;
	o.policy_path = NULL;
	return cmd_open(d->run, s, o);
}

static int
demo_cmd(struct cmd_run *run)
{
	bool screen = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	struct demo d = { .run = run, .kept = cmd_value(run, "keep") };
	struct list_filter f = { 0 };
	struct ingest_counts c;
	struct session *s = NULL;
	enum status st;
	int rc = EXIT_WELL;

	if ((st = demo_make(&d, &run->err)) == STATUS_OK)
		st = demo_open(&d, &s, &c, &run->err);
	if (st != STATUS_OK) {
		(void)cmd_fail(run);
		rc = EXIT_UNABLE;
	} else if (screen) {
		rc = review_session(run, s, &f);
		demo_bye(&d);
	} else
		demo_tell(&d, &c);
	session_close(s);
	demo_release(&d, d.kept != NULL || (rc == EXIT_WELL && !screen));
	return rc;
}

static const struct cmd_option options[] = {
	{ "keep", 0, "DIR", "make it there, and leave it" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_demo = {
	"demo", "", "a throw-away store of samples, opened in review", options,
	NULL, demo_cmd
};
