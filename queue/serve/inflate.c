#include "queue/serve/inflate.h"

#include <stdlib.h>
#include <zlib.h>

#define WINDOW_GZIP	(15 + 16)	/* gzip alone, no zlib */
#define STEP		((size_t)64 << 10)

struct inflater {
	z_stream	 z;
	uint64_t	 came, made;
	bool		 whole;		/* a member has ended, and none began */
};

struct inflater *
inflater_new(void)
{
	struct inflater *i = calloc(1, sizeof(*i));

	if (i != NULL && inflateInit2(&i->z, WINDOW_GZIP) != Z_OK) {
		free(i);
		return NULL;
	}
	return i;
}

void
inflater_free(struct inflater *i)
{
	if (i == NULL)
		return;
	(void)inflateEnd(&i->z);
	free(i);
}

static enum inflated
member_ended(struct inflater *i)
{
	i->whole = true;
	return inflateReset(&i->z) == Z_OK ? INFLATED : INFLATED_BAD;
}

/* One step: as much as there is room for. */
static enum inflated
inflate_step(struct inflater *i, struct buf *out)
{
	size_t made;
	int got;

	if (!buf_reserve(out, STEP))
		return INFLATED_NO_MEMORY;
	i->z.next_out = (Bytef *)out->p + out->n;
	i->z.avail_out = STEP;
	i->whole = false;
	got = inflate(&i->z, Z_NO_FLUSH);
	made = STEP - i->z.avail_out;
	out->n += made;
	i->made += made;
	if (got == Z_STREAM_END)
		return member_ended(i);
	return got == Z_OK || got == Z_BUF_ERROR ? INFLATED :
	    got == Z_MEM_ERROR ? INFLATED_NO_MEMORY : INFLATED_BAD;
}

enum inflated
inflater_add(struct inflater *i, struct slice piece, uint64_t most,
    struct buf *out)
{
	enum inflated st = INFLATED;

	if (piece.n == 0)
		return st;
	i->came += piece.n;
	/* zlib never writes here. */
	i->z.next_in = (Bytef *)(uintptr_t)piece.p;
	i->z.avail_in = (uInt)piece.n;
	do {
		st = inflate_step(i, out);
		if (st == INFLATED && i->made > i->came * INFLATE_RATIO)
			st = INFLATED_BOMB;
		if (st == INFLATED && i->made > most)
			st = INFLATED_LARGE;
	} while (st == INFLATED && (i->z.avail_in > 0 ||
	    (i->z.avail_out == 0 && !i->whole)));
	return st;
}

bool
inflater_whole(const struct inflater *i)
{
	return i->whole;
}
