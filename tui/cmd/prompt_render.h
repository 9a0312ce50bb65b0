/* `prompt render`: a prompt with its variables filled in. */
#ifndef TUI_CMD_PROMPT_RENDER_H
#define TUI_CMD_PROMPT_RENDER_H

#include "tui/cmd/cmd.h"

int	prompt_render_cmd(struct cmd_run *);

#endif
