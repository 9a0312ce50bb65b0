/* Two runs over the same cases: is the new one better, worse, or is it open? */
#ifndef CORE_STAT_PAIRED_H
#define CORE_STAT_PAIRED_H

#include <stdbool.h>
#include <stddef.h>

enum comparison { COMPARED_BETTER, COMPARED_NOT_WORSE, COMPARED_WORSE,
    COMPARED_UNDECIDED };
const char	*comparison_name(enum comparison);	/* "better" ... */

/* Of one case: the share of its trials that passed, before and now. */
struct pair {
	double	before, now;
};

struct paired_options {
	double	alpha;		/* 0.05 */
	double	margin;		/* what may be lost, 0.02 */
	double	power;		/* of `need`, 0.8 */
};

/*
 * d is the mean of now - before.  Where every case is passed or failed whole:
 * exact McNemar, and the interval of Bonett and Price (2012).  Else Student's t on
 * the differences of cases.  low and high are the two-sided 1 - alpha interval.
 */
struct paired {
	size_t		 cases;
	size_t		 fixed, broken;	/* of cases: better now, worse now */
	double		 diff, low, high, p;
	enum comparison	 verdict;
	double		 need;		/* more cases would decide; NAN: none would */
};

struct paired	stat_paired(const struct pair *, size_t n,
		    const struct paired_options *);
/* P of a difference as large, where b cases went one way and c the other. */
double		stat_mcnemar(double b, double c);
/*
 * Cases wanted to find a mean difference of delta, the mean square of a case's
 * difference being pd; not rounded.  NAN where delta <= 0.
 */
double		stat_need(double pd, double delta, double alpha, double power);

#endif
