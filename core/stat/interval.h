/* Shares with their uncertainty, and whether a gate is met. */
#ifndef CORE_STAT_INTERVAL_H
#define CORE_STAT_INTERVAL_H

#include <stddef.h>

struct interval {
	double	low, high;
};

/*
 * Clopper-Pearson, k of n.  One-sided: each bound alone holds with the
 * confidence; two-sided: both together do.  Of nothing: 0 and 1.
 */
double		stat_lower(double k, double n, double confidence);
double		stat_upper(double k, double n, double confidence);
struct interval	stat_exact(double k, double n, double confidence);
/* Wilson's score interval, for bars on a screen. */
struct interval	stat_wilson(double k, double n, double confidence);

/*
 * What became of one case that was tried more than once.  With repeats the case
 * is what counts: the trials of one are alike, and counted one by one they would
 * promise more than they show.
 */
struct trials {
	unsigned	passed, of;	/* of > 0 */
};
/* floor(sum of passed / of): how many of the cases passed. */
double		stat_cases_passed(const struct trials *, size_t n);
/* pass^j: the mean probability that j trials of a case all pass,
 * C(passed, j) / C(of, j); a case tried less than j times counts by all it has. */
double		stat_pass_power(const struct trials *, size_t n, unsigned j);

/* Holm's adjusted p values in place of p[0..n); order has room for n. */
void		stat_holm(double *p, size_t n, size_t *order);

/* The value at or above which a share of 1 - q lies, by nearest rank; sorts v. */
double		stat_percentile(double *v, size_t n, double q);

#endif
