/*
 * The word lists of guard kind "profanity", and what else its files share.
 */
#ifndef CORE_GUARD_PROFANITY_PROFANITY_H
#define CORE_GUARD_PROFANITY_PROFANITY_H

#include "core/guard/profanity/scan.h"
#include "core/item/severity.h"

enum {
	WORD_NAME = 1	/* also a name or a breed: not where written as one */
};

/* mild = low, strong = medium, slur = high. */
struct word {
	const char	*stem;
	const char	*endings;	/* "s ing"; the stem alone counts too */
	enum severity	 severity;
	int		 flags;
};

struct word_list {
	const char		*language;	/* ISO 639-1 */
	const struct word	*words;		/* ends with a null stem */
};
extern const struct word_list word_lists[];	/* ends with a null language */
extern const struct word words_german[], words_spanish[], words_french[];
extern const struct word words_italian[];

/* "a chink in the armour": a word that its neighbour makes clean. */
struct word_pair {
	const char	*word;
	const char	*before, *after;	/* one of them; the other NULL */
};
extern const struct word_pair word_pairs[];	/* ends with a null word */

/* How a compiled guard scans its texts; for tests, as all forms find the same. */
void		profanity_form(void *compiled, enum scan_form);

#endif
