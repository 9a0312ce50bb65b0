/* Commands whose first operand says what they do, such as `prompt add`. */
#ifndef TUI_CMD_ACTION_H
#define TUI_CMD_ACTION_H

#include <limits.h>

#include "tui/cmd/cmd.h"

#define CMD_OPERANDS_ANY	INT_MAX

struct cmd_action {
	const char	*name;		/* NULL ends the table */
	int		 operands;	/* at most, with this one */
	int		(*run)(struct cmd_run *);
	const char	*takes;		/* its options, each with a blank behind */
};

/* Does what the first operand says; an unknown one, an operand too many or an option
 * of another action is wrong usage. */
int	cmd_act(struct cmd_run *, const struct cmd_action *);

#endif
