#include "tui/cmd/plain_undo.h"

#include "tui/cmd/plain_all.h"

/* Takes a decision back; its item is the current one again. */
static enum status
undo_run(struct plain *p, struct error *err)
{
	struct decide d = { .decision = DECISION_UNDO, .item = p->last,
	    .token = -1, .here_only = true, .upto = p->last_seq };
	struct decided done;
	enum status st;

	if ((st = review_decide(p->s, &d, &done, err)) != STATUS_OK)
		return st;
	plain_say("undone; it is %s again", done.state);
	p->last = -1;
	return plain_take(p, d.item, err);
}

enum status
plain_undo(struct plain *p, const char *rest, struct error *err)
{
	struct undoable u;
	enum status st;

	(void)rest;
	if (p->nmany > 0)
		return plain_all_undo(p, err);
	if (p->last < 0) {
		plain_say("nothing was decided here that could be undone");
		return STATUS_OK;
	}
	if ((st = review_undoable(p->s, p->last, &u, err)) != STATUS_OK)
		return st;
	if (u.recalls) {
		plain_say("The %s of %.*s is out.", u.decision, SLICE_ARG(u.id));
		if (!plain_ask_yes(&p->line, "Type yes to undo and recall it: ")) {
			plain_say("not undone");
			return STATUS_OK;
		}
	}
	return undo_run(p, err);
}
