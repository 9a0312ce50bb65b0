/*
 * What keys may spend: tokens a day, USD a month, of UTC.  What a call may take is
 * set aside before it is asked for, and what it took is settled afterwards; both
 * are also written to the store, so that a restart goes on where it was.
 */
#ifndef QUEUE_SERVE_BUDGET_H
#define QUEUE_SERVE_BUDGET_H

#include "core/policy/policy.h"
#include "db/store.h"

#define SPAN_LEN	11	/* "2026-11-27" and a NUL */

/* What a call has set aside, and of which day and month. */
struct reservation {
	int64_t	tokens;
	double	usd;
	char	day[SPAN_LEN], month[SPAN_LEN];
};

struct budgets;
struct budgets	*budgets_new(void);		/* NULL: out of memory */
void		 budgets_free(struct budgets *);
/*
 * Sets aside.  STATUS_DENIED, with a message for the client, where that is over one of
 * the key's limits; nothing is set aside then.  now_ms: since 1970.
 */
enum status	 budget_reserve(struct budgets *, struct store *reads,
		    const struct service_key *, int64_t tokens, double usd,
		    int64_t now_ms, struct reservation *, struct error *)
		    MUST_CHECK;
/* What it took in the end, in the place of what was set aside. */
void		 budget_settle(struct budgets *, const struct service_key *,
		    const struct reservation *, int64_t tokens, double usd);
/* Adds to what the store has of the key; in the caller's transaction. */
enum status	 budget_store(struct store *, const char *key,
		    const struct reservation *, int64_t tokens, double usd,
		    struct error *) MUST_CHECK;

#endif
