/* What `bundle` prints of the bundles that a store has. */
#ifndef TUI_CMD_BUNDLE_SHOW_H
#define TUI_CMD_BUNDLE_SHOW_H

#include "tui/cmd/cmd.h"

int	bundle_list_cmd(struct cmd_run *);
int	bundle_show_cmd(struct cmd_run *);
int	bundle_diff_cmd(struct cmd_run *);
/* The number that an operand is; STATUS_INVALID. */
enum status	bundle_number(struct cmd_run *, const char *, int64_t *)
		    MUST_CHECK;

#endif
