/*
 * Queues of records that look mistyped (core/policy/known.h): each is told of once, at its
 * first record.
 */
#ifndef QUEUE_INGEST_DOUBTED_H
#define QUEUE_INGEST_DOUBTED_H

#include "core/policy/policy.h"

#define DOUBTED_MAX	8u	/* that are told of; further ones are not named */

/* Begins as all zero. */
struct doubted {
	char	 last[ITEM_NAME_MAX + 1];	/* the queue of the last record */
	bool	 any;
	unsigned n;
	char	*told[DOUBTED_MAX];
};

/* Looks at the queue of a record; tell() gets a line where it is doubted. */
void		doubted_note(struct doubted *, const struct policy *,
		    struct slice queue, void (*tell)(void *, const char *line),
		    void *arg);
void		doubted_release(struct doubted *);

#endif
