/* What a condition asks for that there is not: no mistake, but an empty answer. */
#ifndef TUI_CMD_CONDITION_H
#define TUI_CMD_CONDITION_H

#include "tui/cmd/cmd.h"

/*
 * One line on standard error for each name in --where that looks mistyped: a queue that
 * neither the policy nor the store has; a guard, rule, state, route or decision that is
 * nearly one; a severity that is a text.
 */
void	condition_doubts(struct cmd_run *, struct session *);

#endif
