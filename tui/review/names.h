/* Names that a condition may go on with: columns, functions, rules, guards, models. */
#ifndef TUI_REVIEW_NAMES_H
#define TUI_REVIEW_NAMES_H

#include "tui/review/filter.h"
#include "tui/screen/complete.h"

struct screen;

/*
 * Within quotes the policy's names and the models in sight, else columns and
 * functions; sets the word.
 */
void	names_offer(struct screen *, struct slice before, enum filter_of,
	    struct complete *);

#endif
