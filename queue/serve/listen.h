/*
 * Where the service listens: "127.0.0.1:8787", "[::1]:8787", "localhost:8787" or
 * "unix:/run/handrail.sock".  Beyond this machine it does not, for want of TLS.
 */
#ifndef QUEUE_SERVE_LISTEN_H
#define QUEUE_SERVE_LISTEN_H

#include <stdbool.h>

#include "core/base/error.h"

struct listener {
	int		 fd;		/* non-blocking; -1: not open */
	const char	*address;	/* as the policy has it */
	bool		 inherited;	/* its file is another's to remove */
};

/* STATUS_INVALID: no such address, or one beyond this machine; STATUS_IO: in use. */
enum status	listener_open(struct listener *, const char *address,
		    struct error *) MUST_CHECK;
void		listener_close(struct listener *);
/* How many sockets systemd handed in (LISTEN_FDS), the first being 3; it hands them
 * in as they are made, and here they are made non-blocking. */
int		listener_inherited(void);

#endif
