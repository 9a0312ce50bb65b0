/*
 * Checkpoints beside a large ingest: a thread with a connection of its own
 * carries what -wal held at the beginning of a transaction into the file, and
 * waits for the disk, while the transaction goes on.
 *
 * A pass runs only inside a write transaction of the store's handle, which holds
 * STORE-lock and cannot begin -wal anew, and is waited for before the commit: so
 * neither a commit nor a new beginning ever meets a checkpoint, which is what the
 * SQLite of many systems cannot stand.
 */
#ifndef DB_CHECKPOINT_H
#define DB_CHECKPOINT_H

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
