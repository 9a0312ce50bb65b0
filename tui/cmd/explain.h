/* A verdict for people: `check --explain`. */
#ifndef TUI_CMD_EXPLAIN_H
#define TUI_CMD_EXPLAIN_H

#include "core/judge/judge.h"

void	explain_verdict(struct buf *, const struct item *,
	    const struct verdict *);

#endif
