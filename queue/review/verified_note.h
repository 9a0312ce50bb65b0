/*
 * Up to where a person last saw the log verify: a checkpoint beside what the witness
 * notes, $XDG_STATE_HOME/handrail/verified/LOG@PLACE, of the size and root of then; its
 * file's time says when.  It only tells: the whole log is verified each time.
 */
#ifndef QUEUE_REVIEW_VERIFIED_NOTE_H
#define QUEUE_REVIEW_VERIFIED_NOTE_H

#include "queue/session.h"

struct verified_note {
	uint64_t	 leaves;	/* 0: none */
	int64_t		 ms;
};

/*
 * Nothing where the log is not witnessed, or there is no note.  STATUS_CORRUPT: the
 * log does not go on from what was verified.
 */
enum status	verified_note_read(struct session *, struct verified_note *,
		    struct error *) MUST_CHECK;
/* Keeps that so many leaves verify. */
enum status	verified_note_keep(struct session *, uint64_t leaves,
		    struct error *) MUST_CHECK;

#endif
