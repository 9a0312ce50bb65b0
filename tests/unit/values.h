/* Assertions that print both values when they fail. */
#ifndef TESTS_VALUES_H
#define TESTS_VALUES_H

#include "core/base/buf.h"

/* Numbers of any type: assert_op(n, >, 0).  A long double holds them all. */
#define assert_op(a, op, b) do {					\
	long double a_ = (long double)(a), b_ = (long double)(b);	\
									\
	if (!(a_ op b_))						\
		fail_msg("%s %s %s: %.21Lg and %.21Lg", #a, #op, #b,	\
		    a_, b_);						\
} while (0)

/* A slice that is there and a string; two slices. */
#define assert_slice(s, want)		same_slices(#s, s, slice_of(want), true)
#define assert_slices(s, want)		same_slices(#s, s, want, false)

static __attribute__((unused)) void
same_slices(const char *name, struct slice got, struct slice want, bool there)
{
	if ((there && got.p == NULL) || !slice_eq(got, want))
		fail_msg("%s is \"%.*s\"%s, not \"%.*s\"", name,
		    SLICE_ARG(got), got.p == NULL ? " (absent)" : "",
		    SLICE_ARG(want));
}

#endif
