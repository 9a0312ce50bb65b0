/* How a reviewer's session gets on. */
#ifndef TUI_REVIEW_PACE_H
#define TUI_REVIEW_PACE_H

#include "core/base/buf.h"

#define PACE_KEPT	100	/* of the latest decisions */

struct pace {
	size_t	decided, escalated;	/* in all, but what was undone */
	size_t	n;			/* of those kept, oldest first */
	struct paced {
		int64_t	item, at_ms, dwell_ms;
		bool	escalated;
	}	kept[PACE_KEPT];
};

/* One more decision. */
void	pace_add(struct pace *, const struct paced *);
/* The latest one of that item, where it is kept, was undone. */
void	pace_undone(struct pace *, int64_t item);
/* "42 done, 38 an hour, median 11 s", of which so many columns have room; nothing
 * before the second. */
void	pace_text(const struct pace *, int64_t now_ms, int columns, struct buf *);

#endif
