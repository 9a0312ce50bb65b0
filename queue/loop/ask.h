/* Models asked many things: from the cache where they answered before, else live. */
#ifndef QUEUE_LOOP_ASK_H
#define QUEUE_LOOP_ASK_H

#include <signal.h>

#include "core/suite/suite.h"
#include "queue/http_calls.h"
#include "queue/session.h"

/* One question. */
struct ask {
	const struct suite_endpoint *endpoint;
	int		 repeat;	/* each is a question of its own */
	struct buf	 body;		/* made by make(), freed by ask_run() */
	/* Where it is no chat: all of it in the arena, which ask_run() frees. */
	const char	*url, *method;	/* NULL: the endpoint's; POST */
	const char	*headers[HTTP_CALL_HEADERS];
	struct slice	 other;		/* what makes it another question beside */
	struct arena	 arena;
};
void		ask_release(struct ask *);	/* and then as before make() */
struct ask_answer {
	struct slice	 body;		/* absent with `why` */
	const char	*why;		/* NULL: there is an answer */
	double		 latency_ms;
	bool		 cached;
};

struct ask_progress {
	size_t		 done, of, cached, failed;
	double		 usd;		/* spent by now, on all of this run */
};

struct ask_run {
	struct session	*session;
	size_t		 n;
	enum status	(*make)(void *, size_t i, struct ask *, struct error *);
	/* *usd is what the answer cost, NAN where that is not known. */
	enum status	(*done)(void *, size_t i, const struct ask_answer *,
			    double *usd, struct error *);
	void		*arg;
	int64_t		 since_ms;	/* answers kept before are not taken */
	double		 max_usd;	/* NAN: no limit */
	struct ask_progress *progress;	/* goes on from what is there */
	void		(*tell)(void *, const struct ask_progress *);
	void		*tell_arg;
	const volatile sig_atomic_t *stop;
};

/*
 * STATUS_INTERRUPTED where stop was set, STATUS_LIMIT where more would cost more than
 * max_usd; what was answered by then is kept.  An answer that fails is no error.
 */
enum status	ask_run(struct ask_run *, struct error *) MUST_CHECK;

#endif
