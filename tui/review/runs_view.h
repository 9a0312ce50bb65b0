/* Runs of suites: the list, and what one of them fixed and broke. */
#ifndef TUI_REVIEW_RUNS_VIEW_H
#define TUI_REVIEW_RUNS_VIEW_H

struct screen;

void	runs_view_show(struct screen *);

#endif
