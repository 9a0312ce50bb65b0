#include "core/base/titles.h"

#include <stdlib.h>

#define TITLES_FIRST	64	/* a power of two */

void
titles_release(struct titles *t)
{
	free(t->v);
	memset(t, 0, sizeof(*t));
}

static uint64_t
title_hash(uint32_t scope, struct slice name)
{
	uint64_t h = (slice_hash(name) ^ scope) * 0x9e3779b97f4a7c15u;

	return h ^ h >> 32;
}

/* Where the name is, or would be: there is always a free place. */
static struct title_entry *
titles_at(const struct titles *t, uint32_t scope, struct slice name,
    uint64_t hash)
{
	struct title_entry *e;
	size_t i;

	for (i = hash & (t->cap - 1);; i = (i + 1) & (t->cap - 1)) {
		e = &t->v[i];
		if (e->name == NULL || (e->hash == hash &&
		    e->scope == scope && slice_is(name, e->name)))
			return e;
	}
}

static bool
titles_grow(struct titles *t)
{
	struct titles big = { NULL, t->n, t->cap == 0 ? TITLES_FIRST :
	    t->cap * 2 };
	size_t i;

	if (t->n < t->cap / 2)
		return true;
	if ((big.v = calloc(big.cap, sizeof(*big.v))) == NULL)
		return false;
	for (i = 0; i < t->cap; i++)
		if (t->v[i].name != NULL)
			*titles_at(&big, t->v[i].scope, slice_of(t->v[i].name),
			    t->v[i].hash) = t->v[i];
	free(t->v);
	*t = big;
	return true;
}

enum status
titles_add(struct titles *t, uint32_t scope, const char *name, uint32_t number,
    bool *fresh, struct error *err)
{
	struct slice s = slice_of(name);
	uint64_t hash = title_hash(scope, s);
	struct title_entry *e;

	if (!titles_grow(t))
		return error_nomem(err);
	e = titles_at(t, scope, s, hash);
	*fresh = e->name == NULL;
	if (*fresh) {
		*e = (struct title_entry){ name, hash, scope, number };
		t->n++;
	}
	return STATUS_OK;
}

bool
titles_find(const struct titles *t, uint32_t scope, struct slice name,
    uint32_t *number)
{
	const struct title_entry *e;

	if (t->n == 0)
		return false;
	e = titles_at(t, scope, name, title_hash(scope, name));
	if (e->name == NULL)
		return false;
	*number = e->number;
	return true;
}
