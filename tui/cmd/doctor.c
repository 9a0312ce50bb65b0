#include "db/doctor.h"

#include <stdio.h>

#include "core/base/text.h"
#include "tui/cmd/cmd.h"

static const struct cmd_option no_options[] = { { NULL, 0, NULL, NULL } };

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

	st = store_doctor(run->store, tell_line, &b, &worst, &run->err);
	if (b.n > 0 && cmd_print(&b, &run->err) != STATUS_OK && st == STATUS_OK)
		st = run->err.code;
	buf_release(&b);
	if (st != STATUS_OK)
		return cmd_unable(run);
	return worst == DOCTOR_BAD ? EXIT_SHORT : EXIT_WELL;
}

const struct cmd cmd_doctor = {
	"doctor", "", "check the store and say what is wrong", no_options, NULL,
	doctor_cmd
};
