/* The whole screen: the view on top, the hints, the last line. */
#ifndef TUI_SCREEN_PAINT_H
#define TUI_SCREEN_PAINT_H

#include <stdbool.h>

struct screen;

void	screen_draw(struct screen *);
/* Is the window large enough to show a line of what a decision is about? */
bool	screen_readable(void);

#endif
