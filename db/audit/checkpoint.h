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
/* A key for a log that begins now; a file left of another log is kept beside it. */
enum status	checkpoint_key_make(struct store *, struct buf *vkey,
		    struct error *) MUST_CHECK;
/* The public half of the key that the log is signed with; STATUS_NOT_FOUND with no
 * error where none was made yet. */
enum status	checkpoint_key(struct store *, struct buf *vkey, struct error *)
		    MUST_CHECK;
/* Is the key that signs beside the store, and the one that the log names?  STATUS_NOT_FOUND
 * with no error where it is not there. */
enum status	checkpoint_key_look(struct store *, struct error *) MUST_CHECK;
/* The newest note, with its size, time and key, or STATUS_NOT_FOUND with no error. */
struct checkpoint_last {
	uint64_t	size;
	int64_t		ts_ms;
	struct buf	note, key;
};
enum status	checkpoint_last(struct store *, struct checkpoint_last *,
		    struct error *) MUST_CHECK;
void		checkpoint_last_release(struct checkpoint_last *);
/* Is the last one older than age_ms, or so many leaves behind (0: not asked)?  Never
 * where nothing was added. */
enum status	checkpoint_due(struct store *, int64_t age_ms, uint64_t leaves,
		    bool *due, struct error *) MUST_CHECK;
/* All that the store keeps, for audit_verify(). */
enum status	checkpoints_known(struct store *, struct known_roots *,
		    struct error *) MUST_CHECK;

#endif
