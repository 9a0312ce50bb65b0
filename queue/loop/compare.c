#include "queue/loop/compare.h"

#include <math.h>
#include <stdlib.h>

struct id_entry {
	struct slice	id;
	uint32_t	at;
};

static int
slice_compare(struct slice a, struct slice b)
{
	int d = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return d != 0 ? d : (a.n > b.n) - (a.n < b.n);
}

static int
entry_compare(const void *x, const void *y)
{
	const struct id_entry *a = x, *b = y;
	int d = slice_compare(a->id, b->id);

	return d != 0 ? d : (a->at > b->at) - (a->at < b->at);
}

enum status
results_by_case(const struct results *r, struct arena *a, struct by_case *out,
    struct error *err)
{
	struct id_entry *e = arena_alloc(a, (r->n + 1) * sizeof(*e));
	struct case_trials *c = NULL;
	size_t i;

	out->n = 0;
	out->v = arena_alloc(a, (r->n + 1) * sizeof(*out->v));
	out->order = arena_alloc(a, (r->n + 1) * sizeof(*out->order));
	out->trials = arena_alloc(a, (r->n + 1) * sizeof(*out->trials));
	if (e == NULL || out->v == NULL || out->order == NULL ||
	    out->trials == NULL)
		return error_nomem(err);
	for (i = 0; i < r->n; i++)
		e[i] = (struct id_entry){ r->v[i].id, (uint32_t)i };
	qsort(e, r->n, sizeof(*e), entry_compare);
	for (i = 0; i < r->n; i++) {
		out->order[i] = e[i].at;
		if (c == NULL || !slice_eq(c->id, e[i].id)) {
			c = &out->v[out->n++];
			*c = (struct case_trials){ .id = e[i].id, .first = i };
		}
		c->trials.of++;
		c->trials.passed += r->v[e[i].at].pass;
	}
	for (i = 0; i < out->n; i++)
		out->trials[i] = out->v[i].trials;
	return STATUS_OK;
}

double
results_mean_usd(const struct results *r)
{
	double sum = 0;
	size_t i, n = 0;

	for (i = 0; i < r->n; i++)
		if (r->v[i].cost_usd >= 0) {
			sum += r->v[i].cost_usd;
			n++;
		}
	return n == 0 ? NAN : sum / (double)n;
}

double
results_ms(const struct results *r, struct arena *a, double q)
{
	double *v = arena_alloc(a, (r->n + 1) * sizeof(*v));
	size_t i, n = 0;

	for (i = 0; v != NULL && i < r->n; i++)
		if (r->v[i].latency_ms >= 0)
			v[n++] = r->v[i].latency_ms;
	return stat_percentile(v, n, q);
}

/* How often each check of each pair of cases passed. */
struct tally {
	struct slice	 name[COMPARE_CHECKS_MAX];
	size_t		 n;
	struct trials	*before, *now;	/* [check * cases + case] */
	size_t		 cases, room;
};

static size_t
tally_find(const struct tally *t, struct slice name, size_t hint)
{
	size_t i;

	if (hint < t->n && slice_eq(t->name[hint], name))
		return hint;
	for (i = 0; i < t->n && !slice_eq(t->name[i], name); i++)
		;
	return i;
}

/* The names that the run has. */
static void
tally_names(struct tally *t, const struct results *r)
{
	size_t i, k;

	for (i = 0; i < r->n; i++)
		for (k = 0; k < r->v[i].nchecks; k++)
			if (tally_find(t, r->v[i].checks[k].name, k) == t->n &&
			    t->n < COMPARE_CHECKS_MAX)
				t->name[t->n++] = r->v[i].checks[k].name;
}

static void
tally_case(const struct tally *t, const struct results *r,
    const struct by_case *by, const struct case_trials *c, size_t at,
    struct trials *to)
{
	const struct result *x;
	struct trials *cell;
	size_t i, k, check;

	for (i = 0; i < c->trials.of; i++) {
		x = &r->v[by->order[c->first + i]];
		for (k = 0; k < x->nchecks; k++) {
			check = tally_find(t, x->checks[k].name, k);
			if (check == t->n ||
			    x->checks[k].state == CHECK_UNTRUSTED)
				continue;
			cell = &to[check * t->cases + at];
			cell->of++;
			cell->passed += x->checks[k].state == CHECK_PASSED;
		}
	}
}

static double
share(struct trials t)
{
	return (double)t.passed / t.of;
}

