#include "tui/cmd/eval_files.h"

#include <inttypes.h>
#include <math.h>

#include "tui/cmd/case_report.h"
#include "tui/cmd/case_text.h"

#define ROWS_MAX	50	/* failing cases in a comment */

/* "a; b": what did not pass. */
static void
missed(struct buf *b, const struct result *r)
{
	size_t i;

	if (r->error.p != NULL)
		buf_add_slice(b, r->error);
	for (i = 0; i < r->nchecks; i++) {
		if (r->checks[i].state != CHECK_FAILED &&
		    r->checks[i].state != CHECK_ERROR)
			continue;
		buf_puts(b, b->n == 0 ? "" : "; ");
		buf_add_slice(b, r->checks[i].name);
		if (r->checks[i].reason.n > 0) {
			buf_puts(b, ": ");
			buf_add_slice(b, r->checks[i].reason);
		}
	}
}

static void
name_put(struct buf *b, const struct result *r)
{
	buf_add_slice(b, r->id);
	if (r->repeat > 1)
		buf_printf(b, " (%d)", r->repeat);
}

/* A case in turn, with what it is called and why it missed. */
static void
report_make(const struct result *r, const char *variant, struct buf *name,
    struct buf *why, struct case_report *c)
{
	buf_clear(name);
	buf_clear(why);
	if (variant != NULL)
		buf_printf(name, "%s: ", variant);
	name_put(name, r);
	missed(why, r);
	*c = (struct case_report){ buf_slice(name), buf_slice(why),
	    r->latency_ms, r->pass, result_is_error(r) };
}

void
eval_junit(struct buf *b, const struct eval *e)
{
	struct buf name = BUF_INIT, why = BUF_INIT;
	const struct eval_run *r;
	struct case_report c;
	size_t i, k, errors;

	junit_begin(b);
	for (i = 0; i < e->nruns; i++) {
		r = &e->runs[i];
		for (errors = k = 0; k < r->results.n; k++)
			errors += !r->results.v[k].pass &&
			    result_is_error(&r->results.v[k]);
		junit_suite(b, r->variant, r->report.results,
		    r->report.results - r->report.passed - errors, errors);
		for (k = 0; k < r->results.n; k++) {
			report_make(&r->results.v[k], NULL, &name, &why, &c);
			junit_case(b, e->suite->name, &c);
		}
		junit_suite_end(b);
	}
	junit_end(b);
	buf_release(&name);
	buf_release(&why);
}

void
eval_tap(struct buf *b, const struct eval *e)
{
	struct buf name = BUF_INIT, why = BUF_INIT;
	struct case_report c;
	size_t i, k, n = 0;

	for (i = 0; i < e->nruns; i++)
		n += e->runs[i].results.n;
	tap_begin(b, n);
	for (n = i = 0; i < e->nruns; i++)
		for (k = 0; k < e->runs[i].results.n; k++) {
			report_make(&e->runs[i].results.v[k], e->nruns > 1 ?
			    e->runs[i].variant : NULL, &name, &why, &c);
			tap_case(b, ++n, &c);
		}
	buf_release(&name);
	buf_release(&why);
}

static void
markdown_failing(struct buf *b, const struct eval_run *r)
{
	struct buf text = BUF_INIT;
	size_t i, n = 0;

	for (i = 0; i < r->results.n; i++) {
		if (r->results.v[i].pass || ++n > ROWS_MAX)
			continue;
		if (n == 1)
			buf_puts(b, "\n| case | why |\n|---|---|\n");
		buf_puts(b, "| ");
		buf_clear(&text);
		name_put(&text, &r->results.v[i]);
		markdown_text(b, buf_slice(&text));
		buf_puts(b, " | ");
		buf_clear(&text);
		missed(&text, &r->results.v[i]);
		markdown_text(b, buf_slice(&text));
		buf_puts(b, " |\n");
	}
	if (n > ROWS_MAX)
		buf_printf(b, "\nand %zu more\n", n - ROWS_MAX);
	buf_release(&text);
}

static void
markdown_run(struct buf *b, const struct eval_run *r)
{
	const struct gate_report *g = &r->report;
	const struct paired *p = &g->compared.paired;
	size_t i;

	buf_puts(b, "\n### ");
	markdown_text(b, slice_of(r->variant));
	buf_printf(b, ": %zu of %zu passed\n\n", g->passed, g->results);
	for (i = 0; i < g->nlines; i++) {
		buf_puts(b, g->line[i].met ? "- met: " : "- **not met**: ");
		markdown_text(b, slice_of(g->line[i].text));
		buf_putc(b, '\n');
	}
	if (g->baseline_run > 0 && g->compared.both > 0)
		buf_printf(b, "- %zu cases in both, difference %+.4f (%.4f to "
		    "%.4f), p %.4g\n", g->compared.both, p->diff, p->low,
		    p->high, p->p);
	if (g->nchecks > 0)
		buf_puts(b, "\n| check | passed | failed | errors | untrusted |\n"
		    "|---|---:|---:|---:|---:|\n");
	for (i = 0; i < g->nchecks; i++) {
		buf_puts(b, "| ");
		markdown_text(b, g->checks[i].name);
		buf_printf(b, " | %zu | %zu | %zu | %zu |\n",
		    g->checks[i].n[CHECK_PASSED], g->checks[i].n[CHECK_FAILED],
		    g->checks[i].n[CHECK_ERROR],
		    g->checks[i].n[CHECK_UNTRUSTED]);
	}
	markdown_failing(b, r);
}

void
eval_markdown(struct buf *b, const struct eval *e)
{
	size_t i;

	buf_puts(b, "## ");
	markdown_text(b, slice_of(e->suite->name));
	buf_printf(b, ": gate %s\n", eval_met(e) ? "met" : "not met");
	for (i = 0; i < e->nruns; i++)
		markdown_run(b, &e->runs[i]);
}
