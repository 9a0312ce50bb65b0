/*
 * Memory of buffers that calls have done with, for those of the next ones: most of
 * them are too large for what the allocator has at hand.  One loop's alone.
 */
#ifndef QUEUE_SERVE_BUFS_H
#define QUEUE_SERVE_BUFS_H

#include "core/base/buf.h"

/* As many as calls of a group that is stored give back together. */
#define BUFS_MOST	512
#define BUF_KEPT	((size_t)16 << 10)	/* bytes of each of them, at most */
#define BUFS_KEPT	((size_t)3 << 20)	/* bytes of all */

struct bufs {
	struct buf	 v[BUFS_MOST];	/* the last used last */
	size_t		 n, bytes;
};

/* One that has no memory of its own gets some, where there is any. */
void	bufs_take(struct bufs *, struct buf *);
/* Takes the memory, or frees it; the buffer is as new. */
void	bufs_give(struct bufs *, struct buf *);
void	bufs_release(struct bufs *);

#endif
