/* The functions of SQLite's that a condition may call. */
#ifndef CORE_EXPR_PURE_H
#define CORE_EXPR_PURE_H

#include <stdbool.h>
#include <stddef.h>

bool		 expr_function_is_pure(const char *name);
/* The i-th of them, NULL after the last. */
const char	*expr_function_pure(size_t i);

#endif
