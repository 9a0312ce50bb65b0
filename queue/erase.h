/*
 * Removes the text of items for good and keeps the proof: record, edits, notes,
 * reasons and releases of an item go, and the salt of its hashes with them, so
 * that not even a short text can be guessed.  Its route and who decided stay.
 * Afterwards no byte of the text is left in the store's files.
 */
#ifndef QUEUE_ERASE_H
#define QUEUE_ERASE_H

#include <signal.h>

#include "queue/session.h"

/* STATUS_DENIED without MAY_ERASE; STATUS_CONFLICT while it waits for a decision
 * or was erased before. */
enum status	erase_item(struct session *, int64_t item, struct error *)
		    MUST_CHECK;
/* The same for every settled item that came in before a time; *n of them. */
enum status	erase_before(struct session *, int64_t before_ms,
		    const volatile sig_atomic_t *stop, uint64_t *n,
		    struct error *) MUST_CHECK;

#endif
