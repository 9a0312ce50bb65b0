/* The lines around the list: header, headings, the filter's part of the hint line. */
#ifndef TUI_REVIEW_QUEUE_HEAD_H
#define TUI_REVIEW_QUEUE_HEAD_H

#include "queue/review/list.h"

struct view;

const char	*queue_head_state(enum list_state);
const char	*queue_head_sort(enum list_sort);
void		 queue_head_draw(struct view *, int row, int columns);
void		 queue_head_titles(struct view *, int row, const int width[],
		    int columns);
/* Lines for calls that wait for a person; how many there are. */
int		 queue_head_waits(struct view *, int row, int columns);
/* The condition that the list is under; the columns that it took. */
int		 queue_head_hint(struct view *, int row, int columns);

#endif
