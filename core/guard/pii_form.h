/*
 * Shapes of codes, written as they look:
 *
 *	9	a digit
 *	A	a letter
 *	X	a letter or digit
 *	space	a blank, '-' or '.' that may be missing, but all of one match
 *		are the same or all are missing
 *	{m,n}	the element before it, m to n times, as often as it can
 *	|	ends one form and begins the next
 *
 * Anything else stands for itself.
 */
#ifndef CORE_GUARD_PII_FORM_H
#define CORE_GUARD_PII_FORM_H

#include "core/buf.h"

#define FORM_MAX	64	/* letters and digits of a match */

struct form_match {
	size_t	start, end;
	size_t	n;
	char	code[FORM_MAX + 1];	/* its letters, in upper case, and digits */
	char	separator;		/* the one used, or NUL */
	bool	lower, upper;		/* letters of which case it has */
};

/* Does the form match at that byte?  Says nothing about what stands around. */
bool		form_match(const char *form, struct slice text, size_t at,
		    struct form_match *);
const char	*form_next(const char *form);	/* behind the next '|', or NULL */

/*
 * How many digits (or letters, where *letters says so) a match may begin with:
 * bit n for n of them, the last bit for that many and more.
 */
#define FORM_LEAD	32
uint32_t	form_lead(const char *form, bool *letters);

#endif
