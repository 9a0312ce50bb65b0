#include "core/policy/queue.h"

#include <limits.h>
#include <string.h>

#include "core/base/near.h"
#include "core/expr/expr.h"
#include "core/guard/sweep.h"
#include "core/policy/value.h"

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

/* A list whose members differ; absent: none.  *scope: its own in l->listed. */
static enum status
queue_list(struct load *l, const struct section *s, const char *name,
    const char *const **v, size_t *n, uint32_t *scope, struct error *err)
{
	const struct setting *set = conf_get(s, name);
	bool fresh;
	size_t i;

	*scope = l->lists++;
	if (set == NULL)
		return STATUS_OK;
	for (i = 0; i < set->n; i++) {
		if (set->v[i][0] == '\0' ||
		    strlen(set->v[i]) > POLICY_NAME_MAX)
			return position_error(err, setting_position(set, i),
			    "queue \"%s\": %s: a name has 1 to %d bytes",
			    s->title, name, POLICY_NAME_MAX);
		if (titles_add(&l->listed, *scope, set->v[i], (uint32_t)i,
		    &fresh, err) != STATUS_OK)
			return err->code;
		if (!fresh)
			return position_error(err, setting_position(set, i),
			    "queue \"%s\": %s: \"%s\" is there twice",
			    s->title, name, set->v[i]);
	}
	*v = set->v;
	*n = set->n;
	return STATUS_OK;
}

/* Cheap guards first, otherwise as written: once through for each cost. */
static enum status
guards_order(struct load *l, struct queue_policy *q, const struct guard **v,
    size_t n, struct error *err)
{
	int cost = -1, dearer;
	size_t i;

	q->guards = arena_alloc(l->arena, (n + 1) * sizeof(*q->guards));
	if (q->guards == NULL)
		return error_nomem(err);
	while (q->nguards < n) {
		for (dearer = INT_MAX, i = 0; i < n; i++)
			if (v[i]->kind->cost > cost &&
			    v[i]->kind->cost < dearer)
				dearer = v[i]->kind->cost;
		for (cost = dearer, i = 0; i < n; i++)
			if (v[i]->kind->cost == cost)
				q->guards[q->nguards++] = v[i];
	}
	return STATUS_OK;
}

static enum status
guards_named(struct load *l, const struct section *s, const char *const *names,
    size_t n, const struct guard **v, struct error *err)
{
	char hint[NEAR_TEXT];
	uint32_t known;
	size_t i;

	for (i = 0; i < n; i++) {
		if (titles_find(&l->guards, 0, slice_of(names[i]), &known)) {
			v[i] = &l->policy->guards[known];
			continue;
		}
		return position_error(err,
		    setting_position(conf_get(s, "guards"), i),
		    "queue \"%s\": no guard \"%s\"%s", s->title, names[i],
		    near_hint(hint, slice_of(names[i]), guard_candidate,
		    l->policy));
	}
	return STATUS_OK;
}

static enum status
queue_guards(struct load *l, const struct section *s, struct queue_policy *q,
    struct error *err)
{
	const char *const *names = NULL;
	const struct guard **v;
	uint32_t guards, expects, ignored;
	size_t i, n = 0;
	enum status st;

	if ((st = queue_list(l, s, "guards", &names, &n, &guards, err)) !=
	    STATUS_OK || (st = queue_list(l, s, "expects", &q->expects,
	    &q->nexpects, &expects, err)) != STATUS_OK)
		return st;
	if ((v = arena_alloc(l->arena, (n + 1) * sizeof(*v))) == NULL)
		return error_nomem(err);
	if ((st = guards_named(l, s, names, n, v, err)) != STATUS_OK ||
	    (st = guards_order(l, q, v, n, err)) != STATUS_OK)
		return st;
	for (i = 0; i < q->nexpects; i++)
		if (titles_find(&l->listed, guards, slice_of(q->expects[i]),
		    &ignored))
			return position_error(err, setting_position(conf_get(s,
			    "expects"), i), "queue \"%s\": \"%s\" is a guard "
			    "of the queue and cannot be expected from the "
			    "caller too", s->title, q->expects[i]);
	return STATUS_OK;
}

static enum status
setting_error(const struct setting *set, const char *what, const char *title,
    struct error *err)
{
	(void)error_prefix(err, "%s", set->name);
	return position_prefix(err, setting_position(set, 0), what, title);
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
	if ((set = conf_get(s, "evidence")) != NULL &&
	    value_bool(set->v[0], &q->evidence, err) != STATUS_OK)
		return setting_error(set, "queue", s->title, err);
	return STATUS_OK;
}

static enum status
queue_texts(struct load *l, const struct section *s, struct queue_policy *q,
    struct error *err)
{
	const struct setting *set;
	const struct policy_file *f = NULL;
	uint32_t ignored;
	enum status st;

