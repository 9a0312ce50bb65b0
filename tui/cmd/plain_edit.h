/* An edit in $VISUAL or $EDITOR, and what was typed and never stored. */
#ifndef TUI_CMD_PLAIN_EDIT_H
#define TUI_CMD_PLAIN_EDIT_H

#include "tui/cmd/plain.h"

plain_fn	plain_edit;
/* What was typed for the item in a session that ended: an edit is gone on with. */
enum status	plain_draft_offer(struct plain *, struct error *) MUST_CHECK;

#endif
