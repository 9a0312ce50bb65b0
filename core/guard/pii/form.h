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

#include "core/base/buf.h"

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

/* What follows the run of digits (or of letters) at a code's beginning. */
enum form_next {
	FORM_OTHER,		/* the text's end, or something else */
	FORM_KIN,		/* a letter behind digits, a digit behind letters */
	FORM_PART_DIGIT,	/* a blank, '-' or '.', and then a digit */
	FORM_PART_LETTER,	/* the same, and then a letter */
	FORM_NEXTS
};

/*
 * How long a run a match may begin with where that stands behind it: bit n for
 * n, the last bit for that many and more; *letters says of what.
 */
#define FORM_LEAD	32
uint32_t	form_lead(const char *form, enum form_next, bool *letters);

#endif
