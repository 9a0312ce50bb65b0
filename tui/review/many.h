/*
 * One decision on many items, as one act: some at a time, so that the keys go on;
 * what speaks against one item leaves that one out, a line each in the messages.
 */
#ifndef TUI_REVIEW_MANY_H
#define TUI_REVIEW_MANY_H

#include "queue/review/decide.h"
#include "tui/screen/screen.h"

struct act_many {
	struct decide	 decide;	/* but for the item */
	int64_t		*item;		/* those decided on move to the front */
	size_t		 n, at, ndecided, failed;
	int64_t		 seq;		/* of the last leaf */
	char		 progress[80];
	struct op	 op;
	/* It is over: all done, or what is left is said.  The items are the
	 * callee's to free. */
	void		(*done)(struct screen *, struct act_many *, enum status,
			    struct error *);
};

/* Begins with what the caller has filled in: decide, item, n, done. */
void	many_run(struct screen *, struct act_many *);

#endif
