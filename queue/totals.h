/* How many items of a queue are in each state, kept so that nobody counts rows. */
#ifndef QUEUE_TOTALS_H
#define QUEUE_TOTALS_H

#include "db/store.h"

/* Adds to the count of a state, or of "review"; inside the transaction that moves
 * the items. */
enum status	queue_total_add(struct store *, struct slice queue,
		    const char *state, int64_t n, struct error *) MUST_CHECK;

#endif
