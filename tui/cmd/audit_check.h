/* `audit verify`, `audit checkpoint`, `audit export DIR`: what proves the log. */
#ifndef TUI_CMD_AUDIT_CHECK_H
#define TUI_CMD_AUDIT_CHECK_H

#include "tui/cmd/cmd.h"

/* They return the exit code. */
int	audit_verify_cmd(struct cmd_run *);
int	audit_checkpoint_cmd(struct cmd_run *);
/* Makes the folder, whole or not at all, with all that an outsider needs. */
int	audit_export_dir(struct cmd_run *, const char *dir);

#endif
