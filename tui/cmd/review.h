/* The screen over an open session, with what is printed when it ends. */
#ifndef TUI_CMD_REVIEW_H
#define TUI_CMD_REVIEW_H

#include "queue/review/list.h"
#include "tui/cmd/cmd.h"

/* Prints the log's size and root: an anchor outside the machine. */
int	review_session(struct cmd_run *, struct session *,
	    const struct list_filter *);

#endif
