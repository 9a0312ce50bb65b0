#include "queue/metrics/ask.h"

#include <assert.h>

void
ask_write(struct buf *b, const struct metric_ask *a)
{
	const struct metric_row *r;
	const char *p;
	size_t n = 0;

	for (p = a->expr; *p != '\0'; p++) {
		if (*p != '@') {
			buf_putc(b, *p);
			continue;
		}
		assert(n < ASK_METRICS);
		r = &metric_rows[a->of[n++]];
		buf_puts(b, r->name);
		if (r->type == METRIC_COUNTER)
			buf_puts(b, "_total");
	}
}
