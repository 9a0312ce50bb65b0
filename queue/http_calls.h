/*
 * HTTP out for a loop: many calls at once, over libcurl's multi interface, none of
 * which waits.  Its sockets are gathered behind one descriptor that is readable
 * while there is something to do.
 */
#ifndef QUEUE_HTTP_CALLS_H
#define QUEUE_HTTP_CALLS_H

#include "core/base/buf.h"

struct http_calls;
struct http_call;

#define HTTP_CALL_HEADERS	20
struct http_call_request {
	const char	*url;
	const char	*method;	/* NULL: POST */
	const char	*headers[HTTP_CALL_HEADERS];	/* "Name: value"; NULL ends */
	const char	*proxy;		/* its address, or "env"; NULL: none */
	struct slice	 body;		/* stays where it is until the call ends */
	int64_t		 timeout_ms;	/* for all of it */
	bool		 unpack;	/* an answer may come compressed */
	/*
	 * The head of the answer has come: its status, Retry-After in seconds
	 * (-1: none), and its Content-Type.  Then its bytes, in pieces; false ends
	 * the call as broken.
	 */
	void		(*head)(void *, int status, int64_t retry_after_s,
			    struct slice type);
	bool		(*data)(void *, struct slice);
	/* Once, last; not after http_call_cancel().  STATUS_OK: a whole answer of
	 * whatever status.  STATUS_IO: it could not be had, or broke off.
	 * STATUS_INVALID: the URL is none. */
	void		(*end)(void *, enum status, const struct error *);
	void		*arg;
};

enum status	http_calls_new(struct http_calls **, struct error *) MUST_CHECK;
/* Cancels what is under way.  All calls are one thread's; another one frees them
 * only once that has ended. */
void		http_calls_free(struct http_calls *);
/* The descriptor to wait for. */
int		http_calls_fd(const struct http_calls *);
/* How long at most, from now; -1: for ever. */
int		http_calls_timeout(const struct http_calls *);
/* Does what there is to do; calls back. */
void		http_calls_run(struct http_calls *);
/* http_calls_run() calls it whenever all that one socket had was given. */
void		http_calls_each(struct http_calls *, void (*each)(void *),
		    void *arg);
/* The part of it that is due, as what was started is: no socket is looked at. */
void		http_calls_due(struct http_calls *);
/* What the request points at but its body is copied. */
enum status	http_calls_start(struct http_calls *,
		    const struct http_call_request *, struct http_call **,
		    struct error *) MUST_CHECK;
/* Nothing is called back any more.  Not from within head() or data(). */
void		http_call_cancel(struct http_call *);
/* Reads no more of the answer, until told to go on. */
void		http_call_pause(struct http_call *, bool);

#endif
