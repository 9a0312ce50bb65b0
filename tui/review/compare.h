/* An item's answer beside that of another, the one that is tagged in the list. */
#ifndef TUI_REVIEW_COMPARE_H
#define TUI_REVIEW_COMPARE_H

#include "queue/review/item_detail.h"

struct screen;

void	compare_show(struct screen *, const struct item_detail *);

#endif
