#include "queue/serve/watch.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

enum status
watch_add(int epoll, struct watch *w, struct error *err)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = w };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, w->fd, &e) != 0)
		return error_set(err, STATUS_IO, "epoll: %s", strerror(errno));
	return STATUS_OK;
}
