/*
 * Calls that ask about guards: failed(), errored(), score() and kind().
 */
#ifndef CORE_EXPR_CALLS_H
#define CORE_EXPR_CALLS_H

#include "core/expr/expr.h"

bool		expr_function_asks(const char *name);
/* The i-th of them, NULL after the last. */
const char	*expr_function_asking(size_t i);
/* Does each such call name one of the names, which are sorted?  names NULL: not
 * looked at, since SQLite will know no such function. */
enum status	expr_check_calls(struct slice text, const struct expr_names *,
		    struct error *) MUST_CHECK;

#endif
