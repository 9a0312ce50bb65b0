/* Everything behind one item: what `show` prints and the item view draws. */
#ifndef QUEUE_REVIEW_ITEM_DETAIL_H
#define QUEUE_REVIEW_ITEM_DETAIL_H

#include "core/judge/why.h"
#include "queue/review/list.h"

struct item_decision {
	int64_t		 seq, ts_ms, uid, undone_by;	/* -1: none */
	struct slice	 by, role, via, decision, from, to;
	struct slice	 reason, labels, note, output;		/* absent */
	struct slice	 ratings, evidence;	/* as rating.h stores them; absent */
	int64_t		 review_ms;
};

struct item_note {
	int64_t		 ts_ms;
	struct slice	 by, text;
};

/* Who passed it over, and why. */
struct item_skip {
	int64_t		 seq, ts_ms;
	struct slice	 by, role, reason;	/* reason absent: erased */
};

/* What somebody else would have decided, not seeing what was. */
struct item_opinion {
	int64_t		 seq, ts_ms, of;	/* of: the decision's leaf */
	struct slice	 by, role, value, first;	/* first: that decision */
};

/* All of it lives in the arena it was loaded into. */
struct item_detail {
	struct list_row		 row;
	bool			 erased;	/* its texts are gone */
	struct item		 item;		/* the record, read again */
	const struct queue_policy *queue;	/* as the session's policy has it */
	struct finding		*findings;	/* sorted by start */
	size_t			 nfindings;
	struct guard_error	*errors;
	size_t			 nerrors;
	struct rule_result	*rules;		/* every rule tried, with its result */
	size_t			 nrules;
	const struct why_rule	*why;		/* item_why.h; NULL: not asked for */
	size_t			 nwhy;
	struct item_decision	*decisions;	/* oldest first */
	size_t			 ndecisions;
	struct item_note	*notes;
	size_t			 nnotes;
	struct item_skip	*skips;
	size_t			 nskips;
	struct item_opinion	*opinions;
	size_t			 nopinions;
	bool			 released;	/* the release is not a fallback */
	struct slice		 release;	/* absent: null */
};

enum status	item_detail_load(struct session *, int64_t item, struct arena *,
		    struct item_detail *, struct error *) MUST_CHECK;
/* The same inside a transaction that the caller has begun. */
enum status	item_detail_load_within(struct session *, int64_t item,
		    struct arena *, struct item_detail *,
		    struct error *) MUST_CHECK;
/*
 * What to ask before it is accepted, "It holds hidden characters.", or NULL
 * where there is nothing to ask: a guard found what nobody can see, or any
 * guard something high or critical.
 */
const char	*item_detail_warning(const struct item_detail *);

#endif
