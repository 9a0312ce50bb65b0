/* What a policy allows and its author hardly means; the clear cases only. */
#include "core/policy/policy.h"

#include <stdio.h>

#include "core/policy/cover.h"

struct lint {
	void	(*warn)(void *, const char *);
	void	*arg;
	size_t	 ndead;
};

/* The rule before it that takes all that it would, or NULL. */
static const struct rule *
taken_by(const struct queue_policy *q, const struct rule *r)
{
	const struct rule *before;

	for (before = q->rules; before < r; before++)
		if (cover_fixed(before->when) == COVER_ALWAYS ||
		    cover_implies(r->when, before->when))
			return before;
	return NULL;
}

static void
lint_rules(struct lint *l, const struct queue_policy *q)
{
	const struct rule *r, *before;
	char text[1024];
	size_t i;

	for (i = 0; i < q->nrules; i++) {
		r = &q->rules[i];
		if ((before = taken_by(q, r)) != NULL)
			(void)snprintf(text, sizeof(text), "%s:%d:%d: rule "
			    "\"%s\" can never match: \"%s\" (line %d) takes "
			    "all that it would", r->file, r->line, r->column,
			    r->name, before->name,
			    before->line);
		else if (cover_fixed(r->when) == COVER_NEVER)
			(void)snprintf(text, sizeof(text), "%s:%d:%d: rule "
			    "\"%s\" can never match: its condition is never "
			    "true", r->file, r->line, r->column, r->name);
		else
			continue;
		l->warn(l->arg, text);
		l->ndead++;
	}
}

static bool
guard_used(const struct policy *p, const struct guard *g)
{
	size_t i, k;

	for (i = 0; i < p->nqueues; i++)
		for (k = 0; k < p->queues[i].nguards; k++)
			if (p->queues[i].guards[k] == g)
				return true;
	return false;
}

size_t
policy_lint(const struct policy *p, void (*warn)(void *, const char *),
    void *arg)
{
	struct lint l = { warn, arg, 0 };
	char text[1024];
	size_t i;

	for (i = 0; i < p->nguards; i++) {
		if (guard_used(p, &p->guards[i]))
			continue;
		(void)snprintf(text, sizeof(text),
		    "%s:%d:%d: guard \"%s\" is used by no queue",
		    p->guards[i].file, p->guards[i].line, p->guards[i].column,
		    p->guards[i].name);
		warn(arg, text);
	}
	for (i = 0; i < p->nqueues; i++)
		lint_rules(&l, &p->queues[i]);
	return l.ndead;
}
