/* What was decided, and all that is in the audit log; the latest first. */
#ifndef QUEUE_REVIEW_LOG_H
#define QUEUE_REVIEW_LOG_H

#include "queue/session.h"

struct log_row {
	int64_t		 seq, ts_ms;
	int64_t		 item;		/* -1: to be found by id and queue */
	int64_t		 dwell_ms;	/* from claim to decision; -1: unknown */
	struct slice	 id, queue;	/* absent: it is about no item */
	struct slice	 what, by;	/* the decision, or the event */
	struct slice	 reason, note;	/* absent: none */
	bool		 undone;
};

/*
 * Up to n rows before one (its seq; INT64_MAX: from the latest on) of a queue
 * (NULL: all) for which a condition holds (NULL: any).  Texts live in the arena.
 */
typedef enum status log_fn(struct session *, const char *queue,
		    const char *where, int64_t before, size_t n, struct arena *,
		    struct log_row *, size_t *got, struct error *);
/* Decisions: the condition sees what lists see, and decision, by, role, via,
 * decided_at, reason, labels, note, dwell_ms, undone. */
log_fn		log_decided;
/* Leaves of the audit log, by the columns of audit query; needs MAY_AUDIT. */
log_fn		log_audit;

#endif
