/* What was decided: what, who, when, why, how long it took; the latest first. */
#ifndef TUI_REVIEW_DECIDED_VIEW_H
#define TUI_REVIEW_DECIDED_VIEW_H

#include <stdbool.h>
#include <stdint.h>

struct screen;

void	decided_view_show(struct screen *);
/* The item of the row before or after the cursor's, which moves there; false: there
 * is none, or no such view. */
bool	decided_view_beside(struct screen *, bool backward, int64_t *item);

#endif
