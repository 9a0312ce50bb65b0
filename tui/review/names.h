/* Names that a condition may go on with: columns, functions, rules, guards, models. */
#ifndef TUI_REVIEW_NAMES_H
#define TUI_REVIEW_NAMES_H

#include "tui/screen/complete.h"

struct screen;

enum names_of { NAMES_ITEM, NAMES_DECIDED, NAMES_AUDIT };

/*
 * Within quotes the policy's names and the models in sight, else columns and
 * functions; sets the word.
 */
void	names_offer(struct screen *, struct slice before, enum names_of,
	    struct complete *);

#endif
