/*
 * What always holds: a fuzzer ends where it does not.
 */
#ifndef TESTS_FUZZ_MUST_H
#define TESTS_FUZZ_MUST_H

#include <stdio.h>
#include <stdlib.h>

#define MUST(what) do { \
	if (!(what)) { \
		(void)fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, \
		    #what); \
		abort(); \
	} } while (0)

#endif
