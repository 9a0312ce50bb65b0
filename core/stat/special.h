/*
 * The functions that intervals and tests are made of: the incomplete beta
 * function and what follows from it, the normal and Student's distribution.
 * Relative error under 1e-10 also far out in a tail.
 */
#ifndef CORE_STAT_SPECIAL_H
#define CORE_STAT_SPECIAL_H

/* I_x(a, b), regularized; a, b > 0, x in 0..1.  By the continued fraction of
 * DLMF 8.17.22, evaluated by Lentz's method. */
double	stat_beta(double a, double b, double x);
/* The x with I_x(a, b) = p. */
double	stat_beta_inverse(double a, double b, double p);

double	stat_normal(double z);		/* P(Z <= z) */
double	stat_normal_inverse(double p);

/* P(|T| >= |t|) with df degrees of freedom, and the t of P(T <= t) = p. */
double	stat_t_two_sided(double t, double df);
double	stat_t_inverse(double p, double df);

/* P(X <= k) of a binomial with n trials. */
double	stat_binomial(double k, double n, double p);

#endif
