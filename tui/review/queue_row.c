#include "tui/review/queue_row.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/time.h"
#include "tui/review/columns.h"
#include "tui/review/minutes.h"
#include "tui/screen/cell.h"

/* A JSON array of names without what marks it as one. */
static void
guards_add(struct buf *out, struct slice guards)
{
	bool within = false;
	size_t i;

	for (i = 0; i < guards.n; i++) {
		if (guards.p[i] == '"')
			within = !within;
		else if (within || guards.p[i] == ',')
			buf_putc(out, guards.p[i]);
		if (guards.p[i] == '\\' && i + 1 < guards.n)
			buf_putc(out, guards.p[++i]);
	}
}

/*
 * The rule, and the guards that failed: "large refund (pii, tone)"; where no
 * rule matched, the guards come first, since the column may be narrow.
 */
static void
why_text(const struct list_row *r, struct buf *out)
{
	bool matched = !slice_is(r->rule, "no rule matched");

	if (!matched && r->guards.n > 2) {
		guards_add(out, r->guards);
		buf_puts(out, ": ");
	}
	buf_add_slice(out, r->rule);
	if (matched && r->guards.n > 2) {
		buf_puts(out, " (");
		guards_add(out, r->guards);
		buf_putc(out, ')');
	}
}

/* A severity in four columns. */
static const char *
severity_short(int64_t severity)
{
	static const char *const names[] = {
		[SEVERITY_INFO] = "info", [SEVERITY_LOW] = "low",
		[SEVERITY_MEDIUM] = "med", [SEVERITY_HIGH] = "high",
		[SEVERITY_CRITICAL] = "crit"
	};

	return severity < 0 || severity > SEVERITY_CRITICAL ||
	    names[severity] == NULL ? "" : names[severity];
}

void
queue_row_guards(const struct list_row *r, struct buf *out)
{
	guards_add(out, r->guards);
}

struct slice
queue_row_text(const struct list_row *r, int64_t now_ms, int column,
    int width, struct buf *out)
{
	char age[16];

	buf_clear(out);
	switch (column) {
	case COLUMN_AGE:
		minutes_text(time_between(r->ingested_ms, now_ms),
		    age);
		buf_printf(out, "%4s", age);
		break;
	case COLUMN_DUE:
		minutes_text(llabs(time_between(now_ms, r->due_ms)), age);
		if (r->due_ms >= 0)
			buf_printf(out, "%s%s", r->due_ms < now_ms ? "!" :
			    "", age);
		break;
	case COLUMN_SEVERITY:
		buf_puts(out, severity_short(r->severity));
		break;
	case COLUMN_CONFIDENCE:
		if (!isnan(r->confidence))
			buf_printf(out, "%.2f", r->confidence);
		else
			buf_puts(out, "   -");
		break;
	case COLUMN_WHY:
		why_text(r, out);
		break;
	case COLUMN_QUEUE:
		return r->queue;
	case COLUMN_MODEL:
		return r->model;
	case COLUMN_ID:
		cell_ends(r->id, (size_t)width, out);
		break;
	default:
		return r->snippet;
	}
	return buf_slice(out);
}
