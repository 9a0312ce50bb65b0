/* The list's filter as it is typed, and an end to what it looks for. */
#ifndef TUI_REVIEW_QUEUE_FILTER_H
#define TUI_REVIEW_QUEUE_FILTER_H

#include "tui/screen/action.h"

struct view;

void	queue_filter_ask(struct view *, enum action);
void	queue_filter_stop(struct view *, enum action);

#endif
