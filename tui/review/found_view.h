/* What the index of all stored text has for some words, the newest first. */
#ifndef TUI_REVIEW_FOUND_VIEW_H
#define TUI_REVIEW_FOUND_VIEW_H

#include "core/base/buf.h"

struct screen;

/* False where search is off; else it is shown, or said why not. */
bool	found_view_show(struct screen *, struct slice words);

#endif
