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

/* Begins a pass; none is under way. */
void		checkpointer_go(struct checkpointer *);
bool		checkpointer_busy(struct checkpointer *);
/* Waits for the pass; the pages of -wal that are in the file now, -1: unknown. */
int		checkpointer_wait(struct checkpointer *);

#endif
