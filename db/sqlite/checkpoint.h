/*
 * Checkpoints during a large ingest: a thread with its own connection copies what
 * -wal held when a transaction began into the file, and waits for the disk, while
 * the transaction goes on.
 *
 * A pass runs only while the store's handle holds STORE-lock and no transaction can
 * restart -wal, because what the last one wrote is not in the file yet.  The SQLite
 * of many systems damages a store whose -wal restarts during a checkpoint.
 */
#ifndef DB_SQLITE_CHECKPOINT_H
#define DB_SQLITE_CHECKPOINT_H

#include <stdbool.h>

struct checkpointer;

/* NULL where there is no memory, no thread or no connection to be had. */
struct checkpointer *checkpointer_new(const char *path);
void		checkpointer_free(struct checkpointer *);

/* Begins a pass; it is idle. */
void		checkpointer_go(struct checkpointer *);
bool		checkpointer_busy(struct checkpointer *);
/* Has it nothing to do, and never failed to have something on the disk? */
bool		checkpointer_idle(struct checkpointer *);
/* Waits for the pass; the pages of -wal that are in the file now, -1: unknown. */
int		checkpointer_wait(struct checkpointer *);

/*
 * While others come and go, a checkpoint is done in parts, and waits for the disk
 * where nobody waits for it.  A pin reads what is committed now: a checkpoint goes no
 * further than that, and so neither waits for the file nor lets -wal begin anew;
 * the next one that is whole does both.  What is not pinned, or fails, costs time
 * alone.
 */
void		checkpointer_pin(struct checkpointer *);	/* it is idle */
bool		checkpointer_pinned(const struct checkpointer *);	/* NULL: no */
void		checkpointer_unpin(struct checkpointer *);
/* Waits until -wal is on the disk; pinned. */
void		checkpointer_sync_wal(struct checkpointer *);
/* Begins to write the file to the disk; it was pinned, and is idle. */
void		checkpointer_sync_store(struct checkpointer *);
/*
 * Did the disk refuse what was written?  Then what a checkpoint in parts copied may be
 * lost though it counts as done, and -wal, which still has it, must not be emptied.
 * Whoever opens the store next while nobody has it open copies all of -wal again.
 */
bool		checkpointer_failed(struct checkpointer *);	/* NULL: no */
/* Another connection's checkpoint met it. */
void		checkpointer_fail(struct checkpointer *);	/* NULL: not noted */

#endif
