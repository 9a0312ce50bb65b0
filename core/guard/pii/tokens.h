/*
 * A text as words and numbers and what parts them, for what is found by how they
 * follow each other.
 */
#ifndef CORE_GUARD_PII_TOKENS_H
#define CORE_GUARD_PII_TOKENS_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/guard/pii/names.h"

enum pii_token_kind {
	TOKEN_END,		/* before the first and behind the last */
	TOKEN_NUMBER,		/* digits, a letter may follow: "12", "12B" */
	TOKEN_CAPITAL,		/* a word that begins with a capital */
	TOKEN_SMALL,
	TOKEN_UNCASED		/* of a script without capitals */
};
/* What stands before a token. */
enum token_gap {
	GAP_OTHER,
	GAP_BLANK,
	GAP_DOT,		/* "Mr. Smith", "p.o. box" */
	GAP_COMMA,
	GAP_HYPHEN,
	GAP_LINE		/* the end of a line, a comma before it perhaps */
};
struct pii_token {
	uint32_t	start, end;
	uint32_t	is;	/* NAME_ and WORD_ bits */
	unsigned char	kind, gap;
};
struct tokens {
	struct slice	 text;
	struct pii_token	*v;	/* n, one TOKEN_END before and three behind */
	size_t		 n;
};

/* STATUS_OK or STATUS_NOMEM. */
enum status	tokens_read(struct slice, const struct name_book *, struct arena *,
		    struct tokens *) MUST_CHECK;
/* Is it a word of those kinds? */
static inline bool
token_is(const struct tokens *x, size_t i, uint32_t kinds)
{
	return (x->v[i].is & kinds) != 0;
}
struct slice	token_slice(const struct tokens *, size_t);
/* Is it one of "a|b", in any case of ASCII? */
bool		token_among(const struct tokens *, size_t, const char *list);
bool		slice_among(struct slice, const char *list);

#endif
