#include "tui/review/queue_group.h"

#include "tui/review/count.h"

#define GROUP_COUNTED	2000	/* at most; beyond it is so many and more */

/* Names of rules with that priority, each once; *n: how many so far. */
static void
names_add(struct buf *b, const struct queue_policy *q, enum route route,
    int64_t priority, size_t from, size_t *n)
{
	struct slice name, said;
	size_t i, at;

	for (i = 0; i < q->nrules; i++) {
		if (q->rules[i].priority != priority ||
		    q->rules[i].route != route)
			continue;
		name = slice_of(q->rules[i].name);
		said = (struct slice){ buf_str(b) + from, b->n - from };
		for (at = 0; at + name.n <= said.n &&
		    memcmp(said.p + at, name.p, name.n) != 0; at++)
			;
		if (at + name.n <= said.n)
			continue;
		buf_puts(b, (*n)++ == 0 ? ": " : ", ");
		buf_add_slice(b, name);
	}
}

void
queue_group_text(struct buf *b, const struct policy *p,
    const struct list_filter *f, int64_t priority, int64_t n)
{
	enum route routes[] = { ROUTE_FLAG, ROUTE_ESCALATE };
	size_t i, k, from, named = 0;
	char text[COUNT_TEXT];

	if (f->state == LIST_ESCALATED) {
		routes[0] = ROUTE_ESCALATE;
		routes[1] = ROUTE_FLAG;
	}
	if (priority == 0)
		buf_puts(b, "the rest");
	else
		buf_printf(b, "priority %lld", (long long)priority);
	from = b->n;
	/* A person may have sent here what a rule of the other route gave its priority. */
	for (k = 0; priority != 0 && k < 2 && (named == 0 ||
	    f->state == LIST_ESCALATED); k++)
		for (i = 0; i < p->nqueues; i++)
			if (f->queue == NULL ||
			    strcmp(p->queues[i].name, f->queue) == 0)
				names_add(b, &p->queues[i], routes[k], priority,
				    from, &named);
	buf_printf(b, " (%s%s)", count_text(n, text),
	    n == GROUP_COUNTED && f->picks == NULL ? "+" : "");
}

int64_t
queue_group_count(struct groups *g, struct session *s,
    const struct list_filter *f, int64_t priority)
{
	struct error ignored = { STATUS_OK, "" };
	size_t i;

	for (i = 0; i < g->n; i++)
		if (g->v[i].priority == priority)
			return g->v[i].n;
	if (g->n == GROUPS_KEPT)
		g->n = 0;
	g->v[g->n].priority = priority;
	if (list_of_priority(s, f, priority, GROUP_COUNTED, &g->v[g->n].n,
	    &ignored) != STATUS_OK)
		g->v[g->n].n = 0;
	return g->v[g->n++].n;
}
