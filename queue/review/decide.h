/* Decisions on items, and their undoing (handrail-decide.1). */
#ifndef QUEUE_REVIEW_DECIDE_H
#define QUEUE_REVIEW_DECIDE_H

#include "core/base/arena.h"
#include "queue/review/rating.h"
#include "queue/review/review.h"

struct decide {
	enum decision	 decision;
	int64_t		 item;
	int64_t		 token;		/* -1: any lease of the caller's identity */
	bool		 here_only;	/* -1: of this very session */
	struct slice	 output;	/* edit: the new text */
	struct slice	 reason, note;	/* absent: none */
	const struct slice *labels;
	size_t		 nlabels;
	const struct rated *rated;	/* as far as the queue asks for them */
	const struct evidence *evidence;
	size_t		 nrated, nevidence;
	bool		 no_lease;	/* undo: the item stays free */
	int64_t		 upto;		/* undo: no decision after this leaf; 0: any */
};
struct decided {
	int64_t		 seq;		/* of the leaf */
	char		 state[16];	/* the item's state now */
	bool		 recalled;	/* a release was called back */
};
/*
 * Decision, state, release row and leaf in one durable transaction.
 * STATUS_CONFLICT: "ID: already accepted by ana at T; undo first", "ID: held by
 * ana until T", "ID: the lease has passed (token 4, now 5)".  STATUS_DENIED.
 * STATUS_INVALID: an edit whose text is blank, too long or not UTF-8.
 * Nothing is changed by an error.
 */
enum status	review_decide(struct session *, const struct decide *,
		    struct decided *, struct error *) MUST_CHECK;
/*
 * The same decision on up to DECIDE_MANY items in one transaction; no edit.  What
 * speaks against one of them (out[i].status, with its error) leaves that one as it
 * was and the others go on; any error that is returned leaves all as they were.
 */
#define DECIDE_MANY	32
struct decided_one {
	enum status	 status;
	struct error	 err;
	struct decided	 decided;
};
enum status	review_decide_many(struct session *, const struct decide *,
		    const int64_t items[], size_t n, struct decided_one out[],
		    struct error *) MUST_CHECK;
/*
 * What accepting an item would release, in the arena; *whole is false where it
 * would be refused, since some of what was found still stands in it.
 */
struct item_detail;
enum status	review_preview(struct session *, const struct item_detail *,
		    struct arena *, struct slice *, bool *whole, struct error *)
		    MUST_CHECK;
/* Is there nothing in it, as after a filter that failed?  No edit may be so. */
bool		review_blank(struct slice text);
/* What an undo would take back, for asking first. */
struct undoable {
	struct slice	 id;		/* in the session's arena */
	int64_t		 seq;		/* its leaf */
	char		 decision[16];	/* "": there is none */
	bool		 recalls;	/* a release that the feed has handed out */
};
enum status	review_undoable(struct session *, int64_t item,
		    struct undoable *, struct error *) MUST_CHECK;

#endif
