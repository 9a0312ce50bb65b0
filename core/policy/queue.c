/* Queues with their rules, and roles. */
#include "core/policy/load.h"

#include <stdlib.h>

#include "core/expr/expr.h"
#include "core/guard/sweep.h"

#define PRIORITY_MAX	1000

static const char *
guard_candidate(void *arg, size_t i)
{
	const struct policy *p = arg;

	if (i < p->nguards)
		return p->guards[i].name;
	i -= p->nguards;
	return guard_kinds[i] == NULL ? NULL : guard_kinds[i]->name;
}

static const struct guard *
guard_find(const struct policy *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->nguards; i++)
		if (strcmp(p->guards[i].name, name) == 0)
			return &p->guards[i];
	return NULL;
}

/* A list whose members differ; absent: none. */
static enum status
queue_list(const struct section *s, const char *name, const char *const **v,
    size_t *n, struct error *err)
{
	const struct setting *set = conf_get(s, name);
	size_t i, k;

	if (set == NULL)
		return STATUS_OK;
	for (i = 0; i < set->n; i++) {
		if (set->v[i][0] == '\0' ||
		    strlen(set->v[i]) > POLICY_NAME_MAX)
			return place_error(err, set->at, "queue \"%s\": %s: "
			    "a name has 1 to %d bytes", s->title, name,
			    POLICY_NAME_MAX);
		for (k = 0; k < i; k++)
			if (strcmp(set->v[i], set->v[k]) == 0)
				return place_error(err, set->at, "queue "
				    "\"%s\": %s: \"%s\" stands there twice",
				    s->title, name, set->v[i]);
	}
	*v = set->v;
	*n = set->n;
	return STATUS_OK;
}

/* Cheap guards first, otherwise as written. */
static void
guards_insert(const struct guard **v, size_t n, const struct guard *g)
{
	for (; n > 0 && v[n - 1]->kind->cost > g->kind->cost; n--)
		v[n] = v[n - 1];
	v[n] = g;
}

static enum status
queue_guards(struct load *l, const struct section *s, struct queue_policy *q,
    struct error *err)
{
	const char *const *names = NULL, *near;
	const struct guard *g;
	size_t i, n = 0;
	enum status st;

	if ((st = queue_list(s, "guards", &names, &n, err)) != STATUS_OK ||
	    (st = queue_list(s, "expects", &q->expects, &q->nexpects, err)) !=
	    STATUS_OK)
		return st;
	q->guards = arena_alloc(l->arena, (n + 1) * sizeof(*q->guards));
	if (q->guards == NULL)
		return error_nomem(err);
	for (i = 0; i < n; i++) {
		if ((g = guard_find(l->policy, names[i])) != NULL) {
			guards_insert(q->guards, q->nguards++, g);
			continue;
		}
		near = value_near(names[i], guard_candidate, l->policy);
		return place_error(err, conf_get(s, "guards")->at,
		    "queue \"%s\": no guard \"%s\"%s%s%s", s->title, names[i],
		    near == NULL ? "" : "; did you mean \"",
		    near == NULL ? "" : near, near == NULL ? "" : "\"?");
	}
	for (i = 0; i < q->nexpects; i++)
		for (n = 0; n < q->nguards; n++)
			if (strcmp(q->expects[i], q->guards[n]->name) == 0)
				return place_error(err, conf_get(s,
				    "expects")->at, "queue \"%s\": \"%s\" is a "
				    "guard of the queue and cannot be expected "
				    "from the caller too", s->title,
				    q->expects[i]);
	return STATUS_OK;
}

static enum status
setting_error(const struct setting *set, const char *what, const char *title,
    struct error *err)
{
	(void)error_prefix(err, "%s", set->name);
	return place_prefix(err, set->at, what, title);
}

static enum status
queue_duration(const struct section *s, const char *name, bool zero,
    int64_t *ms, struct error *err)
{
	const struct setting *set = conf_get(s, name);
	enum status st;

	if (set == NULL)
		return STATUS_OK;
	st = value_duration(set->v[0], ms, err);
	if (st == STATUS_OK && *ms == 0 && !zero)
		st = error_set(err, STATUS_INVALID, "it must last longer");
	return st == STATUS_OK ? st : setting_error(set, "queue", s->title,
	    err);
}

