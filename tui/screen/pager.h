/* Texts to read: the help, the messages said so far. */
#ifndef TUI_SCREEN_PAGER_H
#define TUI_SCREEN_PAGER_H

struct screen;

/* The keys as they are in the view on top. */
void	help_view_show(struct screen *);
void	messages_view_show(struct screen *);

#endif
