/* A second look at a random sample of what others decided. */
#ifndef TUI_REVIEW_SECOND_VIEW_H
#define TUI_REVIEW_SECOND_VIEW_H

struct screen;

/* Draws it from the decisions for which a condition holds ("": any) in the queue
 * that is reviewed, and shows the first. */
void	second_view_show(struct screen *, const char *where);

#endif
