#include "queue/loop/gate.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#define CONFIDENCE	0.95	/* of what is shown where none is asked */

static void
ask(struct gate_report *r, bool met, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
ask(struct gate_report *r, bool met, const char *fmt, ...)
{
	struct gate_line *l = &r->line[r->nlines++];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(l->text, sizeof(l->text), fmt, ap);
	va_end(ap);
	l->met = met;
	r->met = r->met && met;
}

static enum status
checks_count(const struct results *res, struct arena *a, struct gate_report *r,
    struct error *err)
{
	const struct check_result *c;
	size_t i, k, n;

	r->checks = arena_zalloc(a, COMPARE_CHECKS_MAX * sizeof(*r->checks));
	if (r->checks == NULL)
		return error_nomem(err);
	for (i = 0; i < res->n; i++)
		for (k = 0; k < res->v[i].nchecks; k++) {
			c = &res->v[i].checks[k];
			n = k < r->nchecks && slice_eq(r->checks[k].name,
			    c->name) ? k : 0;
			while (n < r->nchecks && !slice_eq(r->checks[n].name,
			    c->name))
				n++;
			if (n == COMPARE_CHECKS_MAX)
				continue;
			if (n == r->nchecks)
				r->checks[r->nchecks++].name = c->name;
			r->checks[n].n[c->state]++;
		}
	return STATUS_OK;
}

static void
sums(const struct results *res, struct gate_report *r)
{
	size_t i;

	r->total_usd = NAN;
	for (i = 0; i < res->n; i++) {
		r->passed += res->v[i].pass;
		r->errors += result_is_error(&res->v[i]);
		if (res->v[i].cost_usd >= 0)
			r->total_usd = (isnan(r->total_usd) ? 0 :
			    r->total_usd) + res->v[i].cost_usd;
	}
}

static void
ask_rate(const struct suite_gate *g, struct gate_report *r)
{
	if (!isnan(g->confidence))
		ask(r, r->lower >= g->pass_rate, "pass rate at least %g with "
		    "confidence %g: lower bound %.6f of %.0f/%zu",
		    g->pass_rate, g->confidence, r->lower, r->cases_passed,
		    r->cases);
	else
		ask(r, r->rate >= g->pass_rate - 1e-12, "pass rate at least %g: "
		    "%.6f", g->pass_rate, r->rate);
}

static void
ask_each(const struct suite_gate *g, const struct by_case *by,
    struct gate_report *r)
{
	size_t i, under = 0, first = 0;

	for (i = 0; i < by->n; i++)
		if ((double)by->v[i].trials.passed / by->v[i].trials.of <
		    g->each - 1e-12 && under++ == 0)
			first = i;
	if (under == 0)
		ask(r, true, "each case at least %g: all", g->each);
	else
		ask(r, false, "each case at least %g: %zu under, %.60s the "
		    "first", g->each, under, by->v[first].id.p);
}

static void
ask_figures(const struct suite_gate *g, struct gate_report *r)
{
	if (!isnan(g->p95_ms))
		ask(r, r->p95_ms <= g->p95_ms, "95 %% within %g ms: %.0f ms",
		    g->p95_ms, r->p95_ms);
	if (!isnan(g->mean_usd))
		ask(r, r->mean_usd <= g->mean_usd, "at most %g USD each: %.6f",
		    g->mean_usd, r->mean_usd);
}

static void
ask_baseline(const struct suite_gate *g, struct gate_report *r)
{
	const struct paired *p = &r->compared.paired;
	char need[48] = "";

	if (r->compared.both == 0) {
		ask(r, false, "against %.40s: no case in common",
		    r->baseline == NULL ? "the baseline" : r->baseline);
		return;
	}
	if (p->verdict == COMPARED_UNDECIDED && !isnan(p->need))
		(void)snprintf(need, sizeof(need), ", %.0f more cases would "
		    "decide", p->need);
	ask(r, p->verdict == COMPARED_BETTER ||
	    p->verdict == COMPARED_NOT_WORSE ||
	    (p->verdict == COMPARED_UNDECIDED &&
	    g->undecided == UNDECIDED_PASS),
	    "against %.40s: %s, broken %zu, fixed %zu%s", r->baseline == NULL ?
	    "the baseline" : r->baseline, comparison_name(p->verdict),
	    p->broken, p->fixed, need);
}

enum status
gate_judge(const struct suite_gate *g, const struct results *res,
    const struct results *base, struct arena *a, struct gate_report *r,
    struct error *err)
{
	const struct paired_options o = { g->alpha, g->margin, 0.8 };
	struct by_case by;
	enum status st;
	size_t i;

	if ((st = results_by_case(res, a, &by, err)) != STATUS_OK ||
	    (st = checks_count(res, a, r, err)) != STATUS_OK)
		return st;
	r->cases = by.n;
	r->results = res->n;
	r->met = true;
	sums(res, r);
	for (r->rate = 0, i = 0; i < by.n; i++)
		r->rate += (double)by.trials[i].passed / by.trials[i].of /
		    (double)by.n;
	r->confidence = isnan(g->confidence) ? CONFIDENCE : g->confidence;
	r->cases_passed = stat_cases_passed(by.trials, by.n);
	r->lower = stat_lower(r->cases_passed, (double)by.n, r->confidence);
	r->p95_ms = results_ms(res, a, 0.95);
	r->mean_usd = results_mean_usd(res);
	if (!isnan(g->pass_rate))
		ask_rate(g, r);
	if (!isnan(g->each))
		ask_each(g, &by, r);
	ask_figures(g, r);
	if (base != NULL) {
		if ((st = compare_results(base, res, &o, a, &r->compared,
		    err)) != STATUS_OK)
			return st;
		ask_baseline(g, r);
	}
	else if (r->baseline != NULL)
		ask(r, false, "against %.40s: no run has this label yet",
		    r->baseline);
	/* Nothing was asked: everything has to pass. */
	if (r->nlines == 0)
		ask(r, r->passed == r->results, "every result passes: %zu of "
		    "%zu", r->passed, r->results);
	if (r->results == 0)
		ask(r, false, "there is a result: none");
	return STATUS_OK;
}
