/*
 * Cuts out of a text the tokens that guard kind "profanity" has to look at.
 *
 * Nearly all of a text is words of plain letters that begin as no listed word
 * does.  Blocks of bytes are looked at together (AVX2, SSE2 or plain C, chosen
 * at run time, with equal results), and such words are not cut out at all.
 */
#ifndef CORE_GUARD_PROFANITY_SCAN_H
#define CORE_GUARD_PROFANITY_SCAN_H

#include "core/guard/profanity/begin.h"
#include "core/guard/profanity/token.h"

/* How it is done; SCAN_ALL, for tests, leaves no token out. */
enum scan_form { SCAN_BEST, SCAN_AVX2, SCAN_SSE2, SCAN_PLAIN, SCAN_ALL };

struct scan {
	struct slice		 text;
	const struct begins	*begins;
	uint64_t		(*places_of)(const struct begins *,
				    const unsigned char *, bool);
	size_t			 at;	/* the tokens so far end here */
	size_t			 next;	/* the block to look at next */
	uint64_t		 places; /* left of the block before it */
};
void		scan_begin(struct scan *, const struct begins *,
		    enum scan_form, struct slice text);
/*
 * The next token; false at the end of the text.  Those left out are no listed
 * word, nor one of three and more letters that stand apart.
 */
bool		scan_next(struct scan *, struct word_token *);

#endif
