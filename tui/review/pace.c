#include "tui/review/pace.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS	3600000

static void
paced_remove(struct pace *p, size_t i)
{
	p->n--;
	memmove(p->kept + i, p->kept + i + 1, (p->n - i) * sizeof(p->kept[0]));
}

void
pace_add(struct pace *p, const struct paced *one)
{
	if (p->n == PACE_KEPT)
		paced_remove(p, 0);
	p->kept[p->n++] = *one;
	p->decided++;
	p->escalated += one->escalated;
}

void
pace_undone(struct pace *p, int64_t item)
{
	size_t i = p->n;

	while (i > 0 && p->kept[i - 1].item != item)
		i--;
	if (i == 0)
		return;
	p->decided--;
	p->escalated -= p->kept[i - 1].escalated;
	paced_remove(p, i - 1);
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
	size_t n = p->n, i, in = 0;
	int64_t dwell[PACE_KEPT], first = now_ms;

	if (n < 2)
		return;
	for (i = 0; i < n; i++) {
		dwell[i] = p->kept[i].dwell_ms;
		if (now_ms - p->kept[i].at_ms >= HOUR_MS)
			continue;
		in++;
		if (p->kept[i].at_ms < first)
			first = p->kept[i].at_ms;
	}
	qsort(dwell, n, sizeof(dwell[0]), order);
	part_add(out, columns, "", (int64_t)p->decided, " done");
	/* Between the first and now lie so many steps; a pause slows it. */
	if (in >= 2 && now_ms > first)
		part_add(out, columns, "", ((int64_t)in - 1) * HOUR_MS /
		    (now_ms - first), " an hour");
	part_add(out, columns, "median ", (dwell[n / 2] + 500) / 1000, " s");
}
