/* The answer with a cursor in it: a span of it is marked as evidence. */
#ifndef TUI_REVIEW_MARK_VIEW_H
#define TUI_REVIEW_MARK_VIEW_H

#include "tui/screen/action.h"

struct view;

/* For the open item; the span goes with the decision to come. */
void	mark_view_show(struct view *, enum action);

#endif
