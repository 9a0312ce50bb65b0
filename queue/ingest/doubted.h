/*
 * Queues of records that look mistyped (core/policy/known.h): each is told of once, at
 * its first record.
 */
#ifndef QUEUE_INGEST_DOUBTED_H
#define QUEUE_INGEST_DOUBTED_H

#include "core/policy/policy.h"

#define DOUBTED_MAX	8u	/* that are told of; further ones are not named */
#define DOUBTED_SEEN	1024u	/* names that are looked at, once each */

/* Begins as all zero. */
struct doubted {
	bool	 unnamed;	/* what is told leaves out the record's own text */
	uint64_t seen[DOUBTED_SEEN];	/* hashes of names, by their last digits */
	unsigned looked;	/* at names; further ones are let pass */
	unsigned n;
	char	*told[DOUBTED_MAX];
};

/* Looks at the queue of a record; tell() gets a line where it is doubted. */
void		doubted_note(struct doubted *, const struct policy *,
		    struct slice queue, void (*tell)(void *, const char *line),
		    void *arg);
void		doubted_release(struct doubted *);

#endif
