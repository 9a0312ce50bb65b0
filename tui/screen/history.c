#include "tui/screen/history.h"

#include <stdlib.h>

static void
line_drop(struct history *h, size_t i)
{
	free(h->line[i]);
	h->n--;
	memmove(&h->line[i], &h->line[i + 1], (h->n - i) * sizeof(h->line[0]));
}

void
history_add(struct history *h, struct slice text)
{
	char *line;
	size_t i;

	if (text.n == 0 || (line = strndup(text.p, text.n)) == NULL)
		return;
	for (i = 0; i < h->n; i++) {
		if (strcmp(h->line[i], line) == 0)
			line_drop(h, i);
	}
	if (h->n == HISTORY_LINES)
		line_drop(h, 0);
	h->line[h->n++] = line;
}

const char *
history_at(const struct history *h, size_t back)
{
	return back == 0 || back > h->n ? NULL : h->line[h->n - back];
}

void
history_release(struct history *h)
{
	while (h->n > 0)
		free(h->line[--h->n]);
}
