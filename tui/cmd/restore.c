#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "db/audit/verify.h"
#include "db/backup.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/parts.h"

static const struct cmd_option options[] = {
	{ "anyway", 0, NULL, "also where its log does not prove it" },
	{ NULL, 0, NULL, NULL }
};

struct signing {
	struct cmd_run	*run;
	bool		 test;		/* the copy is a test store's */
	char		 first[300];	/* of what its log does not prove */
};

static void
keep_first(void *arg, const char *line)
{
	struct signing *g = arg;

	if (g->first[0] == '\0')
		(void)snprintf(g->first, sizeof(g->first), "%s", line);
}

/* What was altered in a copy would be what people see from now on. */
static enum status
restore_prove(struct signing *g, struct store *s, struct error *err)
{
	struct audit_report r;
	enum status st;

	if (cmd_value(g->run, "anyway") != NULL)
		return STATUS_OK;
	if ((st = audit_verify(s, keep_first, g, &r, err)) != STATUS_OK ||
	    r.problems == 0)
		return st;
	return error_set(err, STATUS_CORRUPT, "%s: its log does not prove it (%s): "
	    "take an older one; handrail -d %s audit verify says all, --anyway puts "
	    "it back as it is", g->run->argv[0], g->first, g->run->argv[0]);
}

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
	if ((st = restore_prove(g, s->store, err)) == STATUS_OK)
		st = session_log(s, "restore", err);
	session_close(s);
	return st;
}

/* Of a backup, what a store is told to be mended by is no advice. */
static void
take_older(const char *backup, struct error *err)
{
	char *advice;

	if (strncmp(err->text, backup, strlen(backup)) != 0)
		(void)error_prefix(err, "%s", backup);
	if ((advice = strstr(err->text, ": put a backup back")) == NULL)
		advice = strstr(err->text, ": handrail doctor says");
	if (advice != NULL)
		(void)snprintf(advice, sizeof(err->text) - (size_t)(advice -
		    err->text), ": take an older one");
}

/* SQLite would read it as part of the backup, whosever it is. */
static enum status
restore_alone(struct cmd_run *run, const char *backup)
{
	char *real = realpath(backup, NULL);
	struct buf wal = BUF_INIT;
	struct stat sb;
	enum status st;

	buf_printf(&wal, "%s-wal", real == NULL ? backup : real);
	free(real);
	if ((st = buf_check(&wal, &run->err)) == STATUS_OK &&
	    cmd_value(run, "anyway") == NULL && stat(buf_str(&wal), &sb) == 0 &&
	    sb.st_size > 0)
		st = error_set(&run->err, STATUS_CORRUPT, "%s: is no part of the "
		    "backup, but would be read with it: move it away; if %s is "
		    "a store in use, copy it with handrail -d %s backup FILE, and "
		    "restore FILE; --anyway reads both", buf_str(&wal), backup,
		    backup);
	buf_release(&wal);
	return st;
}

static int
restore_cmd(struct cmd_run *run)
{
	struct signing g = { .run = run };
	char line[4200];
	enum status st;

	if (run->argc != 1)
		return cmd_usage(run, "one FILE is wanted, as backup made it");
	if (restore_alone(run, run->argv[0]) != STATUS_OK) {
		(void)cmd_fail(run);
		return EXIT_SHORT;
	}
	parts_sweep(run, run->store);
	st = store_restore(run->argv[0], run->store, restore_sign, &g,
	    &run->err);
	if (st == STATUS_CORRUPT) {
		take_older(run->argv[0], &run->err);
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
	"restore", "FILE", "put a copy back", options, NULL, restore_cmd
};
