/*
 * What the options were compiled to, and keeping what was found.
 */
#ifndef CORE_GUARD_PII_HIT_H
#define CORE_GUARD_PII_HIT_H

#include "core/guard/pii/form.h"
#include "core/guard/pii/pii.h"

struct pii {
	bool			 wanted[PII_NKINDS];
	bool			 all_locales;
	const char *const	*locales;
	size_t			 nlocales;
	double			 min_score;
	const char *const	*allow;
	size_t			 nallow;
	bool			 base64, url;
	struct pii_own		*own;		/* NULL: none */
	/* Forms by how they begin: digits or letters, what next, how many. */
	struct pii_form		*forms;
	size_t			 first[2][FORM_NEXTS][FORM_LEAD + 1];
};

/* Keeps a hit if the options want it. */
void	pii_hit(struct pii_scan *, unsigned kind, size_t start, size_t end,
	    double score, bool checked, const char *why);
/* Is this kind wanted at all? */
bool	pii_wants(const struct pii_scan *, enum pii_kind);
bool	pii_wants_locale(const struct pii *, const char *locale);
/* The forms that a code may have which begins with n digits or letters and
 * goes on with `next` (enum form_next). */
struct pii_form {
	const struct pii_row	*row;
	const char		*form;
};
const struct pii_form	*pii_forms(const struct pii *, bool letters, size_t n,
		    unsigned next, size_t *count);

#endif
