/*
 * Memory of buffers that calls have done with, for those of the next ones: most of
 * them are too large for what the allocator has at hand.  The loop's alone.
 */
#ifndef QUEUE_SERVE_BUFS_H
#define QUEUE_SERVE_BUFS_H

#include "core/base/buf.h"

#define BUFS_MOST	128			/* buffers that are kept ... */
#define BUF_KEPT	((size_t)16 << 10)	/* ... each of as many bytes at most */

struct bufs {
	struct buf	 v[BUFS_MOST];	/* the last used last */
	size_t		 n;
};

/* One that has no memory of its own gets some, where there is any. */
void	bufs_take(struct bufs *, struct buf *);
/* Takes the memory, or frees it; the buffer is as new. */
void	bufs_give(struct bufs *, struct buf *);
void	bufs_release(struct bufs *);

#endif
