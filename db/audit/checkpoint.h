/* Signing a store's log, and the key with which that is done: STORE-key, 0600. */
#ifndef DB_AUDIT_CHECKPOINT_H
#define DB_AUDIT_CHECKPOINT_H

#include "db/audit/audit.h"
#include "db/audit/known.h"

/*
 * Signs the log as it is now and keeps the note in the store; where the last one is
 * of this size, that one is given.  Makes the key where there is none yet, and says
 * in a leaf, log.key, by which one the log is signed from here on.  STATUS_DENIED
 * for anybody but the store's owner.
 */
enum status	checkpoint_sign(struct store *, const struct actor *,
		    struct buf *note, struct error *) MUST_CHECK;
/* The newest note, with its size, time and key, or STATUS_NOT_FOUND with no error. */
struct checkpoint_last {
	uint64_t	size;
	int64_t		ts_ms;
	struct buf	note, key;
};
enum status	checkpoint_last(struct store *, struct checkpoint_last *,
		    struct error *) MUST_CHECK;
void		checkpoint_last_release(struct checkpoint_last *);
/* All that the store keeps, for audit_verify(). */
enum status	checkpoints_known(struct store *, struct known_roots *,
		    struct error *) MUST_CHECK;

#endif
