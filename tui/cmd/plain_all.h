/* One decision on all that the list holds. */
#ifndef TUI_CMD_PLAIN_ALL_H
#define TUI_CMD_PLAIN_ALL_H

#include "tui/cmd/plain.h"

plain_fn	plain_all;
/* Takes the batch back. */
enum status	plain_all_undo(struct plain *, struct error *) MUST_CHECK;

#endif
