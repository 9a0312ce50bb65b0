/*
 * Cuts a text into the tokens that guard kind "profanity" looks at: runs of
 * letters, digits and the signs that stand for letters.
 */
#ifndef CORE_GUARD_PROFANITY_TOKEN_H
#define CORE_GUARD_PROFANITY_TOKEN_H

#include "core/buf.h"

/* What a byte is to a token. */
enum token_kind { GAP, LETTER, DIGIT, SIGN, WIDE };
enum token_kind	token_kind(unsigned char);
/* Nothing to see: a soft hyphen, a joiner, an accent by itself. */
bool		token_invisible(uint32_t cp);

struct token {
	size_t	start, end;
	bool	odd;		/* holds more than ASCII letters */
	bool	wide;		/* holds more than ASCII */
	bool	doubled;	/* plain: holds a letter twice running */
	size_t	letters, digits;
};

/* Where a text is being cut; begin with the text alone. */
struct tokens {
	struct slice	text;
	size_t		at;		/* the next token is here or behind */
	bool		looked;		/* the masks below are of `block` */
	size_t		block;
	uint64_t	letter, other;	/* a bit for each byte of it */
	uint64_t	doubled;	/* the letter before, in either case */
};
/* False at the end of the text. */
bool		tokens_next(struct tokens *, struct token *);

#endif
