#include "core/stat/agree.h"

#include <math.h>

double
stat_kappa(const double *table, size_t k)
{
	double n = 0, same = 0, chance = 0, row, column;
	size_t i, j;

	for (i = 0; i < k * k; i++)
		n += table[i];
	for (i = 0; i < k; i++) {
		row = column = 0;
		for (j = 0; j < k; j++) {
			row += table[i * k + j];
			column += table[j * k + i];
		}
		same += table[i * k + i];
		chance += row * column;
	}
	if (n == 0 || chance >= n * n)
		return (double)NAN;
	return (n * same - chance) / (n * n - chance);
}
