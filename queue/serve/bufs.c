#include "queue/serve/bufs.h"

void
bufs_take(struct bufs *b, struct buf *to)
{
	if (to->p == NULL && !to->failed && b->n > 0)
		*to = b->v[--b->n];
}

void
bufs_give(struct bufs *b, struct buf *from)
{
	if (from->p == NULL || from->cap > BUF_KEPT || b->n == BUFS_MOST) {
		buf_release(from);
		return;
	}
	buf_clear(from);
	b->v[b->n++] = *from;
	buf_init(from);
}

void
bufs_release(struct bufs *b)
{
	while (b->n > 0)
		buf_release(&b->v[--b->n]);
}
