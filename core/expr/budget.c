#include "core/expr/budget.h"

#include <time.h>

/* The thread's own time: a busy machine makes no condition slower. */
static int64_t
now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void
expr_budget_begin(struct expr_budget *b, int64_t ns, bool at_once)
{
	*b = (struct expr_budget){ .ns = ns,
	    .stop_ns = at_once && ns > 0 ? now_ns() + ns : 0 };
}

bool
expr_budget_spend(struct expr_budget *b, size_t steps)
{
	int64_t now;

	if (b == NULL || b->ns == 0)
		return true;
	if (b->over)
		return false;
	b->steps += steps;
	if (b->steps < EXPR_LOOK)
		return true;
	b->steps = 0;
	now = now_ns();
	if (b->stop_ns == 0)
		b->stop_ns = now + b->ns;
	b->over = now >= b->stop_ns;
	return !b->over;
}
