#include "tui/cmd/eval_report.h"

#include <inttypes.h>
#include <math.h>

#include "core/base/text.h"

#define LISTED_MAX	20	/* cases in a text */

static void
line_put(struct buf *b, struct slice s, size_t columns)
{
	text_sanitize_line(b, s, columns);
}

static void
ids_put(struct buf *b, const char *what, const struct compared_case *v, size_t n)
{
	size_t i;

	if (n == 0)
		return;
	buf_printf(b, "%s", what);
	for (i = 0; i < n && i < LISTED_MAX; i++) {
		buf_puts(b, i == 0 ? " " : ", ");
		line_put(b, v[i].id, 60);
	}
	if (n > LISTED_MAX)
		buf_printf(b, " and %zu more", n - LISTED_MAX);
	buf_putc(b, '\n');
}

void
compared_text(struct buf *b, const char *before, const char *now,
    const struct compared *c)
{
	const struct paired *p = &c->paired;
	size_t i;

	if (c->both == 0) {
		buf_printf(b, "%s against %s: no case in common\n", now, before);
		return;
	}
	buf_printf(b, "%s against %s: %s\n  %zu cases in both, difference %+.6f "
	    "(%.6f to %.6f), p %.4g; broken %zu, fixed %zu", now, before,
	    comparison_name(p->verdict), c->both, p->diff, p->low, p->high, p->p,
	    p->broken, p->fixed);
	if (p->verdict == COMPARED_UNDECIDED && p->need > 0)
		buf_printf(b, "; %.0f more cases would decide", p->need);
	buf_putc(b, '\n');
	if (c->only_before + c->only_now > 0)
		buf_printf(b, "  left out: %zu cases only in %s, %zu only in "
		    "%s\n", c->only_before, before, c->only_now, now);
	for (i = 0; i < c->nchecks && c->nchecks > 1; i++) {
		buf_puts(b, "  ");
		line_put(b, c->checks[i].name, 30);
		buf_printf(b, ": %+.4f, p %.4g by Holm\n",
		    c->checks[i].paired.diff, c->checks[i].p_holm);
	}
	if (!isnan(c->usd_before) && !isnan(c->usd_now))
		buf_printf(b, "  USD each %.6f, was %.6f\n", c->usd_now,
		    c->usd_before);
	if (!isnan(c->ms_before) && !isnan(c->ms_now))
		buf_printf(b, "  median %.0f ms, was %.0f ms\n", c->ms_now,
		    c->ms_before);
	ids_put(b, "  broken:", c->broken, p->broken);
	ids_put(b, "  fixed:", c->fixed, p->fixed);
}

/* The first thing that kept a result from passing. */
static void
why_put(struct buf *b, const struct result *r)
{
	const struct check_result *c;
	size_t i;

	if (r->error.p != NULL) {
		buf_puts(b, "error: ");
		line_put(b, r->error, 200);
		return;
	}
	for (i = 0; i < r->nchecks; i++) {
		c = &r->checks[i];
		if (c->state != CHECK_FAILED && c->state != CHECK_ERROR)
			continue;
		line_put(b, c->name, 40);
		buf_puts(b, c->state == CHECK_ERROR ? ": error: " : ": ");
		line_put(b, c->reason, 200);
		return;
	}
}

/* A case that is named by a hash of its variables: they say more. */
static void
vars_put(struct buf *b, const struct eval_run *r, size_t i)
{
	const struct suite_case *c = &r->answers.cases[r->answers.v[i].at];

	if (strncmp(c->id, "vars:", 5) != 0 || c->vars.n == 0)
		return;
	buf_putc(b, ' ');
	line_put(b, c->vars, 60);
}

static void
failing_put(struct buf *b, const struct eval_run *r)
{
	const struct result *x;
	size_t i, n = 0;

	for (i = 0; i < r->results.n; i++) {
		x = &r->results.v[i];
		if (x->pass || ++n > LISTED_MAX)
			continue;
		buf_puts(b, "  FAIL ");
		line_put(b, x->id, 40);
		if (x->repeat > 1)
			buf_printf(b, " (%d)", x->repeat);
		vars_put(b, r, i);
		buf_puts(b, ": ");
		why_put(b, x);
		buf_putc(b, '\n');
	}
	if (n > LISTED_MAX)
		buf_printf(b, "  and %zu more: run show %" PRId64 "\n",
		    n - LISTED_MAX, r->run);
}

static void
checks_put(struct buf *b, const struct gate_report *g)
{
	const struct check_sum *c;
	size_t i;

	if (g->nchecks > 0)
		buf_printf(b, "  %-30s %7s %7s %7s %9s\n", "check", "passed",
		    "failed", "errors", "untrusted");
	for (i = 0; i < g->nchecks; i++) {
		c = &g->checks[i];
		buf_puts(b, "  ");
		line_put(b, c->name, 30);
		buf_printf(b, "%*s %7zu %7zu %7zu %9zu\n", c->name.n < 30 ?
		    (int)(30 - c->name.n) : 0, "", c->n[CHECK_PASSED],
		    c->n[CHECK_FAILED], c->n[CHECK_ERROR],
		    c->n[CHECK_UNTRUSTED]);
	}
}

