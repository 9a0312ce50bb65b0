/*
 * Calls on their way from one thread to another, in order.  A thread that sleeps in
 * epoll is woken by a descriptor, another one by mailbox_wait().
 */
#ifndef QUEUE_SERVE_MAILBOX_H
#define QUEUE_SERVE_MAILBOX_H

#include <pthread.h>

#include "queue/serve/call.h"

struct mailbox {
	pthread_mutex_t	 lock;
	pthread_cond_t	 filled;
	struct call	*first, **last;
	size_t		 n;
	bool		 made;		/* it can be used; without the lock */
	bool		 closed;
	int		 fd;		/* readable while something is in it; or -1 */
};

enum status	mailbox_init(struct mailbox *, bool with_fd, struct error *)
		    MUST_CHECK;
/* Frees what is still in it. */
void		mailbox_release(struct mailbox *);
void		mailbox_put(struct mailbox *, struct call *);
/* A list of them, which come out together. */
void		 mailbox_put_all(struct mailbox *, struct call *);
/* A list of them, each to the one that it comes back through. */
void		 mailbox_return(struct call *);
/* All that is in it, or NULL; NULL too of one that was never made. */
struct call	*mailbox_take(struct mailbox *);
/* Up to `most` calls; waits for one until that moment of CLOCK_MONOTONIC (0: for
 * ever) or until it is closed.  NULL: none came. */
struct call	*mailbox_wait(struct mailbox *, size_t most, int64_t until_ms);
/* Nobody waits any more. */
void		mailbox_close(struct mailbox *);
bool		mailbox_closed(struct mailbox *);
size_t		mailbox_count(struct mailbox *);

#endif
