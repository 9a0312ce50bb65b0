/*
 * How many ways there are through a pattern's alternatives.  Compiled code counts
 * its steps at repeated parts only: through "(a|a)" twenty times in a row it goes
 * a million ways without a step of its match limit.
 */
#ifndef CORE_PATTERN_PATHS_H
#define CORE_PATTERN_PATHS_H

#include <stdint.h>

/*
 * At least as many as there are, UINT32_MAX at most; so many too where a part
 * calls another, or where it is not understood.  The pattern is one that PCRE2
 * has taken.
 */
uint32_t	pattern_paths(const char *pattern);

/* With more of them the interpreter is used, which counts every step. */
#define PATTERN_PATHS_MAX	100000u

#endif
