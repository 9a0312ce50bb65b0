#include "tui/review/tags.h"

#include <stdlib.h>

void
tags_clear(struct tags *t)
{
	free(t->item);
	*t = (struct tags){ .all = false };
}

static size_t
tags_find(const struct tags *t, int64_t item)
{
	size_t i = 0;

	while (i < t->n && t->item[i] != item)
		i++;
	return i;
}

bool
tags_has(const struct tags *t, int64_t item)
{
	return (tags_find(t, item) < t->n) != t->all;
}

bool
tags_toggle(struct tags *t, int64_t item)
{
	size_t i = tags_find(t, item), size = t->size == 0 ? 64 : 2 * t->size;
	int64_t *more;

	if (i < t->n) {
		t->item[i] = t->item[--t->n];
		return true;
	}
	if (t->n == t->size) {
		more = realloc(t->item, size * sizeof(*more));
		if (more == NULL)
			return false;
		t->item = more;
		t->size = size;
	}
	t->item[t->n++] = item;
	return true;
}

void
tags_all(struct tags *t)
{
	bool none = t->all && t->n == 0;

	tags_clear(t);
	t->all = !none;
}

bool
tags_copy(struct tags *t, const struct tags *from)
{
	size_t i;

	tags_clear(t);
	for (i = 0; i < from->n; i++) {
		if (!tags_toggle(t, from->item[i]))
			return false;
	}
	t->all = from->all;
	return true;
}

bool
tags_any(const struct tags *t)
{
	return t->all || t->n > 0;
}
