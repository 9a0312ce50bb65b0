/* Which columns of the list fit in a width, and how wide each is. */
#ifndef TUI_REVIEW_COLUMNS_H
#define TUI_REVIEW_COLUMNS_H

enum column {
	COLUMN_AGE, COLUMN_DUE, COLUMN_CONFIDENCE, COLUMN_WHY, COLUMN_MODEL,
	COLUMN_WORDS, COLUMN_COUNT
};
#define COLUMN_MARKS	3	/* the cursor, tag and lease, a blank */

extern const char *const column_titles[COLUMN_COUNT];

/* Widths without the blank between columns; 0: the column falls away. */
void	columns_fit(int width, int out[COLUMN_COUNT]);

#endif
