/* Two texts compared by word. */
#ifndef TUI_REVIEW_DIFF_VIEW_H
#define TUI_REVIEW_DIFF_VIEW_H

#include "core/base/buf.h"

struct screen;

#define DIFF_TITLE	400	/* bytes */

/* title: what stands above (NULL: which is the old one). */
void	diff_view_show(struct screen *, const char *title, struct slice old,
	    struct slice new);

#endif
