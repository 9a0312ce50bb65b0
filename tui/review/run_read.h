/* What the view of a run shows, read and counted aside. */
#ifndef TUI_REVIEW_RUN_READ_H
#define TUI_REVIEW_RUN_READ_H

#include "queue/loop/compare.h"
#include "queue/loop/runs.h"

#define RUN_CHECKS_MAX	200

/* In the order in which they are shown. */
enum case_group { CASE_BROKEN, CASE_FIXED, CASE_FAILING, CASE_PASSING, CASE_GROUPS };

struct run_case {
	struct slice	 id, why;	/* why: what kept it from passing */
	enum case_group	 group;
	struct trials	 trials;
	size_t		 now;		/* its result, the first that failed */
	size_t		 before;	/* of the other run; (size_t)-1: none */
};
struct run_check {
	struct slice	 name;
	unsigned	 n[CHECK_STATES];
};

struct run_read {
	int64_t		 run, against;	/* against 0: what there is */
	/* What came of it: */
	struct arena	 arena;
	struct run_row	 row, other;	/* other.run 0: none */
	struct results	 now, before;
	struct run_case	*cases;		/* by group, each in the order of ids */
	size_t		 ncases, ngroup[CASE_GROUPS];
	struct run_check *checks;
	size_t		 nchecks;
	struct interval	 share;		/* of the cases passed, 95 % */
	double		 passed;	/* cases */
	struct compared	 compared;	/* where there is another */
};

/* For a thread of its own (aside.h); arg: a struct run_read. */
enum status	run_read(struct session *, void *arg, struct error *) MUST_CHECK;
void		run_read_drop(void *arg);

#endif
