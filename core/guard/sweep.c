#include "core/guard/sweep.h"

#include <stdlib.h>

#include "core/pattern/pattern.h"

struct sweep {
	struct pattern_set	*set;
	struct compiled_guard	*guards;	/* a copy */
	size_t			 n;
	bool			*has;		/* beside guards */
	uint32_t		*guard_of;	/* by a pattern's number */
};

static bool
guard_shares(const struct compiled_guard *g, struct guard_pattern *p)
{
	return !g->on_input && g->reads == READS_OUTPUT &&
	    g->kind->pattern != NULL &&
	    g->kind->pattern(g->compiled, p);
}

static enum status
sweep_fill(struct sweep *s, const struct compiled_guard *guards,
    struct error *err)
{
	struct guard_pattern p;
	enum status st;
	unsigned id;
	size_t i;

	s->guards = calloc(s->n, sizeof(*s->guards));
	s->has = calloc(s->n, sizeof(*s->has));
	s->guard_of = calloc(s->n, sizeof(*s->guard_of));
	if (s->guards == NULL || s->has == NULL || s->guard_of == NULL)
		return error_nomem(err);
	memcpy(s->guards, guards, s->n * sizeof(*guards));
	if ((st = pattern_set_new(&s->set, err)) != STATUS_OK)
		return st;
	for (i = 0; i < s->n; i++) {
		if (!guard_shares(&s->guards[i], &p))
			continue;
		if ((st = pattern_add(s->set, p.pattern,
		    p.flags | PATTERN_KNOWN, p.limit, &id, err)) != STATUS_OK)
			return st;
		s->has[i] = true;
		s->guard_of[id] = (uint32_t)i;
	}
	return STATUS_OK;
}

enum status
sweep_new(struct sweep **out, const struct compiled_guard *guards, size_t n,
    struct error *err)
{
	struct guard_pattern p;
	struct sweep *s;
	size_t i, sharing = 0;
	enum status st;

	*out = NULL;
	for (i = 0; i < n; i++)
		sharing += guard_shares(&guards[i], &p);
	if (sharing < 2)
		return STATUS_OK;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return error_nomem(err);
	s->n = n;
	if ((st = sweep_fill(s, guards, err)) != STATUS_OK) {
		sweep_free(s);
		return st;
	}
	*out = s;
	return STATUS_OK;
}

void
sweep_free(struct sweep *s)
{
	if (s == NULL)
		return;
	pattern_set_free(s->set);
	free(s->guards);
	free(s->has);
	free(s->guard_of);
	free(s);
}

bool
sweep_has(const struct sweep *s, size_t i)
{
	return s != NULL && s->has[i];
}

void
sweep_found_release(struct sweep_found *f)
{
	free(f->v);
	free(f->lists);
	memset(f, 0, sizeof(*f));
}

/* Makes room for one match more, v[0] among them. */
static bool
found_fit(struct sweep_found *f)
{
	size_t cap = f->cap == 0 ? 64 : f->cap * 2;
	struct sweep_match *v;

	if (f->n < f->cap)
		return true;
	if ((v = realloc(f->v, cap * sizeof(*v))) == NULL)
		return false;
	f->v = v;
	f->cap = cap;
	return true;
}

struct sweeping {
	const struct sweep	*sweep;
	struct sweep_found	*found;
};

static enum status
sweep_note(void *arg, const struct pattern_match *m, struct error *err)
{
	struct sweeping *w = arg;
	struct sweep_found *f = w->found;
	struct sweep_list *list = &f->lists[w->sweep->guard_of[m->id]];

	if (list->n > FINDINGS_MAX)	/* one more shows that there are more */
		return STATUS_OK;
	if (!found_fit(f))
		return error_nomem(err);
	f->v[f->n] = (struct sweep_match){ (uint32_t)m->span[0][0],
	    (uint32_t)m->span[0][1], 0 };
	if (list->n++ == 0)
		list->first = (uint32_t)f->n;
	else
		f->v[list->last].next = (uint32_t)f->n;
	list->last = (uint32_t)f->n++;
	return STATUS_OK;
}

enum status
sweep_run(const struct sweep *s, struct slice text, struct scratch *scratch,
    struct sweep_found *f, struct error *err)
{
	struct sweeping w = { s, f };
	struct sweep_list *lists;

	if (f->nlists < s->n) {
		lists = realloc(f->lists, s->n * sizeof(*lists));
		if (lists == NULL)
			return error_nomem(err);
		f->lists = lists;
		f->nlists = s->n;
	}
	memset(f->lists, 0, s->n * sizeof(*f->lists));
	f->n = 1;
	return pattern_scan(s->set, text, scratch, sweep_note, &w, err);
}

bool
sweep_clean(const struct sweep *s, const struct sweep_found *f, size_t i)
{
	return s->has[i] && f->lists[i].n == 0;
}

enum status
sweep_report(const struct sweep *s, const struct sweep_found *f, size_t i,
    struct guard_run *r, struct error *err)
{
	const struct compiled_guard *g = &s->guards[i];
	const struct sweep_match *m;
	enum status st = STATUS_OK;
	uint32_t at;

	for (at = f->lists[i].first; at != 0 && st == STATUS_OK;
	    at = m->next) {
		m = &f->v[at];
		st = g->kind->found(g->compiled, r, m->start, m->end, err);
	}
	return st;
}
