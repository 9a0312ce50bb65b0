/*
 * Review line by line, for a screen reader, a terminal that can do no more, or
 * a pipe: the next item is printed, a line says what becomes of it.
 */
#ifndef TUI_CMD_REVIEW_PLAIN_H
#define TUI_CMD_REVIEW_PLAIN_H

#include "queue/review/list.h"
#include "tui/cmd/cmd.h"

/* On standard input and output, until the line q or the end of the input. */
enum status	review_plain(struct cmd_run *, struct session *,
		    const struct list_filter *) MUST_CHECK;

#endif
