/* How a reviewer's session gets on. */
#ifndef TUI_REVIEW_PACE_H
#define TUI_REVIEW_PACE_H

#include "core/base/buf.h"

#define PACE_KEPT	100	/* of the latest decisions */

struct pace {
	size_t	decided, escalated;	/* in all */
	int64_t	at_ms[PACE_KEPT], dwell_ms[PACE_KEPT];
};

/* One more decision, so long after its item was opened. */
void	pace_add(struct pace *, bool escalated, int64_t at_ms, int64_t dwell_ms);
/* "42 done, 38 an hour, median 11 s", of which so many columns have room; nothing
 * before the second. */
void	pace_text(const struct pace *, int64_t now_ms, int columns, struct buf *);

#endif
