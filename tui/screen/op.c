#include "tui/screen/op.h"

#include "tui/screen/screen.h"

void
op_try(struct screen *scr)
{
	const struct op *op = scr->op;
	struct error err = { STATUS_OK, "" };
	enum status st;

	st = op->run(scr, &err);
	if (st == STATUS_BUSY)
		return;
	scr->op = NULL;
	op->done(scr, st, &err);
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

	scr->op = NULL;
	(void)error_set(&err, STATUS_BUSY,
	    "%s: given up; the store is in use by another process", op->what);
	op->done(scr, STATUS_BUSY, &err);
}
