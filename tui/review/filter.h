/* Filters as people type them. */
#ifndef TUI_REVIEW_FILTER_H
#define TUI_REVIEW_FILTER_H

#include "core/base/buf.h"

/* What is listed: items, what was decided on them, leaves of the audit log. */
enum filter_of { FILTER_ITEMS, FILTER_DECIDED, FILTER_AUDIT };

/* The columns that a condition on it may name, in two lists (the second may be
 * NULL); each ends with NULL. */
extern const char *const *const filter_columns[][2];

/*
 * The condition that was typed: words alone (letters, digits, blanks, and what
 * stands within words) are looked for, in either case, in the answer and the id;
 * of what was decided also in who did it and why; of leaves in their names.
 */
void	filter_condition(enum filter_of, struct slice typed, struct buf *where);

#endif
