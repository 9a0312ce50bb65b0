/* A suite run, for the commands that do. */
#ifndef TUI_CMD_EVAL_H
#define TUI_CMD_EVAL_H

#include "tui/cmd/cmd.h"

/* The one SUITE of the words, with those options that the command has; probed: its
 * cases changed by `probes`, or by those of the suite where that is 0. */
int	eval_suite_cmd(struct cmd_run *, bool probed, unsigned probes);

#endif
