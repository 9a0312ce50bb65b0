/* Two texts compared by word. */
#ifndef TUI_REVIEW_DIFF_VIEW_H
#define TUI_REVIEW_DIFF_VIEW_H

#include "core/base/buf.h"

struct screen;

void	diff_view_show(struct screen *, struct slice old, struct slice new);

#endif
