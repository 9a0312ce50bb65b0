/* Counts as people read them. */
#ifndef TUI_REVIEW_COUNT_H
#define TUI_REVIEW_COUNT_H

#include <stdint.h>

#define COUNT_TEXT	32

/* "4,895" */
const char	*count_text(int64_t, char out[COUNT_TEXT]);

#endif
