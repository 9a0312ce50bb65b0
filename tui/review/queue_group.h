/* The heading above the items of one priority in the list. */
#ifndef TUI_REVIEW_QUEUE_GROUP_H
#define TUI_REVIEW_QUEUE_GROUP_H

#include "queue/review/list.h"

#define GROUPS_KEPT	16

/* How many there are of some priorities, as counted for the window. */
struct groups {
	struct priority_count {
		int64_t	priority, n;
	}	v[GROUPS_KEPT];
	size_t	n;
};

/* Text of it: "priority 6: toxic (3)", by the rules that give that priority. */
void	queue_group_text(struct buf *, const struct policy *,
	    const struct list_filter *, int64_t priority, int64_t n);
/* How many have it, counted once until the groups are forgotten (n = 0). */
int64_t	queue_group_count(struct groups *, struct session *,
	    const struct list_filter *, int64_t priority);

#endif
