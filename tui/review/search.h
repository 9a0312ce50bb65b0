/* Searching the list for a text. */
#ifndef TUI_REVIEW_SEARCH_H
#define TUI_REVIEW_SEARCH_H

#include "tui/review/rows.h"

/*
 * Makes the next row that has the text the cursor's; the window is not empty.
 * STATUS_NOT_FOUND: none has it, or none among so many as one search looks at.
 */
enum status	rows_search(struct rows *, struct session *,
		    const struct list_filter *, const char *needle,
		    bool backward, struct error *) MUST_CHECK;

#endif
