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
	bool	allowed;	/* out of what the store counts as spent already */
	/* What the store is to count beside, for calls to come. */
	int64_t	more_tokens;
	double	more_usd;
	bool	more;
};

/* All of this can be called by any thread, but for the end. */
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
/* Is there an end to what the key may spend?  Where there is none, the store is told what
 * a call took, and not what it has set aside. */
bool		 budget_limits(const struct service_key *);
/*
 * With `log = after` nothing is written before a model is asked, so that it may only be
 * spent what the store counts as spent already: an allowance, all of which counts
 * after a crash.  False where it does not reach: the reservation is to be stored
 * first, with `more` of an allowance, and then budget_allowed() told whether it was.
 */
bool		 budget_allow(struct budgets *, const struct service_key *,
		    struct reservation *);
void		 budget_allowed(struct budgets *, const struct service_key *,
		    struct reservation *, bool stored);
/* Takes what is left of allowances out of the store. */
enum status	 budgets_return(struct budgets *, struct store *, struct error *)
		    MUST_CHECK;

/*
 * What several calls add to what the store has of their keys, in one transaction:
 * a write for each key and span, however many calls there are.  Keys' names stay
 * where they are until it is stored.
 */
#define SPENDS_MOST	16
struct spends {
	struct spend {
		const char	*key;
		char		 span[SPAN_LEN];
		int64_t		 tokens;
		double		 usd;
	}		 v[SPENDS_MOST];
	size_t		 n;
};
/* Both of its spans; stores what was there before where no room is left. */
enum status	 spends_add(struct spends *, struct store *, const char *key,
		    const struct reservation *, int64_t tokens, double usd,
		    struct error *) MUST_CHECK;
enum status	 spends_store(struct spends *, struct store *, struct error *)
		    MUST_CHECK;

#endif
