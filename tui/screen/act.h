/*
 * From an action to what does it.  What it needs is checked here and nowhere
 * else; then the views are asked from the top of the stack down, and in the end
 * the screen's own rows.
 */
#ifndef TUI_SCREEN_ACT_H
#define TUI_SCREEN_ACT_H

#include "tui/screen/action.h"

struct screen;

/* Does one action as if its key had been pressed. */
void	screen_act(struct screen *, enum action);
/* Is there anything that does it, as the views lie now? */
bool	screen_act_known(struct screen *, enum action);
/* Is the item claimed here, where the action needs that? */
bool	screen_act_held(struct screen *, enum action);
/* What the screen itself does with an action; false: it is none of its own. */
bool	screen_act_own(struct screen *, enum action);
/* A key that stands for nothing: false where the view waits for none in particular. */
bool	screen_act_any(struct screen *);

#endif
