/* The commands about the store as a whole: backup, restore, doctor. */
#include <inttypes.h>
#include <stdio.h>

#include "core/text.h"
#include "db/backup.h"
#include "db/doctor.h"
#include "tui/cmd/cmd.h"

static const struct cmd_option no_options[] = { { NULL, 0, NULL, NULL } };

/* What stands in the way of a file is no shortcoming of what was done. */
static int
fail_unable(struct cmd_run *run)
{
	(void)cmd_fail(run);
	return EXIT_UNABLE;
}

static int
backup_cmd(struct cmd_run *run)
{
	struct session *s;
	enum status st;

	if (run->argc != 1)
		return cmd_usage(run, "one FILE is wanted");
	if ((s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	st = store_backup(s->store, run->argv[0], &run->err);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : fail_unable(run);
}

const struct cmd cmd_backup = {
	"backup", "FILE", "a consistent copy while others work", no_options, NULL,
	backup_cmd
};

/* The log of the store that was put back says so. */
static enum status
restore_leaf(struct session *s, struct error *err)
{
	struct actor who = session_actor(s);
	enum status st;
	int64_t seq;

	if ((st = store_begin(s->store, DURABLE_NOW, err)) != STATUS_OK)
		return st;
	if ((st = audit_append(s->store, &who, clock_now_ms(), "restore",
	    SLICE_NONE, NULL, 0, &seq, err)) == STATUS_OK)
		return store_commit(s->store, err);
	store_rollback(s->store);
	return st;
}

static int
restore_cmd(struct cmd_run *run)
{
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
		return fail_unable(run);
	run->policy = NULL;	/* the copy's own */
	if ((s = cmd_session(run, CMD_WRITES)) == NULL)
		return EXIT_UNABLE;
	st = restore_leaf(s, &run->err);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : fail_unable(run);
}

const struct cmd cmd_restore = {
	"restore", "FILE", "put a copy back", no_options, NULL, restore_cmd
};

static void
tell_line(void *arg, enum doctor_level level, const char *line)
{
	static const char *const word[] = {
		[DOCTOR_OK] = "ok  ", [DOCTOR_WARN] = "warn", [DOCTOR_BAD] = "BAD "
	};
	struct buf *b = arg;

	buf_printf(b, "%s  ", word[level]);
	text_sanitize_line(b, slice_of(line), 1000);
	buf_putc(b, '\n');
}

static int
doctor_cmd(struct cmd_run *run)
{
	enum doctor_level worst = DOCTOR_OK;
	struct buf b = BUF_INIT;
	enum status st;

	if (run->argc > 0)
		return cmd_usage(run, "%s: doctor takes no operand",
		    run->argv[0]);
	st = store_doctor(run->store, tell_line, &b, &worst, &run->err);
	if (b.n > 0 && cmd_print(&b, &run->err) != STATUS_OK && st == STATUS_OK)
		st = run->err.code;
	buf_release(&b);
	if (st != STATUS_OK)
		return fail_unable(run);
	return worst == DOCTOR_BAD ? EXIT_SHORT : EXIT_WELL;
}

const struct cmd cmd_doctor = {
	"doctor", "", "check the store and say what is wrong", no_options, NULL,
	doctor_cmd
};
