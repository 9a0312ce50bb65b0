#include "tui/review/pace.h"

#include <inttypes.h>
#include <stdlib.h>

#define HOUR_MS	3600000

void
pace_add(struct pace *p, bool escalated, int64_t at_ms, int64_t dwell_ms)
{
	p->at_ms[p->decided % PACE_KEPT] = at_ms;
	p->dwell_ms[p->decided % PACE_KEPT] = dwell_ms;
	p->decided++;
	p->escalated += escalated;
}

static int
order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* As long as there is room. */
static void
part_add(struct buf *out, int columns, const char *before, int64_t n,
    const char *what)
{
	size_t had = out->n;

	buf_printf(out, "%s%s%" PRId64 "%s", had > 0 ? ", " : "", before, n,
	    what);
	if ((int)out->n > columns)
		out->n = had;
}

void
pace_text(const struct pace *p, int64_t now_ms, int columns, struct buf *out)
{
	size_t n = p->decided < PACE_KEPT ? p->decided : PACE_KEPT, i, in = 0;
	int64_t dwell[PACE_KEPT], first = now_ms;

	if (n < 2)
		return;
	for (i = 0; i < n; i++) {
		dwell[i] = p->dwell_ms[i];
		if (now_ms - p->at_ms[i] >= HOUR_MS)
			continue;
		in++;
		if (p->at_ms[i] < first)
			first = p->at_ms[i];
	}
	qsort(dwell, n, sizeof(dwell[0]), order);
	part_add(out, columns, "", (int64_t)p->decided, " done");
	/* Between the first and now lie so many steps; a pause slows it. */
	if (in >= 2 && now_ms > first)
		part_add(out, columns, "", ((int64_t)in - 1) * HOUR_MS /
		    (now_ms - first), " an hour");
	part_add(out, columns, "median ", (dwell[n / 2] + 500) / 1000, " s");
}
