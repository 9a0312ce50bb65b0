/*
 * Every person's own state folder is a witness of the logs that this person has seen:
 * $XDG_STATE_HOME/handrail/witness/LOG is a checkpoint, signed or not (C2SP
 * tlog-checkpoint), of the newest size and root; LOG is the log's name, every byte but
 * [A-Za-z0-9._-] as %HH.  A log that is cut, put back or written anew as a whole holds in
 * itself; beside such a note it does not.
 *
 * LOG@PLACE is the same of one store, PLACE being 16 digits of the SHA-256 of the path by
 * which it was asked for.  A store with such a note is compared with that: a copy, a
 * backup, one that was put back may go its own way.  Any other must continue LOG: an
 * older copy is no other store because it stands elsewhere, or behind a link.
 */
#ifndef QUEUE_WITNESS_H
#define QUEUE_WITNESS_H

#include "core/base/note.h"
#include "db/store.h"

#define WITNESS_PATH	512
#define WITNESS_NAME	(WITNESS_PATH + 24)

struct witness {
	const char	 *place;		/* whose name it will have; NULL: its own */
	char		  log[WITNESS_PATH], own[WITNESS_NAME];
	char		  old[WITNESS_NAME];	/* own, as older versions named it */
	char		  path[WITNESS_NAME];	/* of these; "" : nowhere to keep it */
	struct checkpoint seen;			/* size 0: nothing was seen yet */
	bool		  differs;		/* the store is not what was seen */
};

/*
 * Compares the store with what was seen of its log.  STATUS_CONFLICT, with both sizes
 * and roots and what to do: it does not continue that, or the note is damaged, which
 * stays as it is.  Reads one small file and some
 * 50 hashes at most.
 */
enum status	witness_look(struct witness *, struct store *, struct error *)
		    MUST_CHECK;
/* The note again, as it is now; for messages, and for audit verify. */
enum status	witness_note(const struct witness *, struct buf *, struct error *)
		    MUST_CHECK;
/*
 * Notes what this handle has seen of the log, where that is more than was noted, by
 * this process or another; with `force` whatever was.  Without fsync: a note that a
 * crash takes back is an older one.
 */
enum status	witness_keep(struct witness *, struct store *, bool force,
		    struct error *) MUST_CHECK;
/* Keeps the note that somebody else has, where it is of more leaves. */
enum status	witness_import(struct witness *, struct store *, const char *where,
		    struct slice note, struct error *) MUST_CHECK;

#endif
