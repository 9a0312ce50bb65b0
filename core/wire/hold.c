#include "core/wire/hold.h"

const struct opened *
hold_find(const struct wire_window *w, enum opens what, int64_t item,
    int64_t part)
{
	const struct opened *o;
	size_t i;

	for (i = 0; i < w->nopened; i++) {
		o = &w->opened[i];
		if (o->what == what && o->item == item && o->part == part)
			return o;
	}
	return NULL;
}

void
hold_write_told(const void *arg, uint32_t text, struct writer *to)
{
	const struct wire_window *w = arg;

	write_text(to, NULL, text < w->ntexts && w->text[text].told.n > 0 ?
	    buf_slice(&w->text[text].told) : SLICE(""));
}
