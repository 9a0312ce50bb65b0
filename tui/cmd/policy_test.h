/* `policy test FILE`: TAP or JUnit, exit 1 on a miss. */
#ifndef TUI_CMD_POLICY_TEST_H
#define TUI_CMD_POLICY_TEST_H

#include "tui/cmd/cmd.h"

int	policy_test_cmd(struct cmd_run *);

#endif
