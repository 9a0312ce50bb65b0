/* One decision on all that a list holds, line by line: a plan, then the act. */
#ifndef TUI_CMD_PLAIN_MANY_H
#define TUI_CMD_PLAIN_MANY_H

#include "queue/review/decide.h"

struct list_filter;
struct plan;

/* What it would decide on, as the screen's plan has it, onto the end of a text; the
 * plan is the caller's to plan_free(). */
enum status	plain_many_plan(struct session *, const struct list_filter *,
		    enum decision, struct plan **, struct buf *, struct error *)
		    MUST_CHECK;
/*
 * Decides on n items, some at a time.  Those decided on move to the front, *done of
 * them, *seq the last leaf; what spoke against one is told with fail.
 */
enum status	plain_many_decide(struct session *, const struct decide *,
		    int64_t *item, size_t n, size_t *done, int64_t *seq,
		    void (*fail)(const char *), struct error *) MUST_CHECK;

#endif
