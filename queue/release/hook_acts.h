/*
 * What is done about hooks, each with its leaf: one that answers 410 is paused, an
 * operator resumes it, has all tried at once or drops what shall not go out; and what
 * there is to see of them.
 */
#ifndef QUEUE_RELEASE_HOOK_ACTS_H
#define QUEUE_RELEASE_HOOK_ACTS_H

#include "queue/session.h"

/* It answered that it takes no more; inside the caller's transaction. */
enum status	hook_pause(struct session *, const char *hook, int64_t n,
		    bool *changed, struct error *) MUST_CHECK;

/*
 * An operator's, each with its leaf (MAY_HOOK).  STATUS_NOT_FOUND: the store has no
 * such hook, or no delivery that waits.
 */
/* All that waits, of one hook or (NULL) of all, is tried at once. */
enum status	hook_retry(struct session *, const char *hook, struct error *)
		    MUST_CHECK;
enum status	hook_resume(struct session *, const char *hook, struct error *)
		    MUST_CHECK;
/* Release n is not delivered, to that hook or (NULL) to any that still waits for it;
 * *dropped says to how many. */
enum status	hook_drop(struct session *, int64_t n, const char *hook,
		    int *dropped, struct error *) MUST_CHECK;

/* Each hook by name, and each of its deliveries by number: those that wait, or
 * every one. */
struct hook_row {
	struct slice	 hook;
	const char	*url;		/* NULL: not in the policy in force */
	const char *const *queues;	/* none: all */
	size_t		 nqueues;
	bool		 in_force;
	int64_t		 paused_ms;	/* -1: it is not */
	int64_t		 waiting, taken, failed;
	int64_t		 taken_ms;	/* the last; -1: none */
	int64_t		 oldest_ms, due_ms;	/* of those that wait; -1: none */
	struct slice	 error;		/* of the oldest; absent: none */
};
struct delivery_row {
	int64_t		 n, ts_ms, tries, due_ms, done_ms;
	struct slice	 id, queue, state, error;
};
enum status	hooks_each(struct session *, enum status (*)(void *,
		    const struct hook_row *, struct error *), void *arg,
		    struct error *) MUST_CHECK;
enum status	deliveries_each(struct session *, const char *hook, bool every,
		    enum status (*)(void *, const struct delivery_row *,
		    struct error *), void *arg, struct error *) MUST_CHECK;

#endif
