/*
 * Two texts compared by word (Myers, "An O(ND) Difference Algorithm", 1986), as
 * one text in which what went stands in [-...-] and what came in {+...+}.
 */
#ifndef TUI_REVIEW_WORDS_H
#define TUI_REVIEW_WORDS_H

#include "tui/screen/doc.h"

#define WORDS_EDITS_MAX	2000	/* beyond: the changed middle as one block */

struct words {
	struct buf	 text;
	struct doc_mark	*marks;		/* of the text; free()d with it */
	size_t		 nmarks;
};

enum status	words_diff(struct slice old, struct slice new, struct words *,
		    struct error *) MUST_CHECK;
void		words_release(struct words *);

#endif
