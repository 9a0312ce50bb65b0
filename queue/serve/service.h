/*
 * What the loops of the service share (server.h is one of them), and the threads beside
 * them.  A connection stays with the loop that it was given to; what one key may
 * spend and how a model's service is doing is the same for all.
 */
#ifndef QUEUE_SERVE_SERVICE_H
#define QUEUE_SERVE_SERVICE_H

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "queue/ingest/doubted.h"
#include "queue/serve/doors.h"
#include "queue/serve/said.h"
#include "queue/serve/serve.h"

#define BODIES_MAX	((size_t)256 << 20)	/* bytes, of all calls */
#define NOTICE_MOST	1200	/* bytes of a line, with its end */

struct server;

struct service {
	const struct serve_options *options;
	/* Those of threads; NULL before the loops begin and after they have ended. */
	struct committer *committer;
	struct counter	*counter;
	struct deliver	*deliver;
	struct judges	*judges;
	struct upstreams *upstreams;
	struct budgets	*budgets;
	struct server	*loop[SERVICE_LOOPS_MAX];
	unsigned	 nloops;
	struct doors	 doors;		/* the first loop's */
	volatile sig_atomic_t halted;	/* what is being judged ends as it is */

	_Atomic size_t	 inflight, bodies;	/* calls; bytes of their bodies */
	_Atomic size_t	 waiting;	/* of them, at CALL_WAIT and no probe */
	_Atomic size_t	 full;		/* of them, for a place at a model's service */
	_Atomic unsigned running;	/* loops beside the first */
	atomic_bool	 ready;		/* the store can be written to ... */
	_Atomic int64_t	 ready_ms;	/* ... as was found out then */
	atomic_bool	 ending;	/* it is to stop */
	atomic_bool	 draining;

	pthread_mutex_t	 lock;		/* of what follows */
	struct error	 lost;		/* the store is no longer the one it was */
	struct doubted	 doubted;	/* queues that looked mistyped */
	char		 doubted_by[HASH_HEX];	/* the last policy that a loop took */
	struct loops_said	*said;		/* by the loops */
};

/* "handrail: serve: TEXT", for whoever runs it. */
void	service_notice(struct service *, const char *fmt, ...) PRINTF(2, 3);
/* The same, of a matter that each loop finds by itself: once, when the last of them
 * finds it so ... */
void	service_notice_last(struct server *, const char *matter, const char *fmt, ...)
	    PRINTF(3, 4);
/* ... or when the first does: of what went wrong, maybe in one alone. */
void	service_notice_first(struct server *, const char *matter, const char *fmt, ...)
	    PRINTF(3, 4);
/* A loop follows that policy from now on. */
void	service_policy(struct service *, const struct policy *);
/* Tells of the queue of a record where it looks mistyped: once under each policy. */
void	service_doubt(struct service *, const struct policy *, struct slice queue);
/* The store is another one than it was: the service ends. */
void	service_lost(struct service *, const struct error *);
/* Something was applied to the store: the other loops look at once. */
void	service_followed(struct service *, const struct server *by);
/* A place at a model's service is free: who waits for one looks. */
void	service_place_left(struct service *);
/* The loop with the fewest connections, which gets one more. */
struct server *service_least(const struct service *);
size_t	service_connections(const struct service *, bool status);

#endif
