/*
 * Numbers by their decimal text, exact at any size; JSON's grammar is assumed.
 * And the text of a double.
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

#define NUMBER_TEXT	32
/*
 * A finite double as ECMAScript prints it (Number::toString, RFC 8785 3.2.2.3):
 * the fewest digits that read back as the same one, 0 for -0; the same in every
 * locale.  How long it is.
 */
size_t	number_text(double, char out[NUMBER_TEXT]);

#endif
