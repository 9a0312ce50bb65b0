#include "tui/cmd/policy_check.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/item/severity.h"
#include "core/base/text.h"
#include "core/policy/lint.h"

#define WIDTH	200	/* of a value that is printed */

static void
print_text(struct buf *b, const char *text)
{
	text_sanitize_line(b, slice_of(text), WIDTH);
}

static void
print_duration(struct buf *b, const char *what, int64_t ms)
{
	static const struct {
		int64_t	ms;
		char	unit;
	} units[] = {
		{ 86400000, 'd' }, { 3600000, 'h' }, { 60000, 'm' },
		{ 1000, 's' }
	};
	size_t i = 0;

	while (i < 3 && (ms == 0 || ms % units[i].ms != 0))
		i++;
	buf_printf(b, "%s%" PRId64 "%c", what, ms / units[i].ms, units[i].unit);
}

static void
print_list(struct buf *b, const char *what, const char *const *v, size_t n)
{
	size_t i;

	if (n == 0)
		return;
	buf_puts(b, what);
	for (i = 0; i < n; i++) {
		buf_puts(b, i == 0 ? " " : ", ");
		print_text(b, v[i]);
	}
	buf_putc(b, '\n');
}

/* An option that the policy sets, as it was read. */
static void
print_option(struct buf *b, const struct option_row *row,
    const struct option_value *v)
{
	size_t i;

	if (!v->set)
		return;
	buf_printf(b, ", %s", row->name);
	switch (row->type) {
	case OPTION_LIST:
		for (i = 0; i < v->nlist; i++) {
			buf_putc(b, ' ');
			print_text(b, v->list[i]);
		}
		return;
	case OPTION_FILES:
		for (i = 0; i < v->nfiles; i++) {
			buf_putc(b, ' ');
			print_text(b, v->files[i].path);
		}
		return;
	case OPTION_DIR:
		buf_putc(b, ' ');
		print_text(b, v->string);
		buf_printf(b, " (%zu files)", v->nfiles);
		return;
	default:
		buf_putc(b, ' ');
		print_text(b, v->string);
	}
}

static void
print_own(struct buf *b, const struct guard *g)
{
	const struct option_row *row = g->kind->own;
	size_t i, k;

	for (i = 0; i < g->nown; i++) {
		buf_puts(b, "    own ");
		print_text(b, g->own[i].name);
		for (k = 0; row[k].name != NULL; k++)
			print_option(b, &row[k], &g->own[i].values[k]);
		buf_putc(b, '\n');
	}
}

static void
print_guard(struct buf *b, const struct guard *g)
{
	static const char *const marks[] = { "off", "label", "mask", "hash",
	    "placeholder" };
	const struct option_row *row = g->kind->options;
	size_t i;

	buf_puts(b, "  guard ");
	print_text(b, g->name);
	buf_printf(b, " (%s)", g->kind->name);
	for (i = 0; row[i].name != NULL; i++)
		print_option(b, &row[i], &g->values[i]);
	if (g->severity != SEVERITY_NONE)
		buf_printf(b, ", severity %s", severity_name(g->severity));
	if (g->redact != REDACT_OFF)
		buf_printf(b, ", redact %s", marks[g->redact]);
	if (g->reads != g->kind->reads)
		buf_puts(b, g->reads == READS_OUTPUT ? ", on output" :
		    ", on leaves");
	buf_printf(b, "%s%s\n", g->on_input ? ", on input" :
	    g->on_record ? ", on record" : "",
	    g->fail_open ? ", fail open" : "");
	print_own(b, g);
}

static void
print_rule(struct buf *b, const struct rule *r)
{
	buf_puts(b, "  rule ");
	print_text(b, r->name);
	buf_printf(b, " -> %s", route_name(r->route));
	if (r->priority != 0)
		buf_printf(b, ", priority %d", r->priority);
	buf_puts(b, " when ");
	print_text(b, r->when);
	buf_putc(b, '\n');
}

static void
print_queue(struct buf *b, const struct queue_policy *q)
{
	size_t i;

	buf_puts(b, "queue ");
	print_text(b, q->name);
	print_duration(b, ": lease ", q->lease_ms);
	print_duration(b, ", sla ", q->sla_ms);
	if (q->hold_ms != 0)
		print_duration(b, ", hold ", q->hold_ms);
	buf_printf(b, ", sample %g%s\n", q->sample,
	    q->four_eyes ? ", four eyes" : "");
	for (i = 0; i < q->nguards; i++)
		print_guard(b, q->guards[i]);
	print_list(b, "  expects", q->expects, q->nexpects);
	for (i = 0; i < q->nrules; i++)
		print_rule(b, &q->rules[i]);
	buf_puts(b, "  else -> flag\n");
	print_list(b, "  fallback", &q->fallback, q->fallback != NULL);
	print_list(b, "  reasons", q->reasons, q->nreasons);
	print_list(b, "  labels", q->labels, q->nlabels);
	for (i = 0; i < q->nratings; i++) {
		buf_puts(b, "  rating ");
		print_text(b, q->ratings[i].name);
		buf_printf(b, ": 1 to %d\n", q->ratings[i].max);
	}
	if (q->evidence)
		buf_puts(b, "  evidence\n");
	print_list(b, "  skip reasons", q->skip_reasons, q->nskip_reasons);
}

static void
print_role(struct buf *b, const struct role *r)
{
	unsigned may;

	buf_puts(b, "role ");
	print_text(b, r->name);
	buf_puts(b, ": group ");
	print_text(b, r->group);
	buf_puts(b, ", may");
	for (may = 1; may <= MAY_ADMIN; may <<= 1)
		if ((r->may & may) != 0)
			buf_printf(b, " %s", may_name(may));
	buf_putc(b, '\n');
}

static void
warn(void *arg, const char *text)
{
	struct cmd_run *run = arg;
	struct buf line = BUF_INIT;

	buf_printf(&line, "warning: %s", text);
	cmd_complain(run, buf_str(&line));
	buf_release(&line);
}

int
policy_check_print(struct cmd_run *run, const struct policy *p)
{
	struct buf b = BUF_INIT;
	enum status st;
	size_t i;

	buf_printf(&b, "policy %s\n", p->id);
	for (i = 0; i < p->nfiles; i++) {
		buf_puts(&b, "  file ");
		print_text(&b, p->files[i].path);
		buf_printf(&b, " (%zu bytes)\n", p->files[i].bytes.n);
	}
	for (i = 0; i < p->nroles; i++)
		print_role(&b, &p->roles[i]);
	for (i = 0; i < p->nqueues; i++)
		print_queue(&b, &p->queues[i]);
	st = cmd_print(&b, &run->err);
	buf_release(&b);
	if (st != STATUS_OK)
		return cmd_fail(run);
	return policy_lint(p, warn, run) > 0 ? EXIT_SHORT : EXIT_WELL;
}
