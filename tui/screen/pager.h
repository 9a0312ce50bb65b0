/* Texts to read: the help, the messages said so far. */
#ifndef TUI_SCREEN_PAGER_H
#define TUI_SCREEN_PAGER_H

#include "core/base/buf.h"

struct screen;

/* The keys as they are in the view on top. */
void	help_view_show(struct screen *);
/* Any text, sanitized by the caller; the title stays the caller's. */
void	pager_show(struct screen *, const char *title, struct slice text);
void	messages_view_show(struct screen *);

#endif
