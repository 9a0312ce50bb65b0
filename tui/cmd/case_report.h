/* Cases for CI, as JUnit XML and as TAP 14: of a suite, and of `policy test`. */
#ifndef TUI_CMD_CASE_REPORT_H
#define TUI_CMD_CASE_REPORT_H

#include "core/base/buf.h"

struct case_report {
	struct slice	name;
	struct slice	why;		/* of one that did not pass */
	double		ms;		/* below 0: not known */
	bool		passed, error;
};

/* The head, a testsuite with its cases, and so on, the end. */
void	junit_begin(struct buf *);
void	junit_suite(struct buf *, const char *name, size_t tests,
	    size_t failures, size_t errors);
void	junit_case(struct buf *, const char *suite, const struct case_report *);
void	junit_suite_end(struct buf *);
void	junit_end(struct buf *);

void	tap_begin(struct buf *, size_t tests);
void	tap_case(struct buf *, size_t n, const struct case_report *);

#endif
