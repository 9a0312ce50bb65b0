/* How alike two texts are, and how many words one has. */
#ifndef CORE_BASE_LIKENESS_H
#define CORE_BASE_LIKENESS_H

#include "core/base/buf.h"

#define LIKENESS_WORK_MAX	((size_t)64 << 20)	/* pairs compared */

/* Words between white space. */
size_t		likeness_words(struct slice);
/*
 * Levenshtein's distance in code points.  STATUS_LIMIT where the texts together
 * would take more than LIKENESS_WORK_MAX comparisons.
 */
enum status	likeness_distance(struct slice, struct slice, size_t *,
		    struct error *) MUST_CHECK;
/*
 * ROUGE-1: the harmonic mean of precision and recall of single words, 0..1.  Words
 * are those of the Penn Treebank: punctuation, and "n't", stand alone.
 */
enum status	likeness_rouge(struct slice candidate, struct slice reference,
		    double *, struct error *) MUST_CHECK;

#endif
