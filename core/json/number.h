/*
 * Numbers by their decimal text, exact at any size; JSON's grammar is assumed.
 */
#ifndef CORE_JSON_NUMBER_H
#define CORE_JSON_NUMBER_H

#include "core/base/buf.h"

struct number {
	struct slice	 text;
	const char	*first, *last;	/* significant digits; a '.' may be between */
	uint32_t	 digits;	/* how many of them; 0: the number is zero */
	int		 sign;		/* -1, 0, 1 */
	int64_t		 exponent;	/* of the last digit, a power of ten */
};
#define NUMBER_DIVISOR_DIGITS	64	/* most that a divisor may have */

void	number_read(struct number *, struct slice text);
bool	number_integral(const struct number *);
int	number_compare(const struct number *, const struct number *);
/* Is a a whole multiple of b > 0, which has NUMBER_DIVISOR_DIGITS at most? */
bool	number_multiple(const struct number *a, const struct number *b);
/* A whole number of 0 or more; what is over UINT64_MAX - 1 becomes that. */
bool	number_count(const struct number *, uint64_t *);
/* A whole number of 18 digits at most. */
bool	number_small(const struct number *, int64_t *);
/* Equal numbers give equal hashes. */
uint64_t number_hash(const struct number *, uint64_t seed);

#endif
