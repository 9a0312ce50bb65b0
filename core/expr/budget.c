#include "core/expr/budget.h"

#include "core/base/cpu.h"

void
expr_budget_begin(struct expr_budget *b, int64_t ns, bool at_once)
{
	*b = (struct expr_budget){ .ns = ns,
	    .stop_ns = at_once && ns > 0 ? cpu_ns() + ns : 0 };
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
	now = cpu_ns();
	if (b->stop_ns == 0)
		b->stop_ns = now + b->ns;
	b->over = now >= b->stop_ns;
	return !b->over;
}
