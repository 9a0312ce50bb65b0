/* What `prompt` prints of the versions that a store has. */
#ifndef TUI_CMD_PROMPT_SHOW_H
#define TUI_CMD_PROMPT_SHOW_H

#include "tui/cmd/cmd.h"

int	prompt_list_cmd(struct cmd_run *);
int	prompt_show_cmd(struct cmd_run *);
int	prompt_diff_cmd(struct cmd_run *);
int	prompt_export_cmd(struct cmd_run *);

#endif
