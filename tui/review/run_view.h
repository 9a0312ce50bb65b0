/* One run: its checks, what it fixed and broke beside another, its cases. */
#ifndef TUI_REVIEW_RUN_VIEW_H
#define TUI_REVIEW_RUN_VIEW_H

#include <stdint.h>

struct screen;

/*
 * against: the run that it is compared with; 0: the one labelled production of its
 * suite, else the last one before it.
 */
void	run_view_show(struct screen *, int64_t run, int64_t against);

#endif
