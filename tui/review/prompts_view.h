/* Prompts: their versions, where labels point, who moved them, what changed. */
#ifndef TUI_REVIEW_PROMPTS_VIEW_H
#define TUI_REVIEW_PROMPTS_VIEW_H

struct screen;

void	prompts_view_show(struct screen *);

#endif
