/* Items as JSON, exactly as `list --json`, `show --json` and `next` print them
 * and as `export --format jsonl` writes them. */
#ifndef QUEUE_REVIEW_ITEM_JSON_H
#define QUEUE_REVIEW_ITEM_JSON_H

#include "core/json/write.h"
#include "queue/review/item_detail.h"
#include "queue/review/review.h"

/* An object each; lease NULL: as the row has it (no token). */
void	list_row_json(struct writer *, const struct list_row *);
void	item_detail_json(struct writer *, const struct item_detail *,
		    const struct lease *);

/* JSON as a column holds it; as a string where somebody put something else in. */
void	write_stored(struct writer *, const char *name, struct slice);
/* The same as labelled data: without what second looks said. */
void	item_labelled_json(struct writer *, const struct item_detail *);

#endif
