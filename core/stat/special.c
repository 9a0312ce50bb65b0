#include "core/stat/special.h"

#include <float.h>
#include <math.h>

#define TERMS_MAX	20000
#define TINY		1e-300

static double
log_gamma(double x)
{
	int sign;

	return lgamma_r(x, &sign);
}

static double
not_zero(double x)
{
	return fabs(x) < TINY ? TINY : x;
}

/* The continued fraction; converges fast for x < (a + 1) / (a + b + 2). */
static double
beta_fraction(double a, double b, double x)
{
	double c = 1, d = 1 / not_zero(1 - (a + b) * x / (a + 1)), f = d, step;
	int m;

	for (m = 1; m < TERMS_MAX; m++) {
		step = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 / not_zero(1 + step * d);
		c = not_zero(1 + step / c);
		f *= d * c;
		step = -(a + m) * (a + b + m) * x /
		    ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / not_zero(1 + step * d);
		c = not_zero(1 + step / c);
		f *= d * c;
		if (fabs(d * c - 1) < 4 * DBL_EPSILON)
			break;
	}
	return f;
}

double
stat_beta(double a, double b, double x)
{
	double front;

	if (!(x > 0))
		return 0;
	if (!(x < 1))
		return 1;
	front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) +
	    a * log(x) + b * log1p(-x));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(a, b, x) / a;
	return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/* Halving needs no derivative and never leaves 0..1. */
double
stat_beta_inverse(double a, double b, double p)
{
	double low = 0, high = 1, middle = 0.5;
	int i;

	if (!(p > 0))
		return 0;
	if (!(p < 1))
		return 1;
	for (i = 0; i < 200 && high - low > DBL_EPSILON * middle; i++) {
		middle = low + (high - low) / 2;
		if (stat_beta(a, b, middle) < p)
			low = middle;
		else
			high = middle;
	}
	return low + (high - low) / 2;
}

double
stat_normal(double z)
{
	return erfc(-z / M_SQRT2) / 2;
}

double
stat_normal_inverse(double p)
{
	double low = -40, high = 40, middle = 0;
	int i;

	for (i = 0; i < 200 && high - low > 1e-14; i++) {
		middle = low + (high - low) / 2;
		if (stat_normal(middle) < p)
			low = middle;
		else
			high = middle;
	}
	return middle;
}

double
stat_t_two_sided(double t, double df)
{
	return stat_beta(df / 2, 0.5, df / (df + t * t));
}

double
stat_t_inverse(double p, double df)
{
	double tail = p < 0.5 ? p : 1 - p, x, t;

	x = stat_beta_inverse(df / 2, 0.5, 2 * tail);
	t = sqrt(df * (1 - x) / x);
	return p < 0.5 ? -t : t;
}

double
stat_binomial(double k, double n, double p)
{
	if (k < 0)
		return 0;
	return k >= n ? 1 : stat_beta(n - k, k + 1, 1 - p);
}
