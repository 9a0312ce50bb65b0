/* A stream of events: the same ones in any pieces; what was read is written and
 * read again as it was. */
#include "core/http/sse.h"
#include "tests/fuzz/must.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static size_t
next_cut(uint64_t *seed, size_t n)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return 1 + (size_t)(*seed >> 33) % (n < 20 ? n : 20);
}

static void
must_be_event(const struct sse_event *e, size_t max)
{
	MUST(e->type.n > 0 && e->type.n + e->data.n <= max + 7);
	MUST(memchr(e->type.p, '\n', e->type.n) == NULL &&
	    memchr(e->type.p, '\r', e->type.n) == NULL);
	MUST(e->data.n == 0 || memchr(e->data.p, '\r', e->data.n) == NULL);
	MUST(e->id.n == 0 || (memchr(e->id.p, '\n', e->id.n) == NULL &&
	    memchr(e->id.p, '\r', e->id.n) == NULL &&
	    memchr(e->id.p, '\0', e->id.n) == NULL));
}

/* Writes each event that there is; in one piece where *seed is 0. */
static enum sse_outcome
events(struct slice all, size_t max, uint64_t seed, struct buf *out,
    int64_t *retry_ms)
{
	struct sse_reader r;
	struct sse_event event;
	struct slice in;
	enum sse_outcome outcome = SSE_MORE;
	char *copy;
	size_t n;

	sse_init(&r, max);
	for (; all.n > 0 && outcome == SSE_MORE; all.p += n, all.n -= n) {
		n = seed == 0 ? all.n : next_cut(&seed, all.n);
		copy = malloc(n);
		MUST(copy != NULL);
		memcpy(copy, all.p, n);
		in = (struct slice){ copy, n };
		while ((outcome = sse_read(&r, &in, &event)) == SSE_EVENT) {
			must_be_event(&event, max);
			sse_write(out, &event);
		}
		MUST(outcome != SSE_MORE || in.n == 0);
		free(copy);
	}
	(void)sse_unfinished(&r);
	*retry_ms = r.retry_ms;
	sse_release(&r);
	return outcome;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice bytes = { (const char *)data, n };
	uint64_t seed = slice_hash(bytes) | 1;
	size_t max = (seed & 2) == 0 ? 40 : 100000;
	struct buf whole = BUF_INIT, pieces = BUF_INIT, again = BUF_INIT;
	enum sse_outcome outcome;
	int64_t retry, retry_pieces;

	outcome = events(bytes, max, 0, &whole, &retry);
	MUST(events(bytes, max, seed, &pieces, &retry_pieces) == outcome);
	MUST(slice_eq(buf_slice(&whole), buf_slice(&pieces)));
	MUST(outcome != SSE_MORE || retry == retry_pieces);
	/* Names of fields make a written event longer than what was read. */
	MUST(events(buf_slice(&whole), 1000000, 0, &again, &retry) == SSE_MORE);
	MUST(slice_eq(buf_slice(&whole), buf_slice(&again)));
	buf_release(&whole);
	buf_release(&pieces);
	buf_release(&again);
	return 0;
}
