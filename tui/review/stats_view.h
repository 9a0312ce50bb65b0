/* Figures, counted aside. */
#ifndef TUI_REVIEW_STATS_VIEW_H
#define TUI_REVIEW_STATS_VIEW_H

struct screen;

void	stats_view_show(struct screen *);

#endif
