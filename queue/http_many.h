/*
 * Many calls at once and a wait for all of them: so many in flight, each tried again where
 * it failed in a way that may pass (no connection, 429, 5xx), after what Retry-After
 * asks for or a growing, jittered pause.
 */
#ifndef QUEUE_HTTP_MANY_H
#define QUEUE_HTTP_MANY_H

#include <signal.h>

#include "queue/http_calls.h"

#define CALL_ANSWER_MAX		((size_t)16 << 20)	/* bytes of a body */
#define CALL_PAUSE_MAX_MS	60000

struct http_many_call {
	/* What it points at lives until done(). */
	const char	*url, *method, *proxy;	/* as in http_calls.h */
	const char	*headers[HTTP_CALL_HEADERS];
	struct slice	 body;
	int64_t		 timeout_ms;		/* of one try */
	int		 retries;
	void		*arg;			/* the caller's own */
};

/* body is there with `why` NULL only: a 2xx. */
struct http_many_answer {
	struct slice	 body;		/* until done() returns */
	const char	*why;		/* "HTTP status 400: ..."; NULL: it is well */
	double		 latency_ms;	/* of the try that answered */
};

struct http_many {
	int		 in_flight;
	/* The next call, or *more false: none, for now (some are in flight) or at
	 * all.  What it returns but STATUS_OK ends the calls. */
	enum status	(*next)(void *, struct http_many_call *, bool *more,
			    struct error *);
	enum status	(*done)(void *, const struct http_many_call *,
			    const struct http_many_answer *, struct error *);
	/* One that was in flight when all ended early: done() is not called. */
	void		(*drop)(void *, const struct http_many_call *);
	void		*arg;
	const volatile sig_atomic_t *stop;	/* set: calls in flight are left */
};

/* Returns once next() has no more and none is in flight; STATUS_INTERRUPTED, with no
 * text, where stop was set. */
enum status	http_many_run(const struct http_many *, struct error *)
		    MUST_CHECK;

#endif
