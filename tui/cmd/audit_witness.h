/* The notes that a person keeps of logs: show, accept, export, import. */
#ifndef TUI_CMD_AUDIT_WITNESS_H
#define TUI_CMD_AUDIT_WITNESS_H

#include "tui/cmd/cmd.h"

int	audit_witness_cmd(struct cmd_run *);

#endif
