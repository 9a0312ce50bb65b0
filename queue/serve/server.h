/*
 * One loop of the service: its connections, its calls, the models that they ask, and
 * the policy in force.  Only its thread touches it, but for what says otherwise; what
 * it shares with the other loops is in service.h.
 */
#ifndef QUEUE_SERVE_SERVER_H
#define QUEUE_SERVE_SERVER_H

#include "core/http/request.h"
#include "core/http/response.h"
#include "queue/serve/judges.h"
#include "queue/serve/keyring.h"
#include "queue/serve/mailbox.h"
#include "queue/serve/metrics.h"
#include "queue/serve/service.h"
#include "queue/serve/watch.h"
#include "queue/session.h"

#define STREAMS_SPARE	96
#define JSON_SPARE	32

struct server {
	struct service	*service;
	int		 epoll;
	struct session	*session;	/* reads */
	struct judge_bench bench;	/* the loop's own */
	bool		 judge_waits;	/* a guard of the policy in force does */
	struct keyring	*keyring;
	struct gateway_prompts *prompts;
	struct http_calls *http;		/* what its gateways ask */
	struct watch	 http_watch;
	struct gateway_call *gateways, **gateways_end;	/* under way */
	struct gateway_call *gateway_spare;	/* over; for the next calls */
	size_t		 ngateway_spare;	/* as many as calls are kept */
	int64_t		 gateway_due_ms;	/* the first of them; 0: none */
	struct mailbox	 done;
	struct watch	 done_watch;

	/* What other threads touch too. */
	pthread_t	 thread;
	bool		 started;		/* it is its own */
	struct watch	 wake_watch;		/* an eventfd: look at what follows */
	pthread_mutex_t	 lock;
	struct buf	 given;			/* with it: sockets, of int */
	atomic_bool	 places_wanted;	/* some wait for a place at a service */
	atomic_bool	 place_left;	/* there may be one */
	atomic_bool	 follow;	/* something was applied to the store */
	_Atomic size_t	 nconns, nstatus;	/* those given and not taken too */
	struct metrics	 metrics;

	struct http_limits limits;
	struct conn	*conns, *gone;		/* gone: freed after this turn */
	struct conn	*again;			/* have more to do at once */
	size_t		 nlate;		/* of them, come since the service stops */
	struct call	*waiting;		/* CALL_WAIT */
	struct call_pool spare;
	struct wire_stream *stream[STREAMS_SPARE];	/* for the next answers */
	size_t		 nstreams;
	struct json	 json[JSON_SPARE];	/* for the next requests */
	size_t		 njson;
	unsigned char	 chance[512];	/* for the next ids */
	size_t		 nchance;	/* of it, not given out yet */
	int64_t		 feed_end;		/* that those who wait have seen */
	int64_t		 version;		/* of the store, at the last look */
	int64_t		 now_ms;		/* CLOCK_MONOTONIC, of this turn */
	int64_t		 looked_ms, ticked_ms;
	int64_t		 probe_ms, probe_pause_ms;	/* the next, and between two */
	bool		 probing;
	bool		 ready_asked;		/* the next probe is to write */
	bool		 hurry;			/* a call has more to look at */
	struct arena	 look;			/* of one look at an item */
	char		 date[HTTP_DATE];
	int64_t		 date_s;
	char		*input;			/* where sockets are read into */
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
/* CLOCK_MONOTONIC, now. */
int64_t		server_ns(void);
/* The date as responses have it. */
const char	*server_date(struct server *);

/* One turn: what its sockets have, and what is due. */
void		server_turn(struct server *);
/* A loop of a service, which reads by that session; what it began is freed by
 * server_free(). */
enum status	server_new(struct server **, struct service *, struct session *,
		    struct error *) MUST_CHECK;
/* Runs it in a thread of its own, until the service drains and all is answered. */
enum status	server_start(struct server *, struct error *) MUST_CHECK;
/* What is under way is answered, as long as that has time. */
void		server_drain(struct server *);
/* No thread runs any more.  What came back last is taken; the calls that no store has
 * taken up to now; then all ends. */
void		server_take(struct server *);
size_t		server_unstored(const struct server *);
void		server_free(struct server *);

/* By another thread: it looks what there is. */
void		server_wake(struct server *);
/* A socket that was accepted by loop `from`. */
void		server_give(struct server *, struct server *from, int fd);

#endif