static enum status
queue_numbers(const struct section *s, struct queue_policy *q,
    struct error *err)
{
	const struct setting *set;
	enum status st;

	q->lease_ms = 900000;
	q->sla_ms = 86400000;
	if ((st = queue_duration(s, "lease", false, &q->lease_ms, err)) !=
	    STATUS_OK ||
	    (st = queue_duration(s, "sla", false, &q->sla_ms, err)) !=
	    STATUS_OK ||
	    (st = queue_duration(s, "hold", true, &q->hold_ms, err)) !=
	    STATUS_OK)
		return st;
	if ((set = conf_get(s, "sample")) != NULL) {
		st = value_number(set->v[0], &q->sample, err);
		if (st == STATUS_OK && !(q->sample >= 0 && q->sample <= 1))
			st = error_set(err, STATUS_INVALID,
			    "%s is not within 0 and 1", set->v[0]);
		if (st != STATUS_OK)
			return setting_error(set, "queue", s->title, err);
	}
	if ((set = conf_get(s, "four_eyes")) != NULL &&
	    value_bool(set->v[0], &q->four_eyes, err) != STATUS_OK)
		return setting_error(set, "queue", s->title, err);
	return STATUS_OK;
}

static enum status
queue_texts(struct load *l, const struct section *s, struct queue_policy *q,
    struct error *err)
{
	const struct setting *set;
	const struct policy_file *f = NULL;
	enum status st;

	if ((st = queue_list(s, "reasons", &q->reasons, &q->nreasons, err)) !=
	    STATUS_OK ||
	    (st = queue_list(s, "labels", &q->labels, &q->nlabels, err)) !=
	    STATUS_OK)
		return st;
	if ((set = conf_get(s, "fallback")) != NULL)
		q->fallback = set->v[0];
	if ((set = conf_get(s, "guidelines")) == NULL)
		return STATUS_OK;
	st = load_file(l, set->at.named, set->v[0], &f, err);
	if (st != STATUS_OK)
		return setting_error(set, "queue", s->title, err);
	q->guidelines = arena_str(l->arena, f->bytes);
	return q->guidelines == NULL ? error_nomem(err) : STATUS_OK;
}

static enum status
rule_make(const struct section *s, struct rule *r, struct error *err)
{
	const struct setting *when = conf_get(s, "when");
	const struct setting *route = conf_get(s, "route");
	const struct setting *priority = conf_get(s, "priority");
	double n = 0;
	int i = 0;

	if (when == NULL || route == NULL)
		return place_error(err, s->at, "rule \"%s\": %s is missing",
		    s->title, when == NULL ? "when" : "route");
	if (value_choice(route->v[0], "approve|flag|escalate", &i, err) !=
	    STATUS_OK)
		return setting_error(route, "rule", s->title, err);
	if (priority != NULL &&
	    value_number(priority->v[0], &n, err) == STATUS_OK &&
	    !(n >= -PRIORITY_MAX && n <= PRIORITY_MAX && n == (int)n))
		(void)error_set(err, STATUS_INVALID,
		    "%s is no whole number from -%d to %d", priority->v[0],
		    PRIORITY_MAX, PRIORITY_MAX);
	if (err->code != STATUS_OK)
		return setting_error(priority, "rule", s->title, err);
	r->name = s->title;
	r->when = when->v[0];
	r->route = (enum route)i;
	r->priority = (int)n;
	r->file = when->at.file;
	r->line = when->at.line;
	return STATUS_OK;
}

enum status
policy_names(struct arena *a, const struct queue_policy *q,
    struct expr_names *out, struct error *err)
{
	const char **v = arena_alloc(a, (q->nguards + q->nexpects + 1) *
	    sizeof(*v));
	size_t i;

	if (v == NULL)
		return error_nomem(err);
	for (i = 0; i < q->nguards; i++)
		v[i] = q->guards[i]->name;
	for (i = 0; i < q->nexpects; i++)
		v[q->nguards + i] = q->expects[i];
	*out = (struct expr_names){ v, q->nguards + q->nexpects, q->name };
	return STATUS_OK;
}

