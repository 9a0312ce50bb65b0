/* An item's answer beside that of another, the one that is tagged in the list. */
#ifndef TUI_REVIEW_COMPARE_H
#define TUI_REVIEW_COMPARE_H

#include "queue/review/item_detail.h"

struct screen;

void	compare_show(struct screen *, const struct item_detail *);
/* In the list: the tagged one and the one at the cursor, or the two that are tagged; else
 * it is said what to tag. */
void	compare_tagged(struct screen *, int64_t here);

#endif
