#include "queue/serve/bufs.h"

void
bufs_take(struct bufs *b, struct buf *to)
{
	if (to->p != NULL || to->failed || b->n == 0)
		return;
	*to = b->v[--b->n];
	b->bytes -= to->cap;
}

void
bufs_give(struct bufs *b, struct buf *from)
{
	if (from->p == NULL || from->cap > BUF_KEPT || b->n == BUFS_MOST ||
	    b->bytes + from->cap > BUFS_KEPT) {
		buf_release(from);
		return;
	}
	buf_clear(from);
	b->bytes += from->cap;
	b->v[b->n++] = *from;
	buf_init(from);
}

void
bufs_release(struct bufs *b)
{
	while (b->n > 0)
		buf_release(&b->v[--b->n]);
	b->bytes = 0;
}
