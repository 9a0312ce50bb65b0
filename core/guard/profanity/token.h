/*
 * The tokens that guard kind "profanity" looks at: runs of letters, digits and
 * the signs that stand for letters.
 */
#ifndef CORE_GUARD_PROFANITY_TOKEN_H
#define CORE_GUARD_PROFANITY_TOKEN_H

#include "core/base/buf.h"

/* What a byte is to a token. */
enum byte_kind { GAP, LETTER, DIGIT, SIGN, WIDE };
extern const uint8_t token_kinds[128];		/* of ASCII */

static inline enum byte_kind
token_kind(unsigned char c)
{
	return c >= 0x80 ? WIDE : (enum byte_kind)token_kinds[c];
}

/* Nothing to see: a soft hyphen, a joiner, an accent by itself. */
bool		token_invisible(uint32_t cp);

struct word_token {
	size_t	start, end;
	bool	odd;		/* holds more than ASCII letters */
	bool	wide;		/* holds more than ASCII */
	bool	doubled;	/* plain: holds a letter twice running */
	size_t	letters, digits;
};

/*
 * Reads the token at `at`, or behind what is no letter of any script there.
 * False where a gap or the end comes first; t->end is where it stopped.
 */
bool		token_read(struct slice text, size_t at, struct word_token *t);

#endif
