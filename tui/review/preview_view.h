/* What accepting would send, beside the answer as it is. */
#ifndef TUI_REVIEW_PREVIEW_VIEW_H
#define TUI_REVIEW_PREVIEW_VIEW_H

#include "queue/review/item_detail.h"

struct screen;

void	preview_view_show(struct screen *, const struct item_detail *);

#endif
