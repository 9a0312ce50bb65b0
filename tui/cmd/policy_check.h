/* `policy check FILE`: what a policy says, and what in it is hardly meant. */
#ifndef TUI_CMD_POLICY_CHECK_H
#define TUI_CMD_POLICY_CHECK_H

#include "tui/cmd/cmd.h"

/* Returns the exit code: EXIT_SHORT where a rule can never match. */
int	policy_check_print(struct cmd_run *, const struct policy *);

#endif
