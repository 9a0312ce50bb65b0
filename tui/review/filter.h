/* Filters as people type them. */
#ifndef TUI_REVIEW_FILTER_H
#define TUI_REVIEW_FILTER_H

#include "core/base/buf.h"

/* The columns of an item that a condition may name; ends with NULL. */
extern const char *const filter_columns[];

/*
 * The condition that was typed: words alone (letters, digits, blanks, and what
 * stands within words) are looked for in the answer and the id, in either case.
 */
void	filter_condition(struct slice typed, struct buf *where);
/* Of "no such column: confidnce" the columns that are nearly called so, a comma
 * between them. */
void	filter_near(struct slice error, struct buf *names);

#endif
