/* What --help and `help` print, and the shells' completions: made from the
 * table of commands. */
#ifndef TUI_CMD_HELP_H
#define TUI_CMD_HELP_H

#include <stdio.h>

#include "core/base/near.h"
#include "tui/cmd/cmd.h"

extern const struct cmd_option cmd_globals[];

void		 help_main(FILE *);
void		 help_command(FILE *, const struct cmd *);
/* Says that there is no such command, and suggests a similar one; EXIT_UNABLE. */
int		 help_unknown(const char *name);
/* near_hint() of an operand that none of the command's words is; "" where it is one. */
void		 help_word(const struct cmd *, const char *word,
		    char hint[NEAR_TEXT]);

#endif
