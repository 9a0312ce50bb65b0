#include "core/suite/suite.h"

#include <stdlib.h>

void
suite_free(struct suite *s)
{
	size_t i, k;

	if (s == NULL)
		return;
	for (i = 0; i < s->ncases; i++)
		for (k = 0; k < s->cases[i].nasserts; k++)
			assert_release(&s->cases[i].asserts[k]);
	arena_release(&s->arena);
	free(s);
}

bool
suite_asks(const struct suite *s)
{
	size_t i;

	for (i = 0; i < s->ncases; i++)
		if (s->cases[i].nasserts > 0)
			return true;
	return s->nchecks > 0;
}
