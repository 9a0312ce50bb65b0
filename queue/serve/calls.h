/* The rows of a gateway's call: each attempt, and what its key has spent. */
#ifndef QUEUE_SERVE_CALLS_H
#define QUEUE_SERVE_CALLS_H

#include "core/base/arena.h"
#include "db/query.h"
#include "queue/serve/gateway.h"

/* What several calls write beside their items, in one transaction.  All zero: none. */
struct calls_rows {
	struct arena	arena;		/* has the rows */
	struct batch	rows;
	struct spends	spends;
};
/* The call's texts must live until they are stored. */
enum status	 calls_add(struct calls_rows *, struct store *, struct call *,
		    struct error *) MUST_CHECK;
/* Before the transaction is committed; calls_rows_reset() follows in any case. */
enum status	 calls_rows_store(struct calls_rows *, struct store *,
		    struct error *) MUST_CHECK;
void		 calls_rows_reset(struct calls_rows *);
void		 calls_rows_release(struct calls_rows *);
/* That is committed. */
void		 calls_stored(struct gateway_call *);
/* Why an attempt failed, in words; NULL: it did not. */
const char	*calls_fault_name(enum attempt_fault);

#endif
