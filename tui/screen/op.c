#include "tui/screen/op.h"

#include "tui/screen/screen.h"

/* What was typed for it stays where it is kept until the store has it; when the
 * program is left, for good. */
static void
op_done(struct screen *scr, const struct op *op, enum status st, struct error *err)
{
	scr->op = NULL;
	if (st == STATUS_OK)
		prompt_settled(scr);
	op->done(scr, st, err);
	if (scr->op == NULL && scr->prompt.kind == PROMPT_NONE && !scr->leave)
		prompt_settled(scr);
}

void
op_try(struct screen *scr)
{
	const struct op *op = scr->op;
	struct error err = { STATUS_OK, "" };
	enum status st;

	st = op->run(scr, &err);
	if (st == STATUS_BUSY)
		return;
	op_done(scr, op, st, &err);
}

void
op_run(struct screen *scr, const struct op *op)
{
	if (scr->op != NULL) {
		screen_fail(scr, "still waiting for the store: %s",
		    scr->op->what);
		return;
	}
	scr->op = op;
	op_try(scr);
}

void
op_stop(struct screen *scr)
{
	const struct op *op = scr->op;
	struct error err = { STATUS_OK, "" };

	(void)error_set(&err, STATUS_BUSY,
	    "%s: given up; the store is in use by another process", op->what);
	op_done(scr, op, STATUS_BUSY, &err);
}
