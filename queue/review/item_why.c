#include "queue/review/item_why.h"

#include <stdio.h>

#include "queue/policies.h"

/* The policy that routed the item: the one in force, else one that is kept from
 * one call to the next; *out is NULL where the store does not know it. */
static enum status
policy_of(struct session *s, struct slice id, const struct policy **out,
    struct error *err)
{
	struct policy *p = NULL;
	char text[HASH_HEX];
	enum status st;

	*out = s->policy;
	if (slice_is(id, s->policy->id))
		return STATUS_OK;
	*out = s->routed;
	if (s->routed != NULL && slice_is(id, s->routed->id))
		return STATUS_OK;
	*out = NULL;
	(void)snprintf(text, sizeof(text), "%.*s", SLICE_ARG(id));
	st = policies_get(s->store, text, &p, err);
	if (st == STATUS_NOMEM || st == STATUS_BUSY)
		return st;
	error_clear(err);
	if (st != STATUS_OK)
		return STATUS_OK;
	policy_free(s->routed);
	*out = s->routed = p;
	return STATUS_OK;
}

enum status
item_why_load(struct session *s, struct item_detail *d, struct arena *arena,
    struct error *err)
{
	const struct why_facts facts = { &d->item, d->findings, d->nfindings,
	    d->errors, d->nerrors, (int)d->row.failures,
	    (enum severity)(d->row.severity < 0 ? SEVERITY_NONE :
	    d->row.severity) };
	const struct queue_policy *q;
	const struct policy *p = NULL;
	struct why_rule *why = NULL;
	enum status st;

	d->why = NULL;
	d->nwhy = 0;
	if (d->erased)
		return STATUS_OK;
	st = policy_of(s, d->row.policy, &p, err);
	if (st != STATUS_OK || p == NULL)
		return st;
	q = policy_queue(p, d->row.queue);
	st = why_rules(q, &facts, arena, &why, err);
	if (st != STATUS_OK)
		return st;
	d->why = why;
	d->nwhy = q->nrules;
	return STATUS_OK;
}

const struct why_rule *
item_why_rule(const struct item_detail *d, const char *name)
{
	size_t i;

	for (i = 0; i < d->nwhy; i++) {
		if (strcmp(d->why[i].name, name) == 0)
			return &d->why[i];
	}
	return NULL;
}

bool
item_why_against(const struct why_rule *why)
{
	size_t i;

	for (i = 0; why->route == ROUTE_APPROVE && i < why->n; i++) {
		if (why->because[i].known && !why->because[i].holds)
			return true;
	}
	return false;
}
