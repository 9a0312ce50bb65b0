/* Names offered for the word that is being typed. */
#ifndef TUI_SCREEN_COMPLETE_H
#define TUI_SCREEN_COMPLETE_H

#include "tui/screen/line.h"

#define COMPLETE_NAMES	200

struct complete {
	struct slice	 word;		/* typed so far */
	struct slice	 name[COMPLETE_NAMES];	/* which live elsewhere */
	size_t		 n;
};

/* Offers a name, if it begins with the word (in either case), once. */
void	complete_offer(struct complete *, struct slice name);
/*
 * Puts what all names have in common in place of the word, which ends at the
 * cursor.  True where that is all that can be said: one name, or more typed.
 */
bool	complete_apply(const struct complete *, struct line *);
/* "confidence  cost_usd" */
void	complete_text(const struct complete *, struct buf *);

#endif
