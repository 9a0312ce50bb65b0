/* The sockets that the service listens on.  The first loop accepts, and hands out. */
#ifndef QUEUE_SERVE_DOORS_H
#define QUEUE_SERVE_DOORS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "queue/serve/listen.h"
#include "queue/serve/watch.h"

struct service;

#define LISTENERS_MAX	8
#define CONNECTIONS_MAX	4096
#define DESCRIPTORS_OWN	192	/* beside connections: stores, sockets, services */
#define STATUS_CONNECTIONS_MAX	32
#define DOORS_FULL_MS	100	/* where no descriptor is left */

struct door {
	struct watch	 watch;		/* first */
	struct listener	 listener;
	bool		 status;	/* status_listen's */
	bool		 shut;		/* not watched now */
};

struct doors {
	struct door	 door[LISTENERS_MAX];
	size_t		 n;
	size_t		 conns_max;
	int64_t		 full_ms;	/* no descriptor was left then; 0: there is */
	atomic_bool	 crowded;	/* one is shut: whoever leaves makes room */
};

/* How many connections there may be: as many descriptors as the system gives. */
void		doors_prepare(struct doors *);
/* Opens them, or takes those that came with the process. */
enum status	doors_open(struct service *, struct error *) MUST_CHECK;
/* Is this the loop that accepts, and no descriptor was left a moment ago? */
bool		doors_are_full(const struct server *);
/* Accepting pauses while there are as many connections as may be. */
void		doors_watch(struct service *);
/* A connection of that loop has ended. */
void		doors_left(struct server *);
/* Tells where the policy in force has other addresses than those that are open. */
void		doors_compare(struct service *);
/* Sockets that came with the process are for the next one, once this one stops. */
void		doors_leave(struct service *);
void		doors_close(struct doors *);

#endif
