/*
 * A call to a model service that passes through: read, asked, judged, stored,
 * answered.
 *
 *	gateway.c	what the client asks for, and who may
 *	gateway_prompt.c	what the gateway puts before it
 *	window.c	what goes out while it comes
 *	placeholders.c	what of the input no service sees
 *	attempt.c	which model is asked, again or another
 *	outcome.c	judging what came, and the next model or the end
 *	reply.c		what the client gets
 *	calls.c		its rows in the store
 *
 * The call belongs to its loop but while it is judged or stored; call->then says what
 * follows.  What a client that left has asked for is cancelled, and what had come
 * is judged, stored and charged as ever.
 */
#ifndef QUEUE_SERVE_GATEWAY_H
#define QUEUE_SERVE_GATEWAY_H

#include "core/wire/release.h"
#include "core/wire/request.h"
#include "core/wire/stream.h"
#include "core/wire/window.h"
#include "queue/http_calls.h"
#include "queue/serve/budget.h"
#include "queue/serve/call.h"
#include "queue/serve/placeholders.h"
#include "queue/serve/upstreams.h"

#define GATEWAY_ID	42		/* "call-" and a UUID, and a NUL */
#define ATTEMPTS_MAX	32
#define ANSWER_MAX	((size_t)8 << 20)	/* bytes of an answer */

/* Why an attempt has no answer that could be used. */
enum attempt_fault {
	ATTEMPT_WELL,
	ATTEMPT_CONNECT,	/* no connection, or it broke */
	ATTEMPT_TIMEOUT,
	ATTEMPT_LIMITED,	/* 429 */
	ATTEMPT_SERVER,		/* 408, 5xx */
	ATTEMPT_REFUSED,	/* another 4xx */
	ATTEMPT_BROKEN,		/* ended without its last event, or is no answer */
	ATTEMPT_ERROR,		/* an error event */
	ATTEMPT_LEFT		/* the client did */
};

/* One time that a model was asked; a row of `calls`. */
struct attempt {
	const struct model *model;
	const char	*state;		/* "asked", "answered", "next", "failed", "left" */
	enum attempt_fault fault;
	int		 status;	/* of HTTP; 0: none came */
	int64_t		 retry_after_s;	/* -1: not said */
	int64_t		 at_ms;		/* since 1970 */
	int64_t		 asked_ms, first_ms, ended_ms;	/* CLOCK_MONOTONIC; 0: not yet */
	struct wire_usage usage;
	bool		 stored;	/* its row is there, as "asked" */
	bool		 closed;	/* and says how it ended */
};

struct window_cover;
struct window_look;
struct gateway_call {
	struct gateway_call *next, **prev;	/* of those under way */
	struct server	*server;
	struct call	*call;
	const struct gateway *gateway;
	enum wire_api	 api;
	struct wire_request request;	/* its prompt filled in */
	struct slice	 named;		/* of a prompt, as the client asks for it */
	struct slice	 prompt;	/* NAME@VERSION, or absent */
	struct slice	 variables;	/* of it, an object, or absent */
	/* What the service does not see: the texts that have something else, and
	 * what stands for what. */
	struct slice	*texts, *replaced;
	size_t		 ntexts;
	struct placeholders placeholders;
	struct buf	 restored;	/* the answer with the values back */
	bool		 misplaced;	/* one of them stays */
	char		 id[GATEWAY_ID];
	int64_t		 deadline_ms;	/* CLOCK_MONOTONIC */
	int64_t		 due_ms;	/* when to ask; 0: nothing is waited for */
	int64_t		 max_tokens;	/* of the answer; -1: no limit is asked for */
	struct reservation reserved;
	bool		 budgeted;	/* something is set aside ... */
	bool		 reserve_stored;	/* ... and the store knows */
	bool		 settled;	/* what it took stands instead */
	int64_t		 charged_tokens;	/* of the attempts that ended */
	double		 charged_usd;

	/* The attempt under way. */
	struct attempt	*attempt;	/* in the call's arena */
	size_t		 nattempts, attempts_most, retries;
	size_t		 at;		/* the model asked, of the gateway's */
	size_t		 from;		/* the one to begin with next */
	bool		 full;		/* waits for a place at a service */
	struct upstream_state *upstream;
	struct http_call *http;
	struct buf	 body;		/* as it goes upstream */
	bool		 is_stream;	/* what comes are events */
	struct sse_reader sse;
	struct wire_stream *stream;
	struct wire_window *window;	/* NULL: all is held until the verdict */
	struct wire_release window_release;
	struct window_look *look;
	struct window_cover *cover;	/* a text each: what went out covered */
	size_t		 ncovers;
	size_t		 looked;	/* bytes of its texts when it was last judged */
	bool		 sent;		/* something of an answer is out */
	bool		 cut;		/* what is held may not go out */
	bool		 paused;	/* the client has too much unread */
	enum wire_outcome outcome;
	struct buf	 answer;	/* whole, in its non-stream shape */

	/* What was made of it. */
	struct buf	 record;
	struct wire_choice *choice;	/* in the call's arena */
	size_t		 nchoices, choices_most;
	enum route	 route;		/* the worst of its items */
	const char	*refusal;	/* the guard or condition that refused the
					 * input; or NULL */
	bool		 escalates;	/* the condition `next` holds */
	bool		 last;		/* nothing more is asked: what is stored
					 * now settles the call */
	bool		 storing;	/* that could not be done yet */
	bool		 answered;	/* the call's answer is set already */
};

/* Frees what hangs on the call. */
void		 gateway_free(struct gateway_call *);
/* Frees those that are kept for the next calls. */
void		 gateways_release(struct server *);
/* Frees what is not needed to store the call, once its client has the answer. */
void		 gateway_slim(struct gateway_call *);
/* The client of a call at CALL_UPSTREAM is gone. */
void		 gateway_left(struct server *, struct call *);
/* Once in a while: what is due is asked, what is too late ends. */
void		 gateways_tick(struct server *);
/* Sends what was begun in this turn. */
void		 gateways_ask(struct server *);
/* How long a turn may wait, at most `ms`. */
int		 gateways_timeout(const struct server *, int ms);

#endif
