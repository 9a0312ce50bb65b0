/* The words around a place, and what they say about it. */
#ifndef CORE_GUARD_PII_WORDS_H
#define CORE_GUARD_PII_WORDS_H

#include "core/guard/pii/hit.h"

/*
 * Fills scan->words.  Words before: PII_BEFORE at most, where numbers one after
 * the other count as one word and are left out; after: PII_AFTER, and none
 * behind the next number, whose words they are.
 */
void	words_around(struct pii_scan *, size_t start, size_t end);
/* Is a phrase of "a|b c" among them, whole words in any case? */
bool	words_speak(const struct pii_words *, const char *context);
/* Do they name the number as a thing that is no personal data? */
bool	words_deny(const struct pii_words *);
/* Is the place the number of a house, of a flat? */
bool	words_street(const struct pii_words *);
/* Is the word right before one of "a|b"? */
bool	words_end(const struct pii_words *, const char *words);

#endif
