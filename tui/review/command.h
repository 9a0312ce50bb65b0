/* What `:` takes beside the actions: `queue NAME`, `queue` for all, an item's id. */
#ifndef TUI_REVIEW_COMMAND_H
#define TUI_REVIEW_COMMAND_H

#include "tui/screen/complete.h"

struct screen;

/* False: it is none of them, which is not said. */
bool	command_run(struct screen *, struct slice text);
/* Queues of the policy, and ids of the store. */
void	command_offer(struct screen *, struct slice before, struct complete *);

#endif
