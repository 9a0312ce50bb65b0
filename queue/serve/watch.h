/* What a loop's epoll hands out. */
#ifndef QUEUE_SERVE_WATCH_H
#define QUEUE_SERVE_WATCH_H

#include <stdint.h>

#include "core/base/error.h"

struct server;

struct watch {
	int	 fd;
	void	(*ready)(struct server *, struct watch *, uint32_t events);
};

/* Tells the loop that has this epoll whenever something can be read. */
enum status	watch_add(int epoll, struct watch *, struct error *) MUST_CHECK;

#endif
