/*
 * Second looks: what another person would have decided, given before the first
 * decision is seen.  They change no item, no release and no export.
 */
#ifndef QUEUE_REVIEW_SECOND_H
#define QUEUE_REVIEW_SECOND_H

#include "queue/review/review.h"

struct second {
	int64_t	item, seq;	/* of the decision that stands */
};

/*
 * Draws at random up to n of what others decided, of a queue (NULL: all) and for
 * which a condition over decisions holds (NULL: any), as log_decided() has it, but
 * for what this person has looked at again already.
 */
enum status	second_draw(struct session *, const char *queue,
		    const char *where, size_t n, struct second *, size_t *got,
		    struct error *) MUST_CHECK;

/* An opinion, and what it is compared with. */
struct opinion {
	struct second	 of;
	enum decision	 value;		/* accept, edit, reject or escalate */
	int64_t		 review_ms;	/* 0 or less: not known */
	/* Filled in: */
	bool		 agrees;
	char		 id[280], by[64], first[16], reason[160];
};
/*
 * Keeps it, with its leaf, in one durable transaction.  STATUS_CONFLICT where that
 * decision does not stand any more, is the caller's own or was looked at again
 * already.
 */
enum status	second_give(struct session *, struct opinion *, struct error *)
		    MUST_CHECK;

#endif
