/*
 * What the loops know of the model services: their tokens, how many calls each has
 * under way, and whether it is asked at all.  It outlives policies: a service of
 * the same name keeps what is known of it.  All of this can be called by any thread.
 *
 * A service that fails five calls in a row, or half of twenty within ten seconds, is
 * left alone for ten seconds; then one call tries, and closes the breaker or opens it
 * again.  What a call asks for may be what fails: however often it asks, it counts
 * once.  A model that says 429 rests as long as it says.
 */
#ifndef QUEUE_SERVE_UPSTREAMS_H
#define QUEUE_SERVE_UPSTREAMS_H

#include "core/policy/policy.h"

struct upstreams;
struct upstream_state;

struct upstreams	*upstreams_new(void);		/* NULL: out of memory */
void		 upstreams_free(struct upstreams *);
/* Reads the tokens of a policy's services; one that cannot be had is an error that
 * names it, and nothing changes. */
enum status	 upstreams_load(struct upstreams *, const struct policy *,
		    struct error *) MUST_CHECK;

enum upstream_answer {
	UPSTREAM_FREE,		/* ask: a place is taken, upstream_left() gives it back */
	UPSTREAM_FULL,		/* as many calls as may be are under way */
	UPSTREAM_COOLING,	/* it said 429 a moment ago */
	UPSTREAM_OPEN		/* its breaker is open */
};
/* May this model be asked now?  *until_ms: when it is worth asking again. */
enum upstream_answer upstream_enter(struct upstreams *, const struct model *,
		    int64_t now_ms, struct upstream_state **, int64_t *until_ms);
/* "Authorization: Bearer TOKEN" or "x-api-key: TOKEN" as the call's policy has it, or
 * NULL; lives as long as the services do. */
const char	*upstream_token(struct upstreams *, const struct upstream_state *,
		    const struct upstream *);

enum upstream_end {
	UPSTREAM_WELL,
	UPSTREAM_FAILED,	/* counts for the breaker */
	UPSTREAM_AGAIN,		/* the same call's has counted already */
	UPSTREAM_NEITHER	/* 429, what the client did wrong, a client that left */
};
void		 upstream_left(struct upstreams *, struct upstream_state *,
		    enum upstream_end, int64_t now_ms);
/* Is it time to tell of a failure of this one again?  Once a minute it is. */
bool		 upstream_tells(struct upstreams *, struct upstream_state *,
		    int64_t now_ms);
/* The model said 429. */
void		 upstream_cool(struct upstreams *, const struct model *,
		    int64_t until_ms);
/* May another retry be made?  At most a fifth of the calls are. */
bool		 upstreams_retry(struct upstreams *);
void		 upstreams_count(struct upstreams *);	/* a first attempt */

/* For /metrics: each service's breaker, 1 while it is open. */
void		 upstreams_each(struct upstreams *, int64_t now_ms,
		    void (*)(void *, const char *name, bool open, size_t in_flight),
		    void *arg);

#endif
