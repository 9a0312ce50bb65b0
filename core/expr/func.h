/*
 * The functions that conditions may call.
 */
#ifndef CORE_EXPR_FUNC_H
#define CORE_EXPR_FUNC_H

#include "core/base/error.h"

struct expr_budget;		/* core/expr/budget.h */

/* The functions that a checked condition may call beside SQLite's own, made
 * known to a connection (an sqlite3 *); the budget (NULL: none) outlives it.
 * What may stand in a condition is expr_check()'s to say: a store's own
 * statements need more. */
enum status	expr_install(void *sqlite, struct expr_budget *,
		    struct error *) MUST_CHECK;
/* What SQLite says of a condition, but where it speaks of its own inside. */
const char	*expr_refusal(const char *why);

#endif
