/* The policies that a store has known: kept by their bytes, applied in order. */
#ifndef QUEUE_POLICIES_H
#define QUEUE_POLICIES_H

#include "queue/session.h"

/* The one last applied, loaded from its stored bytes, else the built-in one. */
enum status	policies_current(struct store *, struct policy **,
		    struct error *) MUST_CHECK;
/* The id of that one; STATUS_NOT_FOUND, no error set, where none was applied. */
enum status	policies_current_id(struct store *, char id[HASH_HEX],
		    struct error *) MUST_CHECK;
/* One by its id or a prefix of it; STATUS_NOT_FOUND, STATUS_INVALID. */
enum status	policies_get(struct store *, const char *id, struct policy **,
		    struct error *) MUST_CHECK;
/*
 * Makes it the current one, with its leaf; *changed (may be NULL) is false where
 * it is already.  STATUS_DENIED without MAY_POLICY (where it would change).
 */
enum status	policies_apply(struct session *, const struct policy *,
		    bool *changed, struct error *) MUST_CHECK;
/* Keeps its bytes and rule names (without applying it), inside the caller's
 * transaction; for the built-in policy, which nobody applies. */
enum status	policies_keep(struct store *, const struct policy *,
		    struct error *) MUST_CHECK;

/* Makes one that is kept the current one, by leaf seq, inside the caller's
 * transaction. */
enum status	policies_put(struct session *, struct slice id, int64_t seq,
		    int64_t ts_ms, struct error *) MUST_CHECK;

struct policies_row {
	int64_t		 n, seq, ts_ms;
	struct slice	 policy, by;
	bool		 current;
};
enum status	policies_each(struct store *,
		    enum status (*each)(void *, const struct policies_row *,
		    struct error *), void *arg, struct error *) MUST_CHECK;

#endif
