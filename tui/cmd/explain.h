/* A verdict for people: `check --explain`. */
#ifndef TUI_CMD_EXPLAIN_H
#define TUI_CMD_EXPLAIN_H

#include "core/route.h"

void	explain_verdict(struct buf *, const struct item *,
	    const struct verdict *);

#endif
