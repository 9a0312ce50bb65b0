#include "tui/review/run_read.h"

#include <stdlib.h>

#include "queue/loop/run_results.h"

#define RUNS_LOOKED	500	/* for one to compare with */

/* The run to compare with, where none was named. */
struct other_run {
	const struct run_row *of;
	int64_t		 best;
	bool		 production;
};

static enum status
pick_look(void *arg, const struct run_row *r, struct error *err)
{
	struct other_run *p = arg;
	bool production = r->labels.n > 0 && memmem(r->labels.p, r->labels.n,
	    "production", 10) != NULL;

	(void)err;
	if (r->seq < 0 || r->run == p->of->run || p->production ||
	    !slice_eq(r->name, p->of->name))
		return STATUS_OK;
	if (production || (p->best == 0 && r->run < p->of->run)) {
		p->best = r->run;
		p->production = production;
	}
	return STATUS_OK;
}

static struct slice
why_of(const struct result *r, struct arena *a)
{
	const struct check_result *c;
	size_t i;

	if (r->error.p != NULL)
		return arena_printf(a, "error: %.*s", SLICE_ARG(r->error));
	for (i = 0; i < r->nchecks; i++) {
		c = &r->checks[i];
		if (c->state == CHECK_FAILED || c->state == CHECK_ERROR)
			return arena_printf(a, "%.*s%s%.*s", SLICE_ARG(c->name),
			    c->reason.n > 0 ? ": " : "", SLICE_ARG(c->reason));
	}
	return SLICE("");
}

/* The result of a case to look at: the first that failed. */
static size_t
result_of(const struct results *r, const struct by_case *b, size_t i)
{
	size_t k;

	for (k = 0; k < b->v[i].trials.of; k++)
		if (!r->v[b->order[b->v[i].first + k]].pass)
			return b->order[b->v[i].first + k];
	return b->order[b->v[i].first];
}

static double
share_of(const struct trials *t)
{
	return (double)t->passed / t->of;
}

static size_t
case_find(const struct by_case *b, struct slice id)
{
	size_t low = 0, high = b->n, mid, n;
	int order;

	while (low < high) {
		mid = low + (high - low) / 2;
		n = id.n < b->v[mid].id.n ? id.n : b->v[mid].id.n;
		order = memcmp(id.p, b->v[mid].id.p, n);
		if (order == 0)
			order = id.n < b->v[mid].id.n ? -1 :
			    id.n > b->v[mid].id.n;
		if (order == 0)
			return mid;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return (size_t)-1;
}

static int
by_group(const void *a, const void *z)
{
	const struct run_case *x = a, *y = z;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return x->now < y->now ? -1 : x->now > y->now;
}

static enum status
cases_make(struct run_read *r, struct error *err)
{
	struct by_case now, before = { .n = 0 };
	struct run_case *c;
	double was, is;
	enum status st;
	size_t i, at;

	if ((st = results_by_case(&r->now, &r->arena, &now, err)) != STATUS_OK ||
	    (st = results_by_case(&r->before, &r->arena, &before, err)) !=
	    STATUS_OK)
		return st;
	r->cases = arena_zalloc(&r->arena, (now.n + 1) * sizeof(*r->cases));
	if (r->cases == NULL)
		return error_nomem(err);
	for (i = 0; i < now.n; i++) {
		c = &r->cases[i];
		c->id = now.v[i].id;
		c->trials = now.v[i].trials;
		c->now = result_of(&r->now, &now, i);
		c->why = why_of(&r->now.v[c->now], &r->arena);
		c->before = at = case_find(&before, c->id);
		is = share_of(&c->trials);
		was = at == (size_t)-1 ? is : share_of(&before.v[at].trials);
		if (at != (size_t)-1)
			c->before = before.order[before.v[at].first];
		c->group = is < was ? CASE_BROKEN : is > was ? CASE_FIXED :
		    is < 1 ? CASE_FAILING : CASE_PASSING;
		r->ngroup[c->group]++;
	}
	r->ncases = now.n;
	r->passed = stat_cases_passed(now.trials, now.n);
	r->share = stat_exact(r->passed, (double)now.n, 0.95);
	qsort(r->cases, r->ncases, sizeof(*r->cases), by_group);
	return STATUS_OK;
}

static enum status
checks_make(struct run_read *r, struct error *err)
{
	const struct check_result *c;
	size_t i, k, j;

	r->checks = arena_zalloc(&r->arena, RUN_CHECKS_MAX * sizeof(*r->checks));
	if (r->checks == NULL)
		return error_nomem(err);
	for (i = 0; i < r->now.n; i++) {
		for (k = 0; k < r->now.v[i].nchecks; k++) {
			c = &r->now.v[i].checks[k];
			for (j = 0; j < r->nchecks &&
			    !slice_eq(r->checks[j].name, c->name);)
				j++;
			if (j == RUN_CHECKS_MAX)
				continue;
			if (j == r->nchecks)
				r->checks[r->nchecks++].name = c->name;
			r->checks[j].n[c->state]++;
		}
	}
	return STATUS_OK;
}

enum status
run_read(struct session *s, void *arg, struct error *err)
{
	struct paired_options o = { 0.05, 0.02, 0.8 };
	struct run_read *r = arg;
	struct other_run p = { .of = &r->row, .best = r->against };
	enum status st;

	if ((st = run_get(s, r->run, &r->arena, &r->row, err)) != STATUS_OK ||
	    (st = run_results(s, r->run, &r->now, err)) != STATUS_OK)
		return st;
	if (p.best == 0 && (st = run_each(s, RUNS_LOOKED, pick_look, &p, err)) !=
	    STATUS_OK)
		return st;
	if (p.best != 0 && p.best != r->run) {
		if ((st = run_get(s, p.best, &r->arena, &r->other, err)) !=
		    STATUS_OK || (st = run_results(s, p.best, &r->before,
		    err)) != STATUS_OK || (st = compare_results(&r->before,
		    &r->now, &o, &r->arena, &r->compared, err)) != STATUS_OK)
			return st;
	}
	st = cases_make(r, err);
	return st == STATUS_OK ? checks_make(r, err) : st;
}

void
run_read_drop(void *arg)
{
	struct run_read *r = arg;

	arena_release(&r->arena);
	results_release(&r->now);
	results_release(&r->before);
	free(r);
}