static void
probes_put(struct buf *b, const struct probe_report *r)
{
	const struct probe_count *c;
	unsigned p;
	size_t i;

	buf_printf(b, "  %-12s %7s %7s %7s %7s %7s\n", "probe", "cases", "well",
	    "held", "THROUGH", "errors");
	for (p = 0; p < PROBES; p++) {
		c = &r->count[p];
		if ((r->set & 1u << p) != 0 && c->n > 0)
			buf_printf(b, "  %-12s %7zu %7zu %7zu %7zu %7zu\n",
			    probe_name((enum probe)p), c->n, c->well, c->held,
			    c->through, c->errors);
		if ((r->set & 1u << p) != 0 && c->same > 0)
			buf_printf(b, "  %-12s changes nothing of %zu\n",
			    probe_name((enum probe)p), c->same);
	}
	for (i = 0; i < r->nculprits; i++) {
		buf_puts(b, r->culprits[i].is_guard ? "  guard " : "  rule ");
		line_put(b, slice_of(r->culprits[i].name), 60);
		buf_printf(b, r->culprits[i].is_guard ? " found nothing in %zu of "
		    "these %zu\n" : " let %zu of these %zu through\n",
		    r->culprits[i].n, r->through);
	}
}

static void
run_put(struct buf *b, const struct eval_run *r)
{
	const struct gate_report *g = &r->report;
	size_t i;

	buf_printf(b, "run %" PRId64 ": ", r->run);
	line_put(b, slice_of(r->variant), 60);
	buf_printf(b, " (%s): %zu of %zu passed, %zu error%s", r->source,
	    g->passed, g->results, g->errors, g->errors == 1 ? "" : "s");
	if (g->results != g->cases)
		buf_printf(b, ", %zu cases", g->cases);
	buf_printf(b, "; at least %.4f with confidence %g\n", g->lower,
	    g->confidence);
	if (r->answers.unmatched > 0)
		buf_printf(b, "  %" PRIu64 " record%s of no case left out\n",
		    r->answers.unmatched, r->answers.unmatched == 1 ? "" : "s");
	if (r->probes.set != 0)
		probes_put(b, &r->probes);
	checks_put(b, g);
	failing_put(b, r);
	if (!isnan(g->total_usd))
		buf_printf(b, "  %.6f USD in all, %.6f each\n", g->total_usd,
		    g->mean_usd);
	if (g->baseline_run > 0)
		compared_text(b, g->baseline, r->variant, &g->compared);
	for (i = 0; i < g->nlines; i++) {
		buf_puts(b, g->line[i].met ? "  met      " : "  NOT MET  ");
		line_put(b, slice_of(g->line[i].text), 200);
		buf_putc(b, '\n');
	}
}

void
eval_text(struct buf *b, const struct eval *e)
{
	size_t i;

	for (i = 0; i < e->suite->nskipped; i++) {
		buf_puts(b, "skipped: ");
		line_put(b, slice_of(e->suite->skipped[i]), 300);
		buf_putc(b, '\n');
	}
	for (i = 0; i < e->nruns; i++)
		run_put(b, &e->runs[i]);
	if (e->suite->dropped > 0)
		buf_printf(b, "%zu test%s left out\n", e->suite->dropped,
		    e->suite->dropped == 1 ? "" : "s");
	buf_printf(b, "gate: %s\n", eval_met(e) ? "met" : "not met");
}

void
compared_json(struct writer *w, int64_t before, int64_t now,
    const struct compared *c)
{
	const struct paired *p = &c->paired;
	size_t i;

	write_int(w, "a", before);
	write_int(w, "b", now);
	write_uint(w, "cases", c->both + c->only_before + c->only_now);
	write_uint(w, "both", c->both);
	write_uint(w, "fixed", p->fixed);
	write_uint(w, "broken", p->broken);
	write_double(w, "diff", p->diff);
	write_double(w, "low", p->low);
	write_double(w, "high", p->high);
	write_double(w, "p", p->p);
	write_word(w, "verdict", comparison_name(p->verdict));
	write_double(w, "need", p->need);
	write_array(w, "checks");
	for (i = 0; i < c->nchecks; i++) {
		write_object(w, NULL);
		write_text(w, "name", c->checks[i].name);
		write_double(w, "diff", c->checks[i].paired.diff);
		write_double(w, "p_holm", c->checks[i].p_holm);
		write_end(w);
	}
	write_end(w);
	write_object(w, "cost");
	write_double(w, "a", c->usd_before);
	write_double(w, "b", c->usd_now);
	write_end(w);
	write_object(w, "latency");
	write_double(w, "a", c->ms_before);
	write_double(w, "b", c->ms_now);
	write_end(w);
}

