/* A bundle put in force. */
#ifndef QUEUE_PROMPT_BUNDLE_USE_H
#define QUEUE_PROMPT_BUNDLE_USE_H

#include "queue/prompt/move.h"

/* What was done. */
struct bundle_used {
	int64_t			 n, from;	/* from 0: none was in force */
	bool			 changed;	/* false: all was as it has it already */
	bool			 applied;	/* its policy was not the one in force */
	char			 policy[HASH_HEX];
	struct label_move	*moves;		/* in the arena */
	size_t			 nmoves;
};
/*
 * Moves policy and labels to those of the bundle: one transaction, one leaf.  n 0:
 * the bundle that was in force before this one.  STATUS_DENIED without MAY_POLICY.
 */
enum status	bundles_use(struct session *, int64_t n, struct arena *,
		    struct bundle_used *, struct error *) MUST_CHECK;

#endif
