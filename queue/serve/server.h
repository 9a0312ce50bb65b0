/*
 * What the loop holds: sockets, connections, calls that wait, and the policy in
 * force.  Only its thread touches it; workers and writer have calls alone.
 */
#ifndef QUEUE_SERVE_SERVER_H
#define QUEUE_SERVE_SERVER_H

#include <signal.h>

#include "core/http/request.h"
#include "core/http/response.h"
#include "queue/ingest/doubted.h"
#include "queue/serve/judges.h"
#include "queue/serve/keyring.h"
#include "queue/serve/listen.h"
#include "queue/serve/metrics.h"
#include "queue/serve/committer.h"
#include "queue/session.h"

#define LISTENERS_MAX	8
#define CONNECTIONS_MAX	4096
#define DESCRIPTORS_OWN	128	/* beside connections: store, sockets, services */
#define STATUS_CONNECTIONS_MAX	32
#define STREAMS_SPARE	96
#define JSON_SPARE	32
#define GATEWAYS_SPARE	384	/* as many as calls */
#define BODIES_MAX	((size_t)256 << 20)	/* bytes, of all calls */

/* What epoll hands out. */
struct watch {
	int	 fd;
	void	(*ready)(struct server *, struct watch *, uint32_t events);
};

struct door {
	struct watch	 watch;		/* first */
	struct listener	 listener;
	bool		 status;	/* status_listen's */
	bool		 shut;		/* not watched now */
};

struct server {
	int		 epoll;
	struct session	*session;	/* reads */
	struct store	*writes;	/* the committer's, while it runs */
	struct committer *committer;
	struct counter	*counter;
	struct deliver	*deliver;
	struct judges	*judges;
	struct judge_bench bench;	/* the loop's own */
	bool		 judge_waits;	/* a guard of the policy in force does */
	struct keyring	*keyring;
	struct upstreams *upstreams;
	struct budgets	*budgets;
	struct gateway_prompts *prompts;
	struct http_calls *http;		/* what its gateways ask */
	struct watch	 http_watch;
	struct gateway_call *gateways, **gateways_end;	/* under way */
	struct gateway_call *gateway_spare;	/* over; for the next calls */
	size_t		 ngateway_spare;
	int64_t		 gateway_due_ms;	/* the first of them; 0: none */
	bool		 places_wanted;	/* some wait for a place at a service */
	struct mailbox	 done;
	struct watch	 done_watch;
	struct door	 door[LISTENERS_MAX];
	size_t		 ndoors;
	struct http_limits limits;

	struct conn	*conns, *gone;		/* gone: freed after this turn */
	struct conn	*again;			/* have more to do at once */
	size_t		 nconns, nstatus, conns_max;
	size_t		 nlate;		/* of them, come since the service stops */
	int64_t		 full_ms;		/* no descriptor was left then */
	struct call	*waiting;		/* CALL_WAIT */
	struct call_pool spare;
	struct wire_stream *stream[STREAMS_SPARE];	/* for the next answers */
	size_t		 nstreams;
	struct json	 json[JSON_SPARE];	/* for the next requests */
	size_t		 njson;
	unsigned char	 chance[512];	/* for the next ids */
	size_t		 nchance;	/* of it, not given out yet */
	size_t		 inflight, bodies;	/* calls; bytes of their bodies */
	int64_t		 feed_end;		/* that those who wait have seen */
	int64_t		 version;		/* of the store, at the last look */
	int64_t		 now_ms;		/* CLOCK_MONOTONIC, of this turn */
	int64_t		 looked_ms, ticked_ms;
	int64_t		 probe_ms, probe_pause_ms;	/* the next, and between two */
	int64_t		 ready_ms;		/* when `ready` was last found out */
	bool		 ready, probing, draining;
	bool		 ready_asked;		/* the next probe is to write */
	volatile sig_atomic_t halted;	/* what is being judged ends as it is */
	bool		 hurry;			/* a call has more to look at */
	struct arena	 look;			/* of one look at an item */
	struct doubted	 doubted;		/* queues that looked mistyped */
	const struct policy *doubted_by;
	struct error	 lost;		/* the store is no longer the one it was */
	char		 date[HTTP_DATE];
	int64_t		 date_s;
	char		*input;			/* where sockets are read into */
	struct metrics	 metrics;
	void		(*notice)(const char *);
};

#define INPUT_BYTES	((size_t)64 << 10)

/* Runs a step's outcome on: the call is answered, waits, or is with another. */
void		server_next(struct server *, struct call *, enum call_next);
/* Its client has its answer: what is left of it is not under way any more. */
void		server_detach(struct server *, struct call *);
/* The call is over; its client may have left before. */
void		server_end(struct server *, struct call *);
/* Finds out at once, by writing to it, whether the store can be written to. */
void		server_probe(struct server *);
/* "handrail: serve: TEXT", for whoever runs it. */
void		server_notice(struct server *, const char *fmt, ...) PRINTF(2, 3);
/* Tells of the queue of a record, once, where it looks mistyped. */
void		server_doubt(struct server *, const struct policy *,
		    struct slice queue);
/* CLOCK_MONOTONIC, now. */
int64_t		server_ns(void);
/* The date as responses have it. */
const char	*server_date(struct server *);

#endif
