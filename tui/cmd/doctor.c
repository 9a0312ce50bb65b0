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
static void
tell_witness(struct cmd_run *run, struct buf *b, enum doctor_level *worst)
{
	struct session *s = cmd_session(run, CMD_ANY_POLICY | CMD_ANY_VERSION);
	bool well = s != NULL && (s->witness == NULL || !s->witness->differs);

	if (!well)
		*worst = DOCTOR_BAD;
	tell_line(b, well ? DOCTOR_OK : DOCTOR_BAD, s == NULL ? "it cannot be "
	    "opened" : !well ? "its log is not what you have seen of it: handrail "
	    "audit witness" : s->witness == NULL ? "a test store's log has no "
	    "witness" : "its log goes on from what you have seen of it");
	if (s != NULL)
		session_close(s);
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
		tell_witness(run, &b, &worst);
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