static void
checks_json(struct writer *w, const struct gate_report *g)
{
	size_t i, k;

	write_array(w, "checks");
	for (i = 0; i < g->nchecks; i++) {
		write_object(w, NULL);
		write_text(w, "name", g->checks[i].name);
		for (k = 0; k < CHECK_STATES; k++)
			write_uint(w, check_state_name((enum check_state)k),
			    g->checks[i].n[k]);
		write_end(w);
	}
	write_end(w);
}

static void
failing_json(struct writer *w, const struct eval_run *r)
{
	const struct result *x;
	size_t i, k;

	write_array(w, "failing");
	for (i = 0; i < r->results.n; i++) {
		x = &r->results.v[i];
		if (x->pass)
			continue;
		write_object(w, NULL);
		write_text(w, "case", x->id);
		write_int(w, "repeat", x->repeat);
		write_text(w, "error", x->error);
		write_array(w, "checks");
		for (k = 0; k < x->nchecks; k++) {
			if (x->checks[k].state == CHECK_PASSED)
				continue;
			write_object(w, NULL);
			write_text(w, "name", x->checks[k].name);
			write_word(w, "state",
			    check_state_name(x->checks[k].state));
			write_text(w, "reason", x->checks[k].reason);
			write_end(w);
		}
		write_end(w);
		write_end(w);
	}
	write_end(w);
}

/* {"through","kinds":[{"probe",...}],"rules":[{"name","through"}],"guards":[...]} */
static void
probes_json(struct writer *w, const struct probe_report *r)
{
	const struct probe_count *c;
	unsigned p, guards;
	size_t i;

	write_object(w, "probes");
	write_uint(w, "through", r->through);
	write_array(w, "kinds");
	for (p = 0; p < PROBES; p++) {
		if ((r->set & 1u << p) == 0)
			continue;
		c = &r->count[p];
		write_object(w, NULL);
		write_word(w, "probe", probe_name((enum probe)p));
		write_uint(w, "cases", c->n);
		write_uint(w, "well", c->well);
		write_uint(w, "held", c->held);
		write_uint(w, "through", c->through);
		write_uint(w, "errors", c->errors);
		write_uint(w, "unchanged", c->same);
		write_end(w);
	}
	write_end(w);
	for (guards = 0; guards < 2; guards++) {
		write_array(w, guards ? "guards" : "rules");
		for (i = 0; i < r->nculprits; i++) {
			if (r->culprits[i].is_guard != guards)
				continue;
			write_object(w, NULL);
			write_word(w, "name", r->culprits[i].name);
			write_uint(w, "through", r->culprits[i].n);
			write_end(w);
		}
		write_end(w);
	}
	write_end(w);
}

static void
run_json(struct writer *w, const struct eval_run *r)
{
	const struct gate_report *g = &r->report;
	size_t i;

	write_object(w, NULL);
	write_int(w, "run", r->run);
	write_word(w, "variant", r->variant);
	write_word(w, "source", r->source);
	write_uint(w, "cases", g->cases);
	write_uint(w, "results", g->results);
	write_uint(w, "passed", g->passed);
	write_uint(w, "errors", g->errors);
	write_uint(w, "unmatched", r->answers.unmatched);
	write_double(w, "rate", g->rate);
	write_double(w, "lower", g->lower);
	write_double(w, "confidence", g->confidence);
	write_double(w, "p95_ms", g->p95_ms);
	write_double(w, "mean_usd", g->mean_usd);
	write_double(w, "total_usd", g->total_usd);
	if (r->probes.set != 0)
		probes_json(w, &r->probes);
	checks_json(w, g);
	write_array(w, "gate");
	for (i = 0; i < g->nlines; i++) {
		write_object(w, NULL);
		write_word(w, "asked", g->line[i].text);
		write_bool(w, "met", g->line[i].met);
		write_end(w);
	}
	write_end(w);
	if (g->baseline_run > 0) {
		write_object(w, "baseline");
		compared_json(w, g->baseline_run, r->run, &g->compared);
		write_end(w);
	} else
		write_null(w, "baseline");
	failing_json(w, r);
	write_bool(w, "met", g->met);
	write_end(w);
}

void
eval_json(struct buf *b, const struct eval *e)
{
	struct writer w = WRITER(b, WRITE_SHOWN);
	size_t i;

	write_object(&w, NULL);
	write_word(&w, "suite", e->suite->name);
	write_word(&w, "suite_sha256", e->suite->id);
	write_array(&w, "runs");
	for (i = 0; i < e->nruns; i++)
		run_json(&w, &e->runs[i]);
	write_end(&w);
	write_array(&w, "skipped");
	for (i = 0; i < e->suite->nskipped; i++)
		write_word(&w, NULL, e->suite->skipped[i]);
	write_end(&w);
	write_uint(&w, "dropped", e->suite->dropped);
	write_double(&w, "spent_usd", e->usd);
	write_bool(&w, "met", eval_met(e));
	write_end(&w);
	write_line(&w);
}
