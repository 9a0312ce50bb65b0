/*
 * How much time a condition may take: functions that go through much text say
 * how many steps they took, and the clock is looked at only after many.
 */
#ifndef CORE_EXPR_BUDGET_H
#define CORE_EXPR_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Steps after which the clock is looked at: well below a millisecond. */
#define EXPR_LOOK	((size_t)1 << 17)

struct expr_budget {
	int64_t	 ns;		/* of the thread's own time; 0: no limit */
	int64_t	 stop_ns;	/* 0: begins with the first look */
	size_t	 steps;		/* since the last look */
	bool	 over;
};

/* at_once: time runs from now on, which costs a look at the clock. */
void	expr_budget_begin(struct expr_budget *, int64_t ns, bool at_once);
/* False once the time is over.  NULL: no limit. */
bool	expr_budget_spend(struct expr_budget *, size_t steps);

#endif
