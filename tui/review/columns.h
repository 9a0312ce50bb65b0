/* Which columns of the list fit in a width, and how wide each is. */
#ifndef TUI_REVIEW_COLUMNS_H
#define TUI_REVIEW_COLUMNS_H

#include <stdbool.h>

enum column {
	COLUMN_AGE, COLUMN_DUE, COLUMN_SEVERITY, COLUMN_CONFIDENCE, COLUMN_WHY,
	COLUMN_QUEUE, COLUMN_MODEL, COLUMN_ID, COLUMN_WORDS, COLUMN_COUNT
};
#define COLUMN_MARKS	3	/* the cursor, tag and lease, a blank */

extern const char *const column_titles[COLUMN_COUNT];

/* Widths without the blank between columns; 0: the column falls away, as that of
 * the queue does where the list is of one. */
void	columns_fit(int width, bool one_queue, int out[COLUMN_COUNT]);

#endif
