/*
 * A review line by line: the item that is at hand, what is to go with its decision,
 * and what was decided before.
 */
#ifndef TUI_CMD_PLAIN_H
#define TUI_CMD_PLAIN_H

#include "queue/review/decide.h"
#include "queue/review/item_detail.h"
#include "tui/cmd/plain_line.h"

struct plain {
	struct session		*s;
	const struct list_filter *filter;
	struct arena		 arena;		/* of the current item */
	struct item_detail	 d;
	struct lease		 lease;
	bool			 held;
	struct buf		 labels;	/* for its decision, */
	struct rated		 rated[RATINGS_MAX];	/* as are these */
	struct evidence		 evidence[EVIDENCE_MAX];
	size_t			 nrated, nevidence;
	struct buf		 ratings;	/* what the names of those stand in */
	int64_t			 last;		/* decided before; -1: none */
	int64_t			 last_seq;	/* its leaf */
	int64_t			*many;		/* or all of these; NULL */
	size_t			 nmany;
	bool			 any_said;	/* the last decision, for = */
	enum decision		 said_as;
	struct buf		 said;		/* with its reason or note */
	bool			 quit;
	struct plain_line	 line;		/* the last one read */
};

/* What a line does.  It gets the rest of the line behind its word; an error is
 * printed, and ends nothing. */
typedef enum status plain_fn(struct plain *, const char *rest, struct error *);

plain_fn	plain_show;	/* prints the item */
/* Claims and prints the next item; without one the review is over. */
enum status	plain_next(struct plain *, struct error *) MUST_CHECK;
/* Claims and prints this one, and lets go of another that is held. */
enum status	plain_take(struct plain *, int64_t item, struct error *) MUST_CHECK;
/* What the queue asks for, by the policy that the session has now. */
const struct queue_policy *plain_queue(struct plain *);
/* What = says again; what undo takes back is one decision or a batch. */
void		plain_said(struct plain *, enum decision, struct slice);
void		plain_forget_many(struct plain *);
/* The rest of a line as a text that may be absent. */
struct slice	plain_given(const char *rest);
void		plain_release(struct plain *);

#endif
