/*
 * One pass over a text: what the options were compiled to, and what is found.
 */
#ifndef CORE_GUARD_PII_HIT_H
#define CORE_GUARD_PII_HIT_H

#include "core/base/arena.h"
#include "core/guard/pii/form.h"
#include "core/guard/pii/kinds.h"
#include "core/guard/pii/names.h"

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
	struct name_book		*names;		/* NULL: no kind needs them */
	/* Forms by how they begin: digits or letters, what next, how many. */
	struct pii_form		*forms;
	size_t			 first[2][FORM_NEXTS][FORM_LEAD + 1];
};
struct pii_hit {
	uint32_t	 start, end;	/* of the folded text; later, as it came */
	unsigned	 kind;		/* enum pii_kind; from PII_NKINDS on: own */
	double		 score;
	bool		 checked;	/* not found by its shape alone */
	bool		 allowed;	/* by the policy's list */
	bool		 open;		/* nobody's own: severity info */
	const char	*why, *how;	/* for the message; may be NULL */
};

/* Words around a place, at most 5 before and 2 after. */
#define PII_BEFORE	5
#define PII_AFTER	2
struct pii_words {
	struct slice	 before[PII_BEFORE];	/* in text order */
	struct slice	 after[PII_AFTER];
	unsigned	 nbefore, nafter;
	uint32_t	 initials;		/* bit c & 31 of their first bytes */
	size_t		 start, end;		/* the place; SIZE_MAX: none yet */
};

/* One pass over one text. */
struct pii_scan {
	const struct pii	*pii;
	struct slice		 text;		/* folded */
	struct arena		*arena;
	struct pii_hit		*hit;
	size_t			 n, cap;
	bool			 nomem;
	struct pii_words	 words;
	/* How far each kind of thing has been read already. */
	size_t			 token_end, net_end, url_end, authority_end,
				 domain_end, phone_end;
	size_t			 email_start, email_end;	/* the last one */
};

/* Keeps a hit if the options want it; the hit, or NULL. */
struct pii_hit	*pii_hit(struct pii_scan *, unsigned kind, size_t start, size_t end,
	    double score, bool checked, const char *why);
/* Is this kind wanted at all? */
bool	pii_wants(const struct pii_scan *, enum pii_kind);
bool	pii_wants_locale(const struct pii *, const char *locale);
/* The forms that a code may have which begins with n digits or letters and
 * goes on with `next` (enum form_next). */
struct pii_form {
	enum pii_kind		 kind;
	const struct pii_row	*row;
	const char		*form;
};
const struct pii_form	*pii_forms(const struct pii *, bool letters, size_t n,
		    unsigned next, size_t *count);

#endif
