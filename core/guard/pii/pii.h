/*
 * Guard kind "pii": personal data, found by shape, check digit and the words
 * around it.  This header is shared by the guard's own files only.
 *
 * A text is folded (pii_fold.h), read once (pii_scan.c), and what was found is
 * settled so that no two findings overlap (pii.c).
 */
#ifndef CORE_GUARD_PII_PII_H
#define CORE_GUARD_PII_PII_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/guard/pii/kinds.h"

#define PII_ENUM(name, locale, what, context)	PII_##name,
enum pii_kind { PII_KINDS(PII_ENUM) PII_NKINDS };
#undef PII_ENUM

struct pii_kind_row {
	const char	*name;
	const char	*locale;	/* "" everywhere */
	const char	*what;		/* for the message */
	const char	*context;	/* words that speak of it, "a|b c" */
};
extern const struct pii_kind_row pii_kind_rows[PII_NKINDS];

/*
 * A number or code of fixed shape.  Without a word of its context near it a
 * match scores `score`; 0 means that it is nothing without one.
 */
struct pii_row {
	enum pii_kind	 kind;
	double		 score;
	unsigned	 flags;
	const char	*forms;		/* pii_form.h, alternatives by '|' */
	/* The letters (in upper case) and digits of a match, NUL-terminated. */
	bool		(*valid)(const char *, size_t);
	const char	*why;		/* what valid() says: "check digit ok" */
};
/* Found inside addresses, and with other numbers beside it, too. */
#define PII_STRONG	1u
/* The score holds where its separators are there; without, it is no evidence. */
#define PII_GROUPED	2u

extern const struct pii_row pii_rows[];
extern const size_t pii_nrows;

struct pii_hit {
	uint32_t	 start, end;	/* of the folded text; later, as it came */
	unsigned	 kind;		/* enum pii_kind; from PII_NKINDS on: own */
	double		 score;
	bool		 checked;	/* more than its shape speaks for it */
	bool		 allowed;	/* by the policy's list */
	const char	*why, *how;	/* for the message; may be NULL */
};

struct pii;				/* what the options were compiled to */

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

bool	pii_locale_known(const char *);

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_letter(char c)
{
	return ((unsigned char)c | 0x20u) - 'a' < 26u;
}

static inline bool
is_alnum(char c)
{
	return is_digit(c) || is_letter(c);
}

static inline char
to_upper(char c)
{
	return (char)(c >= 'a' && c <= 'z' ? c - 0x20 : c);
}

static inline char
to_lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 0x20 : c);
}

/* The byte at i, NUL before the beginning and behind the end. */
static inline char
byte_at(struct slice t, size_t i)
{
	return i < t.n ? t.p[i] : '\0';
}

#endif
