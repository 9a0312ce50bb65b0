/* What the list says of an item. */
#ifndef TUI_REVIEW_QUEUE_ROW_H
#define TUI_REVIEW_QUEUE_ROW_H

#include "queue/review/list.h"

/* A column (columns.h) of a row, so wide; it lives in the row or in the buffer. */
struct slice	queue_row_text(const struct list_row *, int64_t now_ms, int column,
		    int width, struct buf *);
/* The guards that failed, "pii,tone"; appends. */
void		queue_row_guards(const struct list_row *, struct buf *);

#endif
