/*
 * One request to the service, from its head to the last byte of its answer.
 *
 * It is made by a loop and goes to workers and to the writer and back to it; whoever
 * has it owns it alone.  Each step says what comes next.
 */
#ifndef QUEUE_SERVE_CALL_H
#define QUEUE_SERVE_CALL_H

#include "core/wire/wire.h"
#include "queue/ingest/items.h"
#include "queue/serve/bufs.h"

struct call;
struct calls_rows;
struct gateway_call;
struct conn;
struct endpoint;
struct inflater;
struct mailbox;
struct server;

enum call_next {
	CALL_ANSWERED,	/* status and out are set */
	CALL_JUDGE,	/* call->judge is run, here or by a worker, then call->then */
	CALL_STORE,	/* the writer stores its items, then call->then */
	CALL_PROBE,	/* the writer tries whether it could, then call->then */
	CALL_WAIT,	/* call->then at each change of the store until wait_ms */
	CALL_UPSTREAM	/* its gateway goes on by itself (gateway.h) */
};
typedef enum call_next call_fn(struct server *, struct call *);

#define CALL_PARTS	2	/* of a path: {queue}, {id} */
#define CALL_FIELDS	4

/* A field of the answer's head; both live as long as the call. */
struct call_field {
	const char	*name;
	struct slice	 value;
};

struct call {
	struct call	*next;		/* in a mailbox, or among those waiting */
	struct conn	*conn;		/* NULL: the client left */
	const struct endpoint *endpoint;
	enum wire_api	 api;		/* in whose form its errors are */
	const struct policy *policy;	/* in force when it began, until it ends */
	const struct service_key *key;	/* NULL: none was asked for */
	struct arena	 arena;
	int64_t		 begun_ns;	/* CLOCK_MONOTONIC */

	/* What was asked, in the arena. */
	struct slice	 part[CALL_PARTS];	/* decoded, of the path */
	struct slice	 query;			/* not decoded */
	struct slice	 last_event;		/* Last-Event-ID */
	struct slice	 queue;			/* X-Handrail-Queue */
	bool		 lines;			/* the body is JSON Lines */
	bool		 protobuf;		/* or protocol buffers */
	bool		 events;		/* wants an event stream */
	bool		 open_metrics;
	struct slice	 anthropic_version, anthropic_beta;	/* as sent, or absent */
	int64_t		 wait_ms;		/* Prefer: wait, or ?wait= */
	struct inflater	*inflater;		/* of a body that comes packed; or NULL */
	struct buf	 body;

	/* On its way. */
	enum call_next	 step;
	call_fn		*then;
	void		(*judge)(struct judge_scratch *, struct call *);
	bool		 apart;			/* judged by a worker, however short */
	struct mailbox	*done;			/* of its loop: it comes back through it */
	struct judge_request request;
	struct ingest_item *items;		/* of the record; for the writer */
	size_t		 nitems;
	const char	*code;			/* of an error that may come of it */
	struct slice	 store_key;		/* for the hashes of answers */
	void		*kept;			/* its endpoint's own, in the arena */
	uint64_t	 nrefused, nroutes[3];	/* records judged, by enum route */
	const char	*doubted;	/* the first queue that the policy does not name */
	/* Adds what the writer writes beside its items, in one transaction; or NULL. */
	enum status	(*write)(struct calls_rows *, struct store *, struct call *,
			    struct error *);
	struct gateway_call *gateway;		/* NULL: it is none */
	size_t		 log_bytes;		/* that the writer is to store */
	int64_t		*keys;			/* theirs in the store; or NULL */
	int64_t		 item;			/* that is waited for */
	int64_t		 after;			/* of the feed */
	int64_t		 until_ms;		/* CLOCK_BOOTTIME; of a wait */
	int64_t		 beat_ms;		/* something was last sent in a stream */
	bool		 poll;			/* look without a change too: a stream */
	bool		 last_look;		/* its time is over */
	enum status	 st;			/* of the last step, with err */

	/* The answer. */
	int		 status;
	const char	*type;		/* NULL: JSON */
	struct buf	 out;
	struct slice	 location;	/* absent: none */
	struct slice	 allow;		/* of a 405 */
	int64_t		 retry_s;	/* Retry-After; 0: none */
	struct call_field field[CALL_FIELDS];
	size_t		 nfields;
	bool		 final;		/* x-should-retry: false */
	bool		 waited;	/* Preference-Applied: wait */
	bool		 streaming;	/* its head is out */
	bool		 piece;		/* `out` is the last piece of a stream */
	bool		 closes;	/* a stream that ends with its connection */
	bool		 detached;	/* its client has the answer; it is still to
					 * be stored */
	struct error	 err;		/* last: see call_new() */
};

/* Those that are over, with the memory they had, for the next; one loop's alone. */
struct call_pool {
	struct call	*first;
	size_t		 n, most;
	struct bufs	 bufs;
};

/* Those of a group that is stored come back together, while others are under way. */
#define POOL_MOST	384	/* of all loops */

struct call	*call_new(struct call_pool *);	/* NULL: no memory */
/* Into the pool, where it has room; NULL: there is none. */
void		 call_free(struct call *, struct call_pool *);
void		 call_pool_release(struct call_pool *);

/* Sets an error as the answer, in the form of its API (core/wire/errors.h); code is
 * one of the words in handrail-serve.1. */
enum call_next	 call_fail(struct call *, int status, const char *code,
		    const char *fmt, ...) PRINTF(4, 5);
/* The same for call->st and call->err, or any other. */
enum call_next	 call_fail_status(struct call *, enum status,
		    const struct error *);
/* A parameter of the query; false after call_fail(). */
bool		 call_param(struct call *, const char *name, struct slice *);
/* A whole number of 0 to max, or the one that *out has. */
bool		 call_number(struct call *, const char *name, int64_t max,
		    int64_t *out);
/* Did it begin under this policy?  Each loop has its own copy of the one in force. */
bool		 call_policy_is(const struct call *, const struct policy *);
/* May its key see this queue? */
bool		 call_may_queue(const struct call *, struct slice queue);

#endif
