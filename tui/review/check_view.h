/* An edit in which something was found: keep it, edit again, or drop it. */
#ifndef TUI_REVIEW_CHECK_VIEW_H
#define TUI_REVIEW_CHECK_VIEW_H

#include "queue/review/item_detail.h"

struct screen;

/* Runs the guards; *found: something new, and the view is shown. */
enum status	check_view_judge(struct screen *, const struct item_detail *,
		    struct slice text, bool *found, struct error *) MUST_CHECK;
void		check_view_leave(struct screen *);

#endif
