#include "tui/review/printed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LOOK_MS	20	/* whether the command has ended */

struct printed {
	pthread_t	 thread;
	int		 fd;
	atomic_bool	 ended;		/* the command */
	struct buf	 text;		/* the thread's until it has ended */
	bool		 more;
};

static void *
printed_main(void *arg)
{
	struct printed *p = arg;
	struct pollfd in = { p->fd, POLLIN, 0 };
	char part[4096];
	ssize_t got = 1;
	int ready;
	bool ended;

	while (got > 0 && !p->more) {
		/* What was printed before it ended is there by then. */
		ended = atomic_load(&p->ended);
		ready = poll(&in, 1, ended ? 0 : LOOK_MS);
		if (ready == 0 && ended)
			break;
		if (ready <= 0)
			continue;
		got = read(p->fd, part, sizeof(part));
		if (got > 0)
			buf_add(&p->text, part, (size_t)got);
		p->more = p->text.n > PRINTED_MAX;
	}
	(void)close(p->fd);
	return NULL;
}

enum status
printed_begin(struct printed **out, int *fd, struct error *err)
{
	struct printed *p = calloc(1, sizeof(*p));
	int ends[2];

	if (p == NULL)
		return error_nomem(err);
	if (pipe2(ends, O_CLOEXEC) != 0) {
		free(p);
		return error_set(err, STATUS_IO, "a pipe: %s", strerror(errno));
	}
	p->fd = ends[0];
	buf_init(&p->text);
	if (pthread_create(&p->thread, NULL, printed_main, p) != 0) {
		(void)close(ends[0]);
		(void)close(ends[1]);
		free(p);
		return error_set(err, STATUS_LIMIT, "no thread to be had");
	}
	*fd = ends[1];
	*out = p;
	return STATUS_OK;
}

bool
printed_end(struct printed *p, int fd, struct buf *out)
{
	bool more;

	(void)close(fd);
	atomic_store(&p->ended, true);
	(void)pthread_join(p->thread, NULL);
	more = p->more;
	*out = p->text;
	if (out->n > PRINTED_MAX)
		out->n = PRINTED_MAX;
	free(p);
	return more;
}
