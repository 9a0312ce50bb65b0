/* Runs for CI: JUnit, TAP, Markdown. */
#ifndef TUI_CMD_EVAL_FILES_H
#define TUI_CMD_EVAL_FILES_H

#include "queue/loop/eval.h"

/* A testsuite a variant; the names of checks stand in `failure`. */
void	eval_junit(struct buf *, const struct eval *);
void	eval_tap(struct buf *, const struct eval *);	/* version 14 */
/* For the comment of a pull request. */
void	eval_markdown(struct buf *, const struct eval *);

#endif
