/* Decisions line by line; the item is done with afterwards. */
#ifndef TUI_CMD_PLAIN_DECIDE_H
#define TUI_CMD_PLAIN_DECIDE_H

#include "tui/cmd/plain.h"

plain_fn	plain_accept;
plain_fn	plain_reject;
plain_fn	plain_escalate;
plain_fn	plain_return;
plain_fn	plain_again;	/* the last one, with its reason */
plain_fn	plain_skip;
/* Any, with what the queue asks for beside it; item, token and labels are set. */
enum status	plain_decide(struct plain *, struct decide *, struct error *)
		    MUST_CHECK;

#endif
