/* What eval says of its runs, in each form. */
#ifndef TUI_CMD_EVAL_REPORT_H
#define TUI_CMD_EVAL_REPORT_H

#include "core/json/write.h"
#include "queue/loop/eval.h"

void	eval_text(struct buf *, const struct eval *);
void	eval_json(struct buf *, const struct eval *);
/* Members of an object that is begun, as `run compare --json` has them. */
void	compared_json(struct writer *, int64_t before, int64_t now,
	    const struct compared *);
void	compared_text(struct buf *, const char *before, const char *now,
	    const struct compared *);

#endif
