#include "tui/cmd/explain.h"

#include <math.h>

#include "core/base/text.h"
#include "core/judge/why.h"

static const char *const values[] = {
	[EXPR_FALSE] = "false", [EXPR_TRUE] = "true", [EXPR_NULL] = "null",
	[EXPR_ERROR] = "error"
};

static void
line_text(struct buf *b, struct slice s)
{
	text_sanitize_line(b, s, 100);
}

static void
explain_guards(struct buf *b, const struct verdict *v)
{
	const struct guard *g;
	size_t i, k, n;

	for (i = 0; i < v->queue->nguards; i++) {
		g = v->queue->guards[i];
		n = 0;
		for (k = 0; k < v->nfindings; k++)
			n += strcmp(v->findings[k].guard, g->name) == 0;
		buf_puts(b, "  guard ");
		line_text(b, slice_of(g->name));
		buf_printf(b, " (%s): %zu finding%s", g->kind->name, n,
		    n == 1 ? "" : "s");
		if (v->guard_ns != NULL)
			buf_printf(b, ", %.1f us", (double)v->guard_ns[i] / 1e3);
		buf_putc(b, '\n');
	}
	for (i = 0; i < v->nguard_errors; i++) {
		buf_puts(b, "  guard ");
		line_text(b, slice_of(v->guard_errors[i].guard));
		buf_puts(b, v->guard_errors[i].fail_open ?
		    " could not run, let pass by fail_open: " :
		    " could not run: ");
		line_text(b, v->guard_errors[i].message);
		buf_putc(b, '\n');
	}
}

/* Which of them to look at where a queue is slow. */
static void
explain_longest(struct buf *b, const struct verdict *v)
{
	size_t i, most = 0;

	if (v->guard_ns == NULL || v->queue->nguards == 0)
		return;
	for (i = 1; i < v->queue->nguards; i++)
		if (v->guard_ns[i] > v->guard_ns[most])
			most = i;
	buf_puts(b, "  longest: guard ");
	line_text(b, slice_of(v->queue->guards[most]->name));
	buf_printf(b, ", %.1f us\n", (double)v->guard_ns[most] / 1e3);
}

static void
explain_findings(struct buf *b, const struct item *item,
    const struct verdict *v)
{
	const struct finding *f;
	size_t i;

	for (i = 0; i < v->nfindings; i++) {
		f = &v->findings[i];
		buf_puts(b, "  finding ");
		line_text(b, slice_of(f->guard));
		buf_putc(b, ' ');
		line_text(b, f->kind);
		buf_printf(b, " %s %.2f at %u-%u", severity_name(f->severity),
		    isnan(f->score) ? 0.0 : f->score, f->start, f->end);
		if (f->on.p != NULL) {
			buf_puts(b, " of ");
			line_text(b, f->on);
		} else if (f->end <= item->output.n && f->end > f->start) {
			buf_puts(b, " \"");
			line_text(b, (struct slice){ item->output.p + f->start,
			    f->end - f->start });
			buf_putc(b, '"');
		}
		if (f->pointer.p != NULL) {
			buf_puts(b, " in ");
			line_text(b, f->pointer);
		}
		buf_puts(b, ": ");
		line_text(b, f->message);
		buf_putc(b, '\n');
	}
}

/* The values that a rule's condition saw, and what the rule suggests. */
static void
explain_why(struct buf *b, const struct why_rule *w, bool matched)
{
	size_t i;

	for (i = 0; i < w->n; i++) {
		buf_puts(b, i == 0 ? "  (" : ", ");
		line_text(b, w->because[i].name);
		buf_putc(b, ' ');
		line_text(b, w->because[i].value);
	}
	if (w->n > 0)
		buf_putc(b, ')');
	if (!matched)
		return;
	buf_puts(b, "  <- matched");
	if (w->suggest != NULL) {
		buf_puts(b, "; suggested: ");
		line_text(b, slice_of(w->suggest));
	}
}

void
explain_verdict(struct buf *b, const struct item *item,
    const struct verdict *v)
{
	const struct why_facts facts = { item, v->findings, v->nfindings,
	    v->guard_errors, v->nguard_errors, v->failures, v->severity };
	struct error ignored = { STATUS_OK, "" };
	struct arena arena = ARENA_INIT;
	struct why_rule *why = NULL;
	bool matched = false;
	size_t i;

	if (why_rules(v->queue, &facts, &arena, &why, &ignored) != STATUS_OK)
		b->failed = true;

	line_text(b, item->id);
	buf_puts(b, " in queue ");
	line_text(b, item->queue);
	buf_printf(b, ": %s by ", route_name(v->route));
	line_text(b, slice_of(v->rule));
	buf_putc(b, '\n');
	explain_guards(b, v);
	explain_longest(b, v);
	explain_findings(b, item, v);
	for (i = 0; i < v->nrules && !b->failed; i++) {
		buf_puts(b, "  rule ");
		line_text(b, slice_of(v->rules[i].name));
		buf_printf(b, ": %s", values[v->rules[i].value]);
		explain_why(b, &why[i], v->rules[i].value == EXPR_TRUE &&
		    !matched);
		matched |= v->rules[i].value == EXPR_TRUE;
		buf_putc(b, '\n');
	}
	arena_release(&arena);
}
