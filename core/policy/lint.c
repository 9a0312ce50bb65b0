#include "core/policy/lint.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/expr/typed.h"
#include "core/policy/cover.h"

#define PAIRS_MAX	1000000	/* of rules compared, in all queues together */

struct lint {
	void		(*warn)(void *, const char *);
	void		*arg;
	size_t		 ndead, npairs;
	struct titles	 fixed;		/* enum cover_fixed by condition */
};

/* Tried once for each text, since each try prepares a statement. */
static enum cover_fixed
lint_fixed(struct lint *l, const char *when)
{
	struct error err = { STATUS_OK, "" };
	enum cover_fixed fixed;
	uint32_t known;
	bool fresh;

	if (titles_find(&l->fixed, 0, slice_of(when), &known))
		return (enum cover_fixed)known;
	fixed = cover_fixed(when);
	/* Where there is no memory for it, it is tried again the next time. */
	if (titles_add(&l->fixed, 0, when, fixed, &fresh, &err) != STATUS_OK)
		error_clear(&err);
	return fixed;
}

/* The rule before it that takes all that it would, or NULL. */
static const struct rule *
taken_by(struct lint *l, const struct queue_policy *q, const struct rule *r)
{
	const struct rule *before;

	for (before = q->rules; before < r && l->npairs < PAIRS_MAX; before++) {
		l->npairs++;
		if (lint_fixed(l, before->when) == COVER_ALWAYS ||
		    cover_implies(r->when, before->when))
			return before;
	}
	return NULL;
}

static void
lint_rules(struct lint *l, const struct queue_policy *q)
{
	const struct rule *r, *before;
	char text[1024], wrong[TYPED_TEXT];
	size_t i;

	for (i = 0; i < q->nrules; i++) {
		r = &q->rules[i];
		if ((before = taken_by(l, q, r)) != NULL)
			(void)snprintf(text, sizeof(text), "%s:%d:%d: rule "
			    "\"%s\" can never match: \"%s\" (line %d) takes "
			    "all that it would", r->file, r->line, r->column,
			    r->name, before->name,
			    before->line);
		else if (typed_wrong(r->when, wrong))
			(void)snprintf(text, sizeof(text), "%s:%d:%d: rule "
			    "\"%s\": %s: this is so of every item or of none",
			    r->file, r->line, r->column, r->name, wrong);
		else if (lint_fixed(l, r->when) == COVER_NEVER)
			(void)snprintf(text, sizeof(text), "%s:%d:%d: rule "
			    "\"%s\" can never match: its condition is never "
			    "true", r->file, r->line, r->column, r->name);
		else
			continue;
		l->warn(l->arg, text);
		l->ndead++;
	}
}

static void
lint_guards(struct lint *l, const struct policy *p)
{
	bool *used = calloc(p->nguards + 1, sizeof(*used));
	char text[1024];
	size_t i, k;

	if (used == NULL)
		return;
	for (i = 0; i < p->nqueues; i++)
		for (k = 0; k < p->queues[i].nguards; k++)
			used[p->queues[i].guards[k] - p->guards] = true;
	for (i = 0; i < p->nguards; i++) {
		if (used[i])
			continue;
		(void)snprintf(text, sizeof(text),
		    "%s:%d:%d: guard \"%s\" is used by no queue",
		    p->guards[i].file, p->guards[i].line, p->guards[i].column,
		    p->guards[i].name);
		l->warn(l->arg, text);
	}
	free(used);
}

static void
lint_doubts(struct lint *l, const struct guard *g)
{
	const char *doubt = g->kind->doubt == NULL ? NULL :
	    g->kind->doubt(g->compiled);
	char text[1024];

	if (doubt == NULL)
		return;
	(void)snprintf(text, sizeof(text), "%s:%d:%d: guard \"%s\": %s",
	    g->file, g->line, g->column, g->name, doubt);
	l->warn(l->arg, text);
}

/* A limit in USD that a model without prices never counts towards. */
static void
lint_prices(struct lint *l, const struct service_policy *s)
{
	char text[512];
	size_t i, k;

	for (i = 0; i < s->nkeys; i++)
		for (k = 0; k < s->nmodels && s->keys[i].usd_month >= 0; k++) {
			if (s->models[k].in_usd >= 0 &&
			    s->models[k].out_usd >= 0)
				continue;
			(void)snprintf(text, sizeof(text), "key \"%s\": "
			    "usd_month: the model \"%s\" has no in_usd and "
			    "out_usd, and counts nothing", s->keys[i].name,
			    s->models[k].name);
			l->warn(l->arg, text);
		}
}

/* Confidence comes of logprobs, which Messages does not have. */
static void
lint_confidence(struct lint *l, const struct service_policy *s)
{
	char text[512];
	size_t i;

	for (i = 0; i < s->ngateways; i++) {
		if (!s->gateways[i].wants_logprobs || s->gateways[i].models[0]->
		    upstream->shape != UPSTREAM_ANTHROPIC)
			continue;
		(void)snprintf(text, sizeof(text), "gateway \"%s\": confidence "
		    "is asked about, and its API has none",
		    s->gateways[i].name);
		l->warn(l->arg, text);
	}
}

size_t
policy_lint(const struct policy *p, void (*warn)(void *, const char *),
    void *arg)
{
	struct lint l = { warn, arg, 0, 0, TITLES_INIT };
	size_t i;

	lint_guards(&l, p);
	for (i = 0; i < p->nguards; i++)
		lint_doubts(&l, &p->guards[i]);
	for (i = 0; i < p->nqueues; i++)
		lint_rules(&l, &p->queues[i]);
	lint_prices(&l, &p->service);
	lint_confidence(&l, &p->service);
	titles_release(&l.fixed);
	return l.ndead;
}
