/* What is said of an item beside its decision. */
#ifndef TUI_CMD_PLAIN_BESIDES_H
#define TUI_CMD_PLAIN_BESIDES_H

#include "tui/cmd/plain.h"

plain_fn	plain_note;	/* at once; the others go with the decision */
plain_fn	plain_labels;
plain_fn	plain_ratings;
plain_fn	plain_evidence;

#endif
