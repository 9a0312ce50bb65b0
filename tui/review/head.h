/* What stands above an item's page: why, who, what a decision would send. */
#ifndef TUI_REVIEW_HEAD_H
#define TUI_REVIEW_HEAD_H

#include "queue/review/item_detail.h"
#include "tui/screen/doc.h"

/* Lines with a label each; labels are those chosen for the decision, or absent. */
void	head_fill(struct doc *, const struct item_detail *, struct slice labels,
	    struct arena *);

#endif
