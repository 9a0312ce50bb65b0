/* The functions of SQLite's that a condition may call. */
#ifndef CORE_EXPR_PURE_H
#define CORE_EXPR_PURE_H

#include <stdbool.h>

bool	expr_function_is_pure(const char *name);

#endif
