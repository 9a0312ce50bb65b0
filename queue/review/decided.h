/* What people decided, the latest first. */
#ifndef QUEUE_REVIEW_DECIDED_H
#define QUEUE_REVIEW_DECIDED_H

#include "queue/session.h"

struct decided_row {
	int64_t		 seq, item, ts_ms;
	int64_t		 dwell_ms;	/* from claim to decision; -1: unknown */
	struct slice	 id, queue, state, rule, decision, by;
	struct slice	 reason, note;	/* absent: none */
	bool		 undone;
};

/*
 * Up to n decisions before one (its seq; INT64_MAX: from the latest on) of a queue
 * (NULL: all) for which a condition holds (NULL: any).  The condition sees what
 * lists see, and decision, by, role, via, decided_at, reason, labels, note,
 * dwell_ms, undone.  Texts live in the arena.
 */
enum status	decided_page(struct session *, const char *queue,
		    const char *where, int64_t before, size_t n, struct arena *,
		    struct decided_row *, size_t *got, struct error *) MUST_CHECK;

#endif