	if ((st = queue_list(l, s, "regions", &q->regions, &q->nregions,
	    &ignored, err)) != STATUS_OK)
		return st;
	if ((st = queue_list(l, s, "reasons", &q->reasons, &q->nreasons,
	    &ignored, err)) != STATUS_OK || (st = queue_list(l, s, "labels",
	    &q->labels, &q->nlabels, &ignored, err)) != STATUS_OK ||
	    (st = queue_list(l, s, "skip_reasons", &q->skip_reasons,
	    &q->nskip_reasons, &ignored, err)) != STATUS_OK)
		return st;
	if ((set = conf_get(s, "fallback")) != NULL)
		q->fallback = set->v[0];
	if ((set = conf_get(s, "guidelines")) == NULL)
		return STATUS_OK;
	st = load_file(l, set->at.named, set->v[0], &f, err);
	if (st != STATUS_OK)
		return setting_error(set, "queue", s->title, err);
	q->guidelines = f->bytes.p;
	return STATUS_OK;
}

static enum status
rule_make(const struct section *s, struct rule *r, struct error *err)
{
	const struct setting *when = conf_get(s, "when");
	const struct setting *route = conf_get(s, "route");
	const struct setting *priority = conf_get(s, "priority");
	const struct setting *suggest = conf_get(s, "suggest");
	double n = 0;
	int i = 0;

	if (when == NULL || route == NULL)
		return position_error(err, s->at, "rule \"%s\": %s is missing",
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
	r->suggest = suggest == NULL ? NULL : suggest->v[0];
	r->file = when->at.file;
	r->line = setting_position(when, 0).line;
	r->column = setting_position(when, 0).column;
	return STATUS_OK;
}

static enum status
rating_make(const struct section *s, struct rating *r, struct error *err)
{
	const struct setting *max = conf_get(s, "max");
	double n = 0;

	if (max == NULL)
		return position_error(err, s->at, "rating \"%s\": max is missing",
		    s->title);
	if (value_number(max->v[0], &n, err) == STATUS_OK &&
	    !(n >= 2 && n <= 9 && n == (int)n))
		(void)error_set(err, STATUS_INVALID, "%s is no whole number from 2 "
		    "to 9: one key gives it", max->v[0]);
	if (err->code != STATUS_OK)
		return setting_error(max, "rating", s->title, err);
	r->name = s->title;
	r->max = (int)n;
	return STATUS_OK;
}

enum alike { ALIKE_RULES, ALIKE_GUARDS };	/* scopes of l->alike */

/*
 * Which queue was the first with the same texts?  *first is the
 * queue itself where none was.  Queues of one policy are mostly alike, and what
 * is made of their rules and guards takes as long as reading a hundred of them.
 */
static enum status
queue_alike(struct load *l, enum alike scope, const char *const *names,
    size_t nnames, const char *const *when, size_t n, uint32_t *first,
    struct error *err)
{
	struct buf key = BUF_INIT;
	const char *kept;
	bool fresh;
	enum status st;
	size_t i;

	for (i = 0; i < nnames; i++)
		buf_printf(&key, "%zu %s\n", strlen(names[i]), names[i]);
	buf_putc(&key, '\n');
	for (i = 0; i < n; i++)
		buf_printf(&key, "%zu %s\n", strlen(when[i]), when[i]);
	st = buf_check(&key, err);
	if (st == STATUS_OK && !titles_find(&l->alike, scope, buf_slice(&key),
	    first)) {
		kept = arena_str(l->arena, buf_slice(&key));
		st = kept == NULL ? error_nomem(err) :
		    titles_add(&l->alike, scope, kept, *first, &fresh, err);
	}
	buf_release(&key);
	return st;
}

/* Looks for the patterns of its guards together. */
static enum status
sweep_make(struct load *l, struct queue_policy *q, struct error *err)
{
	struct compiled_guard *made;
	const struct guard *g;
	size_t i;

	made = arena_alloc(l->arena, (q->nguards + 1) * sizeof(*made));
	if (made == NULL)
		return error_nomem(err);
	for (i = 0; i < q->nguards; i++) {
		g = q->guards[i];
		made[i] = (struct compiled_guard){ .kind = g->kind,
		    .compiled = g->compiled, .reads = g->reads,
		    .on_input = g->on_input };
	}
	return sweep_new(&q->sweep, made, q->nguards, err);
}

/* One for all queues with the same guards. */
static enum status
queue_sweep(struct load *l, struct queue_policy *q, struct error *err)
{
	uint32_t first = (uint32_t)q->number;
	const char **names;
	enum status st;
	size_t i;

	if (q->nguards < 2)
		return STATUS_OK;
	if ((names = arena_alloc(l->arena, q->nguards * sizeof(*names))) ==
	    NULL)
		return error_nomem(err);
	for (i = 0; i < q->nguards; i++)
		names[i] = q->guards[i]->name;
	st = queue_alike(l, ALIKE_GUARDS, names, q->nguards, NULL, 0, &first,
	    err);
	if (st != STATUS_OK)
		return st;
	q->sweep_shared = first != q->number;
	if (!q->sweep_shared)
		return sweep_make(l, q, err);
	q->sweep = l->policy->queues[first].sweep;
	return STATUS_OK;
}

/* For their mistakes alone: every worker makes a set of its own. */
static enum status
rules_check(struct load *l, const struct queue_policy *q, struct error *err)
{
	struct expr_names names;
	const char **when;
	struct position at;
	uint32_t first = (uint32_t)q->number;
	size_t i, bad = 0;
	enum status st;

	if (q->nrules == 0)
		return STATUS_OK;
	if ((st = policy_names(l->arena, q, &names, err)) != STATUS_OK)
		return st;
	when = arena_alloc(l->arena, q->nrules * sizeof(*when));
	if (when == NULL)
		return error_nomem(err);
	for (i = 0; i < q->nrules; i++)
		when[i] = q->rules[i].when;
	st = queue_alike(l, ALIKE_RULES, names.v, names.n, when, q->nrules,
	    &first, err);
	if (st != STATUS_OK || first != q->number)
		return st;
	st = expr_set_check(&l->check, when, q->nrules, &names, &bad, err);
	if (st != STATUS_INVALID)
		return st;
	at = (struct position){ q->rules[bad].file, q->rules[bad].line,
	    q->rules[bad].column, NULL };
	return position_prefix(err, at, "rule", q->rules[bad].name);
}

/* The sections within it: its rules, and the ratings that it asks for. */
static enum status
queue_inner(struct load *l, const struct section *s, struct queue_policy *q,
    struct error *err)
{
	struct rule *rules = arena_zalloc(l->arena, (s->inner.n + 1) *
	    sizeof(*rules));
	struct rating *ratings = arena_zalloc(l->arena, RATINGS_MAX *
	    sizeof(*ratings));
	enum status st = STATUS_OK;
	size_t i;

	if (rules == NULL || ratings == NULL)
		return error_nomem(err);
	q->rules = rules;
	q->ratings = ratings;
	for (i = 0; i < s->inner.n && st == STATUS_OK; i++) {
		if (strcmp(s->inner.v[i].row->name, "rule") == 0)
			st = rule_make(&s->inner.v[i], &rules[q->nrules++], err);
		else if (q->nratings == RATINGS_MAX)
			st = position_error(err, s->inner.v[i].at, "queue \"%s\": "
			    "more than %d ratings", s->title, RATINGS_MAX);
		else
			st = rating_make(&s->inner.v[i],
			    &ratings[q->nratings++], err);
	}
	return st;
}

static enum status
queue_make(struct load *l, const struct section *s, struct queue_policy *q,
    struct error *err)
{
	enum status st;

	q->name = s->title;
	if ((st = queue_guards(l, s, q, err)) != STATUS_OK ||
	    (st = queue_sweep(l, q, err)) != STATUS_OK ||
	    (st = queue_numbers(s, q, err)) != STATUS_OK ||
	    (st = queue_texts(l, s, q, err)) != STATUS_OK)
		return st;
	st = queue_inner(l, s, q, err);
	return st == STATUS_OK ? rules_check(l, q, err) : st;
}

enum status
policy_queues(struct load *l, struct error *err)
{
	const struct sections *c = &l->top[SECTION_QUEUE];
	struct policy *p = l->policy;
	struct queue_policy *v;
	enum status st = STATUS_OK;
	bool fresh;
	size_t i;

	v = arena_zalloc(l->arena, (c->n + 1) * sizeof(*v));
	if (v == NULL)
		return error_nomem(err);
	p->queues = v;
	p->nqueues = c->n;
	for (i = 0; i < c->n && st == STATUS_OK; i++) {
		v[i].number = i;
		st = titles_add(&p->queue_titles, 0, c->v[i].title, (uint32_t)i,
		    &fresh, err);
		if (st == STATUS_OK)
			st = queue_make(l, &c->v[i], &v[i], err);
	}
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
		return position_error(err, s->at, "role \"%s\": %s is missing",
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
		    "export|audit|policy|erase|hook|admin", &bit, err) !=
		    STATUS_OK) {
			(void)error_prefix(err, "may");
			return position_prefix(err, setting_position(may, i),
			    "role", s->title);
		}
		r->may |= 1u << bit;
	}
	return STATUS_OK;
}

enum status
policy_roles(struct load *l, struct error *err)
{
	const struct sections *c = &l->top[SECTION_ROLE];
	struct role *v;
	enum status st = STATUS_OK;
	size_t i;

	v = arena_zalloc(l->arena, (c->n + 1) * sizeof(*v));
	if (v == NULL)
		return error_nomem(err);
	l->policy->roles = v;
	l->policy->nroles = c->n;
	for (i = 0; i < c->n && st == STATUS_OK; i++)
		st = role_make(&c->v[i], &v[i], err);
	return st;
}
