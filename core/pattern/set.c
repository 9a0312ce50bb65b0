#include "core/pattern/set.h"

#include <stdlib.h>

#include "core/pattern/code.h"

enum status
pattern_set_new(struct pattern_set **out, struct error *err)
{
	struct pattern_set *set;

	if ((set = calloc(1, sizeof(*set))) == NULL)
		return error_nomem(err);
	if (pthread_mutex_init(&set->lock, NULL) != 0) {
		free(set);
		return error_nomem(err);
	}
	*out = set;
	return STATUS_OK;
}

void
pattern_set_free(struct pattern_set *set)
{
	unsigned i, use;

	if (set == NULL)
		return;
	for (i = 0; i < set->n; i++) {
		for (use = 0; use < PATTERN_USES; use++)
			pcre2_code_free(set->v[i].code[use]);
		pcre2_code_free(set->v[i].tried);
	}
	filter_free(set->filter);
	filter_free(set->inner);
	(void)pthread_mutex_destroy(&set->lock);
	free(set->v);
	free(set->searched);
	free(set);
}

static enum status
pattern_grow(struct pattern_set *set, struct error *err)
{
	unsigned cap = set->cap == 0 ? 16 : set->cap * 2;
	struct pattern *v;

	if (set->n < set->cap)
		return STATUS_OK;
	if ((v = realloc(set->v, cap * sizeof(*v))) == NULL)
		return error_nomem(err);
	set->v = v;
	set->cap = cap;
	return STATUS_OK;
}

enum status
pattern_add(struct pattern_set *set, const char *pattern, int flags,
    uint32_t match_limit, unsigned *id, struct error *err)
{
	struct pattern p = { .source = pattern, .flags = flags,
	    .limit = match_limit == 0 ? PATTERN_MATCH_LIMIT : match_limit };
	enum status st;

	if ((st = pattern_grow(set, err)) != STATUS_OK ||
	    (!(flags & PATTERN_KNOWN) && (st = pattern_code_new(&p, PATTERN_SEARCH,
	    &p.tried, err)) != STATUS_OK))
		return st;
	*id = set->n;
	set->v[set->n++] = p;
	return STATUS_OK;
}