/* By check, over the cases in which both have it; Holm over all of them. */
static enum status
checks_compare(const struct tally *t, const struct paired_options *o,
    struct arena *a, struct compared *c, struct error *err)
{
	struct pair *v = arena_alloc(a, (t->cases + 1) * sizeof(*v));
	size_t *order = arena_alloc(a, (t->n + 1) * sizeof(*order));
	double *p = arena_alloc(a, (t->n + 1) * sizeof(*p));
	size_t i, k, n;
	struct trials x, y;

	c->checks = arena_alloc(a, (t->n + 1) * sizeof(*c->checks));
	if (v == NULL || order == NULL || p == NULL || c->checks == NULL)
		return error_nomem(err);
	for (i = 0; i < t->n; i++) {
		for (n = k = 0; k < t->cases; k++) {
			x = t->before[i * t->cases + k];
			y = t->now[i * t->cases + k];
			if (x.of > 0 && y.of > 0)
				v[n++] = (struct pair){ share(x), share(y) };
		}
		if (n == 0)
			continue;
		c->checks[c->nchecks].name = t->name[i];
		c->checks[c->nchecks].paired = stat_paired(v, n, o);
		p[c->nchecks] = c->checks[c->nchecks].paired.p;
		c->nchecks++;
	}
	stat_holm(p, c->nchecks, order);
	for (i = 0; i < c->nchecks; i++)
		c->checks[i].p_holm = p[i];
	return STATUS_OK;
}

static enum status
room_make(struct compared *c, struct tally *t, size_t cases, struct pair **v,
    struct arena *a, struct error *err)
{
	size_t cells = (t->n * cases + 1) * sizeof(struct trials);

	t->cases = cases;
	*v = arena_alloc(a, (cases + 1) * sizeof(**v));
	c->broken = arena_alloc(a, (cases + 1) * sizeof(*c->broken));
	c->fixed = arena_alloc(a, (cases + 1) * sizeof(*c->fixed));
	t->before = arena_zalloc(a, cells);
	t->now = arena_zalloc(a, cells);
	return *v == NULL || c->broken == NULL || c->fixed == NULL ||
	    t->before == NULL || t->now == NULL ? error_nomem(err) : STATUS_OK;
}

/* Goes through both in the order of their ids. */
static size_t
pairs_walk(const struct results *before, const struct by_case *x,
    const struct results *now, const struct by_case *y, struct tally *t,
    struct compared *c, struct pair *v)
{
	size_t i = 0, k = 0, n = 0, broken = 0, fixed = 0;
	struct compared_case one;
	int d;

	while (i < x->n || k < y->n) {
		d = i == x->n ? 1 : k == y->n ? -1 :
		    slice_compare(x->v[i].id, y->v[k].id);
		c->only_before += d < 0;
		c->only_now += d > 0;
		if (d == 0) {
			one = (struct compared_case){ x->v[i].id,
			    share(x->v[i].trials), share(y->v[k].trials) };
			v[n] = (struct pair){ one.before, one.now };
			if (one.now < one.before)
				c->broken[broken++] = one;
			else if (one.now > one.before)
				c->fixed[fixed++] = one;
			tally_case(t, before, x, &x->v[i], n, t->before);
			tally_case(t, now, y, &y->v[k], n++, t->now);
		}
		i += d <= 0;
		k += d >= 0;
	}
	return n;
}

enum status
compare_results(const struct results *before, const struct results *now,
    const struct paired_options *o, struct arena *a, struct compared *c,
    struct error *err)
{
	struct by_case x, y;
	struct pair *v;
	struct tally *t = arena_zalloc(a, sizeof(*t));
	enum status st;

	*c = (struct compared){ .both = 0 };
	if (t == NULL)
		return error_nomem(err);
	if ((st = results_by_case(before, a, &x, err)) != STATUS_OK ||
	    (st = results_by_case(now, a, &y, err)) != STATUS_OK)
		return st;
	tally_names(t, now);
	if ((st = room_make(c, t, x.n < y.n ? x.n : y.n, &v, a, err)) !=
	    STATUS_OK)
		return st;
	c->both = pairs_walk(before, &x, now, &y, t, c, v);
	c->paired = stat_paired(v, c->both, o);
	c->usd_before = results_mean_usd(before);
	c->usd_now = results_mean_usd(now);
	c->ms_before = results_ms(before, a, 0.5);
	c->ms_now = results_ms(now, a, 0.5);
	return checks_compare(t, o, a, c, err);
}
