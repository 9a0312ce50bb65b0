/* How far two people who judge the same things agree. */
#ifndef CORE_STAT_AGREE_H
#define CORE_STAT_AGREE_H

#include <stddef.h>

/*
 * Cohen's kappa (1960) of a square table, k by k, rows the first's judgement and
 * columns the second's: (po - pe) / (1 - pe), pe what the margins alone would give.
 * NAN for an empty table, and where both always say the same one thing.
 */
double	stat_kappa(const double *table, size_t k);

#endif
