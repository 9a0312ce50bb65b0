/*
 * What the queue's guards find in a text that a person typed in place of an output,
 * before it is accepted.
 */
#ifndef QUEUE_REVIEW_EDIT_CHECK_H
#define QUEUE_REVIEW_EDIT_CHECK_H

#include "queue/review/item_detail.h"

/* Only what is new in the text; both empty: no objection. */
struct edit_check {
	struct finding	*found;		/* spans are bytes of the text */
	size_t		 nfound;
	struct guard_error *errors;	/* of guards that ran before */
	size_t		 nerrors;
};

/* Fails where the item is an action and the text none that its sender would
 * take.  What is found lives in the arena, as the text must. */
enum status	edit_check_run(struct edit_check *, struct session *,
		    const struct item_detail *, struct slice text,
		    struct arena *, struct error *) MUST_CHECK;

#endif
