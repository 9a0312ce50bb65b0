/* Completion scripts made from the table of commands. */
#ifndef TUI_CMD_COMPLETE_H
#define TUI_CMD_COMPLETE_H

#include <stdbool.h>
#include <stdio.h>

/* False: no such shell. */
bool	complete_print(FILE *, const char *shell);

#endif
