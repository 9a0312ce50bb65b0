#include "db/doctor.h"

#include <stdio.h>

#include "core/base/text.h"
#include "tui/cmd/cmd.h"
#include "tui/screen/locale.h"

static const struct cmd_option options[] = {
	{ "repair", 0, NULL, "take out triggers that are not Handrail's, make those and "
	    "indexes that are missing" },
	{ NULL, 0, NULL, NULL }
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

/* How the screen would show text here. */
static void
tell_locale(struct buf *b)
{
	const char *missing = locale_take();
	char line[200];

	if (missing != NULL)
		(void)snprintf(line, sizeof(line), "the locale %s is not installed: "
		    "the screen takes C.UTF-8", missing);
	else if (!locale_unicode())
		(void)snprintf(line, sizeof(line), "the locale has no Unicode: the "
		    "screen names what is not ASCII, as <U+00E9>; LC_ALL=C.UTF-8 "
		    "shows it");
	else
		(void)snprintf(line, sizeof(line), "the screen shows UTF-8");
	tell_line(b, missing != NULL || !locale_unicode() ? DOCTOR_WARN :
	    DOCTOR_OK, line);
}

/* Is it the log that this person has seen?  What differs is said as by each command. */
static enum status
tell_witness(struct cmd_run *run, struct buf *b, enum doctor_level *worst)
{
	const struct session_options o = {
		.store_path = run->store, .policy_path = run->policy,
		.via = "cli", .read_only = true, .any_policy = true,
		.any_version = true, .wait_ms = run->wait_ms,
		.notice = cmd_notice
	};
	enum status st;
	struct session *s;

	if ((st = cmd_open(run, &s, o)) != STATUS_OK)
		return st;
	if (s->witness != NULL && s->witness->differs) {
		tell_line(b, DOCTOR_BAD, "its log is not what you have seen of it: "
		    "handrail audit witness");
		*worst = DOCTOR_BAD;
	} else
		tell_line(b, DOCTOR_OK, s->witness == NULL ? "a test store's log "
		    "has no witness" : "its log goes on from what you have seen "
		    "of it");
	session_close(s);
	return STATUS_OK;
}

static int
doctor_cmd(struct cmd_run *run)
{
	enum doctor_level worst = DOCTOR_OK;
	struct buf b = BUF_INIT;
	enum status st;

	st = (cmd_value(run, "repair") != NULL ? store_mend : store_doctor)(
	    run->store, tell_line, &b, &worst, &run->err);
	if (st == STATUS_OK && worst != DOCTOR_BAD)
		st = tell_witness(run, &b, &worst);
	if (st == STATUS_OK)
		tell_locale(&b);
	if (b.n > 0 && cmd_print(&b, &run->err) != STATUS_OK && st == STATUS_OK)
		st = run->err.code;
	buf_release(&b);
	if (st != STATUS_OK)
		return cmd_unable(run);
	return worst == DOCTOR_BAD ? EXIT_SHORT : EXIT_WELL;
}

const struct cmd cmd_doctor = {
	"doctor", "", "check the store and say what is wrong", options, NULL,
	doctor_cmd
};
