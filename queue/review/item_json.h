/* Items as JSON, exactly as `list --json`, `show --json` and `next` print them
 * and as `export --format jsonl` writes them. */
#ifndef QUEUE_REVIEW_ITEM_JSON_H
#define QUEUE_REVIEW_ITEM_JSON_H

#include "queue/review/item_detail.h"
#include "queue/review/review.h"

/* The keys of a list row, without the braces. */
void	list_row_json(struct buf *, const struct list_row *);
/* An object with all of it; lease NULL: as the row has it (no token). */
void	item_detail_json(struct buf *, const struct item_detail *,
		    const struct lease *);

/* JSON as a column holds it; as a string where somebody put something else in. */
void	json_stored(struct buf *, struct slice);
/* Values that may be absent: null then. */
void	json_time(struct buf *, int64_t ms);		/* -1: null */
void	json_number(struct buf *, double);		/* NAN: null */

#endif
