#include "core/stat/interval.h"

#include <math.h>
#include <stdlib.h>

#include "core/stat/special.h"

#define ROUNDING	1e-9	/* of a sum of fractions */

double
stat_lower(double k, double n, double confidence)
{
	return k > 0 ? stat_beta_inverse(k, n - k + 1, 1 - confidence) : 0;
}

double
stat_upper(double k, double n, double confidence)
{
	return k < n ? stat_beta_inverse(k + 1, n - k, confidence) : 1;
}

struct interval
stat_exact(double k, double n, double confidence)
{
	double each = 1 - (1 - confidence) / 2;

	return (struct interval){ stat_lower(k, n, each),
	    stat_upper(k, n, each) };
}

struct interval
stat_wilson(double k, double n, double confidence)
{
	double z, p, middle, half;

	if (!(n > 0))
		return (struct interval){ 0, 1 };
	z = stat_normal_inverse(1 - (1 - confidence) / 2);
	p = k / n;
	middle = (p + z * z / (2 * n)) / (1 + z * z / n);
	half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n +
	    z * z / (4 * n * n));
	return (struct interval){ middle - half, middle + half };
}

double
stat_cases_passed(const struct trials *t, size_t n)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += (double)t[i].passed / t[i].of;
	return floor(sum + ROUNDING);
}

double
stat_pass_power(const struct trials *t, size_t n, unsigned j)
{
	double sum = 0, all;
	unsigned m, drawn;
	size_t i;

	for (i = 0; i < n; i++) {
		drawn = j < t[i].of ? j : t[i].of;
		for (all = 1, m = 0; m < drawn; m++)
			all *= t[i].passed > m ? (double)(t[i].passed - m) /
			    (t[i].of - m) : 0;
		sum += all;
	}
	return n == 0 ? 0 : sum / (double)n;
}

void
stat_holm(double *p, size_t n, size_t *order)
{
	double least = 0, adjusted;
	size_t i, k, at;

	/* By insertion: a suite has few checks. */
	for (i = 0; i < n; i++) {
		for (k = i; k > 0 && p[order[k - 1]] > p[i]; k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
	for (i = 0; i < n; i++) {
		at = order[i];
		adjusted = p[at] * (double)(n - i);
		if (adjusted > least)
			least = adjusted < 1 ? adjusted : 1;
		p[at] = least;
	}
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
stat_percentile(double *v, size_t n, double q)
{
	size_t rank;

	if (n == 0)
		return NAN;
	qsort(v, n, sizeof(*v), compare);
	rank = (size_t)ceil(q * (double)n - ROUNDING);
	return v[rank == 0 ? 0 : rank - 1];
}
