/* A text edited in place. */
#ifndef TUI_REVIEW_TYPING_VIEW_H
#define TUI_REVIEW_TYPING_VIEW_H

#include "core/base/buf.h"

struct screen;

void	typing_view_show(struct screen *, struct slice text);

#endif