/* Compiled for its mistakes alone: every worker makes a set of its own. */
static enum status
rules_check(struct load *l, const struct queue_policy *q, struct error *err)
{
	struct expr_names names;
	const char **when;
	struct expr_set *set = NULL;
	struct place at;
	size_t i, bad = 0;
	enum status st;

	if ((st = policy_names(l->arena, q, &names, err)) != STATUS_OK)
		return st;
	when = arena_alloc(l->arena, (q->nrules + 1) * sizeof(*when));
	if (when == NULL)
		return error_nomem(err);
	for (i = 0; i < q->nrules; i++)
		when[i] = q->rules[i].when;
	st = expr_set_new(&set, when, q->nrules, &names, &bad, err);
	expr_set_free(set);
	if (st != STATUS_INVALID || q->nrules == 0)
		return st;
	at = (struct place){ q->rules[bad].file, q->rules[bad].line, NULL };
	return place_prefix(err, at, "rule", q->rules[bad].name);
}

static enum status
queue_make(struct load *l, const struct section *s, struct queue_policy *q,
    struct error *err)
{
	struct rule *rules;
	enum status st;
	size_t i;

	q->name = s->title;
	if ((st = queue_guards(l, s, q, err)) != STATUS_OK ||
	    (st = sweep_new(&q->sweep, q->guards, q->nguards, err)) !=
	    STATUS_OK ||
	    (st = queue_numbers(s, q, err)) != STATUS_OK ||
	    (st = queue_texts(l, s, q, err)) != STATUS_OK)
		return st;
	rules = arena_zalloc(l->arena, (s->ninner + 1) * sizeof(*rules));
	if (rules == NULL)
		return error_nomem(err);
	q->rules = rules;
	q->nrules = s->ninner;
	for (i = 0; i < s->ninner; i++)
		if ((st = rule_make(&s->inner[i], &rules[i], err)) !=
		    STATUS_OK)
			return st;
	return rules_check(l, q, err);
}

enum status
policy_queues(struct load *l, struct error *err)
{
	const struct conf *c = &l->conf;
	struct queue_policy *v;
	enum status st = STATUS_OK;
	size_t i;

	v = arena_zalloc(l->arena, (c->nqueues + 1) * sizeof(*v));
	if (v == NULL)
		return error_nomem(err);
	l->policy->queues = v;
	l->policy->nqueues = c->nqueues;
	for (i = 0; i < c->nqueues && st == STATUS_OK; i++)
		st = queue_make(l, &c->queues[i], &v[i], err);
	return st;
}

static enum status
role_make(const struct section *s, struct role *r, struct error *err)
{
	const struct setting *group = conf_get(s, "group");
	const struct setting *may = conf_get(s, "may");
	size_t i;
	int bit = 0;

	if (group == NULL || may == NULL || group->v[0][0] == '\0')
		return place_error(err, s->at, "role \"%s\": %s is missing",
		    s->title, may == NULL && group != NULL ? "may" : "group");
	r->name = s->title;
	r->group = group->v[0];
	for (i = 0; i < may->n; i++) {
		if (strcmp(may->v[i], "admin") == 0) {
			r->may |= MAY_ADMIN;
			continue;
		}
		/* In the order of enum may. */
		if (value_choice(may->v[i], "review|escalated|undo|lease|"
		    "export|audit|policy|erase|admin", &bit, err) !=
		    STATUS_OK)
			return setting_error(may, "role", s->title, err);
		r->may |= 1u << bit;
	}
	return STATUS_OK;
}

enum status
policy_roles(struct load *l, struct error *err)
{
	const struct conf *c = &l->conf;
	struct role *v;
	enum status st = STATUS_OK;
	size_t i;

	v = arena_zalloc(l->arena, (c->nroles + 1) * sizeof(*v));
	if (v == NULL)
		return error_nomem(err);
	l->policy->roles = v;
	l->policy->nroles = c->nroles;
	for (i = 0; i < c->nroles && st == STATUS_OK; i++)
		st = role_make(&c->roles[i], &v[i], err);
	return st;
}
