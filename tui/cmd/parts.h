/* Parts of copies that a kill left (db/part.h), as the commands sweep them. */
#ifndef TUI_CMD_PARTS_H
#define TUI_CMD_PARTS_H

#include "tui/cmd/cmd.h"

/* Sweeps the folder of the path, with one line on standard error for each. */
void	parts_sweep(const struct cmd_run *, const char *path);

#endif
