/* Takes the last decision of the session back, or the last batch. */
#ifndef TUI_CMD_PLAIN_UNDO_H
#define TUI_CMD_PLAIN_UNDO_H

#include "tui/cmd/plain.h"

plain_fn	plain_undo;

#endif
