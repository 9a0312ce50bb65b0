/* Is the gate of a suite met by a run? */
#ifndef QUEUE_LOOP_GATE_H
#define QUEUE_LOOP_GATE_H

#include "core/suite/suite.h"
#include "queue/loop/compare.h"

#define GATE_LINES_MAX	8

struct gate_line {
	char	text[160];	/* "pass rate at least 0.95 (95 %): 0.9167" */
	bool	met;
};
struct check_sum {
	struct slice	 name;
	size_t		 n[CHECK_STATES];
};
struct gate_report {
	size_t		 cases, results, passed, errors;
	double		 cases_passed;	/* floor of the sum of shares */
	double		 rate;		/* mean share of a case */
	double		 lower;		/* one-sided, at `confidence` */
	double		 confidence;
	double		 p95_ms, mean_usd, total_usd;	/* NAN: unknown */
	struct check_sum *checks;
	size_t		 nchecks;
	struct gate_line line[GATE_LINES_MAX];	/* what was asked */
	size_t		 nlines;
	bool		 met;
	const char	*baseline;	/* as it was named; NULL: none is asked */
	int64_t		 baseline_run;
	struct compared	 compared;
};

/*
 * base: the results of the baseline, or NULL.  Where the suite has no gate every
 * result has to pass.  What the report points to lives in the arena.
 */
enum status	gate_judge(const struct suite_gate *, const struct results *,
		    const struct results *base, struct arena *,
		    struct gate_report *, struct error *) MUST_CHECK;

#endif
