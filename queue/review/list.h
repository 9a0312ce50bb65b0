/* Items in screen order, a page at a time, by key and never by OFFSET. */
#ifndef QUEUE_REVIEW_LIST_H
#define QUEUE_REVIEW_LIST_H

#include "queue/session.h"

enum list_state {		/* what is listed */
	LIST_FLAGGED,		/* and approved items drawn for review */
	LIST_ESCALATED, LIST_APPROVED, LIST_ACCEPTED, LIST_EDITED, LIST_REJECTED,
	LIST_ALL
};
enum list_sort { SORT_DUE, SORT_AGE, SORT_CONFIDENCE };	/* DUE: screen order */

struct picks;
struct list_filter {
	enum list_state	 state;
	enum list_sort	 sort;		/* other than SORT_DUE only of flagged */
	const char	*queue;		/* NULL: all */
	const char	*where;		/* NULL: all; a condition */
	/* Those for which it holds, as far as they are found (picks.h); NULL: each
	 * page looks for itself. */
	struct picks	*picks;
};

/* Slices live in the arena that the page was given. */
struct list_row {
	int64_t		 item;		/* the key of everything else */
	struct slice	 id, queue, state, route, rule, guards, policy;
	struct slice	 model, prompt, variant, snippet, stop;
	int64_t		 priority, due_ms, created_ms, ingested_ms; /* -1: NULL */
	double		 confidence;	/* NAN: none */
	int64_t		 severity;	/* -1: none */
	int64_t		 failures;
	bool		 sampled;
	int64_t		 input_tokens, output_tokens;	/* -1: not known */
	double		 cost_usd;	/* NAN: not known */
	int64_t		 sent;		/* code points out when it was cut; -1: none */
	/* What list_besides_get() adds: the last decision that stands (absent: none),
	 * and of the call that the item answers (-1 and absent: of none). */
	struct slice	 by;
	int64_t		 decided_ms;
	int64_t		 first_token_ms, attempts;
	struct slice	 tier;		/* the model that answered, as the policy names it */
	struct slice	 lease_by;	/* absent: free (or expired) */
	bool		 lease_mine;	/* this session's */
	int64_t		 lease_until_ms;	/* wall clock */
};

bool		list_state_from(const char *, enum list_state *);

/*
 * Up to n rows after (or before) the row `from` in the filter's order; from
 * NULL: from the beginning (or the end).  rows[] comes in list order both ways.
 */
enum status	list_page(struct session *, const struct list_filter *,
		    const struct list_row *from, bool backward, size_t n,
		    struct arena *, struct list_row *rows, size_t *got,
		    struct error *) MUST_CHECK;
/*
 * How many rows of the filter's list stand before a row or at it, counted to max at
 * most; -1 where no index keeps that order.  Under a condition: of those found.
 */
enum status	list_before(struct session *, const struct list_filter *,
		    const struct list_row *, int64_t max, int64_t *n,
		    struct error *) MUST_CHECK;
/* How many of what is flagged or escalated have a priority, counted to max at most;
 * under a condition: of those found. */
enum status	list_of_priority(struct session *, const struct list_filter *,
		    int64_t priority, int64_t max, int64_t *n, struct error *)
		    MUST_CHECK;
/* Which of some rows a condition holds for; the condition stays the caller's. */
struct list_match;
enum status	list_match_new(struct list_match **, struct session *,
		    const char *where, struct error *) MUST_CHECK;
enum status	list_match_run(struct list_match *, const struct list_row *,
		    size_t n, bool *holds, struct error *) MUST_CHECK;
void		list_match_free(struct list_match *);	/* NULL is fine */
/* The row of one item, as it is now. */
enum status	list_row_get(struct session *, int64_t item, struct arena *,
		    struct list_row *, struct error *) MUST_CHECK;
/* What other tables have of some rows: who decided last, the call that is answered. */
enum status	list_besides_get(struct session *, struct list_row *, size_t n,
		    struct arena *, struct error *) MUST_CHECK;
/*
 * Finds an item by its id; STATUS_NOT_FOUND, or STATUS_INVALID where several
 * queues hold it and queue is NULL: "ID is in a, b: choose with --queue".
 */
enum status	list_find(struct session *, const char *id, const char *queue,
		    int64_t *item, struct error *) MUST_CHECK;

/*
 * Ids of the store that begin so, max at most, in the arena: the last of all of them,
 * then the first ones in order, so that what they have in common all have.
 */
enum status	list_ids(struct session *, struct slice begin, size_t max,
		    struct arena *, struct slice *ids, size_t *n, struct error *)
		    MUST_CHECK;

/* The queues for which something came, max at most, in the arena. */
enum status	list_queues(struct session *, size_t max, struct arena *,
		    const char **names, size_t *n, struct error *) MUST_CHECK;

/* Counts for a header line: queue NULL for all. */
struct list_counts {
	int64_t	approved, flagged, escalated, accepted, edited, rejected;
	int64_t	review;			/* approved, drawn, undecided */
	int64_t	mine;			/* leased by this session */
	int64_t	oldest_ms;		/* ingest time of the oldest flagged; -1 */
	int64_t	breached;		/* flagged or escalated, and past due; stops at
					 * 1000 of each */
};
enum status	list_counts_get(struct session *, const char *queue,
		    struct list_counts *, struct error *) MUST_CHECK;

#endif
