#include "core/policy/gateway.h"

#include <stddef.h>
#include <stdio.h>

#include "core/expr/expr.h"
#include "core/base/near.h"
#include "core/policy/field.h"
#include "core/policy/value.h"
#include "core/prompt/ref.h"

#define IN_FLIGHT	64
#define IN_FLIGHT_MAX	65536
#define RETRIES		2
#define RETRIES_MAX	10
#define DEADLINE_MAX	((uint64_t)3600 * 1000)
#define WINDOW_MAX	4096

#define AT(name)	offsetof(struct upstream, name)
static const struct field_row upstream_fields[] = {
	{ "url", FIELD_TEXT, AT(url), 0, 0, NULL },
	{ "shape", FIELD_CHOICE, AT(shape), 0, 0, "openai|anthropic" },
	{ "token_env", FIELD_TEXT, AT(token_env), 0, 0, NULL },
	{ "token_file", FIELD_TEXT, AT(token_file), 0, 0, NULL },
	{ "region", FIELD_TEXT, AT(region), 0, 0, NULL },
	{ "proxy", FIELD_TEXT, AT(proxy), 0, 0, NULL },
	{ "in_flight", FIELD_COUNT, AT(in_flight), 0, IN_FLIGHT_MAX, NULL },
	{ NULL, FIELD_TEXT, 0, 0, 0, NULL }
};
#undef AT

/* `upstream` is a name first. */
struct model_said {
	struct model	 model;
	const char	*upstream;
};
#define AT(name)	offsetof(struct model_said, name)
static const struct field_row model_fields[] = {
	{ "upstream", FIELD_TEXT, AT(upstream), 0, 0, NULL },
	{ "name", FIELD_TEXT, AT(model.upstream_name), 0, 0, NULL },
	{ "in_usd", FIELD_USD, AT(model.in_usd), 0, 0, NULL },
	{ "out_usd", FIELD_USD, AT(model.out_usd), 0, 0, NULL },
	{ NULL, FIELD_TEXT, 0, 0, 0, NULL }
};
#undef AT

struct gateway_said {
	struct gateway	 gateway;
	const char	*queue, *refuse, *next;
	const char *const *models;
	size_t		 nmodels;
};
#define AT(name)	offsetof(struct gateway_said, name)
static const struct field_row gateway_fields[] = {
	{ "queue", FIELD_TEXT, AT(queue), 0, 0, NULL },
	{ "prompt", FIELD_TEXT, AT(gateway.prompt), 0, 0, NULL },
	{ "try", FIELD_LIST, AT(models), AT(nmodels), 0, NULL },
	{ "refuse", FIELD_TEXT, AT(refuse), 0, 0, NULL },
	{ "next", FIELD_TEXT, AT(next), 0, 0, NULL },
	{ "deadline", FIELD_DURATION, AT(gateway.deadline_ms), 0,
	    DEADLINE_MAX, NULL },
	{ "wait", FIELD_DURATION, AT(gateway.wait_ms), 0, DEADLINE_MAX,
	    NULL },
	{ "stream", FIELD_CHOICE, AT(gateway.stream), 0, 0, "buffer|window" },
	{ "window", FIELD_COUNT, AT(gateway.window), 0, WINDOW_MAX, NULL },
	{ "on_flag", FIELD_CHOICE, AT(gateway.on_flag), 0, 0,
	    "fallback|wait|block" },
	{ NULL, FIELD_TEXT, 0, 0, 0, NULL }
};
#undef AT

/* http:// or https://, a host, no user, no query: paths are put behind it. */
static enum status
url_check(const struct section *s, struct upstream *u, struct arena *a,
    struct error *err)
{
	const struct setting *set = conf_get(s, "url");
	size_t scheme = strncmp(u->url, "https://", 8) == 0 ? 8 :
	    strncmp(u->url, "http://", 7) == 0 ? 7 : 0;
	size_t n = strlen(u->url);

	if (scheme == 0 || n == scheme || u->url[scheme] == '/' ||
	    strpbrk(u->url, "?#@ \t\n") != NULL) {
		(void)error_set(err, STATUS_INVALID, "'%s' is no URL such as "
		    "https://api.openai.com/v1", u->url);
		return field_refuse(err, s, "upstream", set, 0);
	}
	while (u->url[n - 1] == '/')
		n--;
	u->url = arena_str(a, (struct slice){ u->url, n });
	return u->url == NULL ? error_nomem(err) : STATUS_OK;
}

static enum status
upstream_make(struct load *l, const struct section *s, struct upstream *u,
    struct error *err)
{
	enum status st;

	u->name = s->title;
	u->in_flight = IN_FLIGHT;
	u->shape = -1;
	if ((st = fields_read(s, "upstream", upstream_fields, u, err)) !=
	    STATUS_OK)
		return st;
	if (u->url == NULL || u->shape == -1)
		return section_refuse(err, s, "upstream", u->url == NULL ?
		    "url is missing" : "shape is missing: openai or anthropic");
	if (u->token_env != NULL && u->token_file != NULL)
		return section_refuse(err, s, "upstream",
		    "token_env and token_file are set; one of them is enough");
	return url_check(s, u, l->arena, err);
}

/* The place of a title among sections; false: none has it. */
static bool
title_find(const struct sections *v, const char *title, size_t *at)
{
	for (*at = 0; *at < v->n; ++*at)
		if (strcmp(v->v[*at].title, title) == 0)
			return true;
	return false;
}

static const char *
title_name(void *arg, size_t i)
{
	const struct sections *v = arg;

	return i < v->n ? v->v[i].title : NULL;
}

/* The section that a setting's value i names. */
static enum status
named_find(const struct load *l, const struct section *s, const char *what,
    const char *setting, size_t i, enum section_kind kind, size_t *at,
    struct error *err)
{
	const struct setting *set = conf_get(s, setting);
	char hint[NEAR_TEXT];

	if (title_find(&l->top[kind], set->v[i], at))
		return STATUS_OK;
	(void)error_set(err, STATUS_INVALID,
	    "no %s of this policy is called '%s'%s", section_rows[kind].name,
	    set->v[i], near_hint(hint, slice_of(set->v[i]), title_name,
	    (void *)(uintptr_t)&l->top[kind]));
	return field_refuse(err, s, what, set, i);
}

static enum status
model_make(const struct load *l, const struct section *s,
    const struct upstream *upstreams, struct model *to, struct error *err)
{
	struct model_said said = { .model = { .name = s->title, .in_usd = -1,
	    .out_usd = -1, .number = to->number } };
	enum status st;
	size_t at = 0;

	if ((st = fields_read(s, "model", model_fields, &said, err)) !=
	    STATUS_OK)
		return st;
	if (said.upstream == NULL)
		return section_refuse(err, s, "model", "upstream is missing");
	if ((st = named_find(l, s, "model", "upstream", 0, SECTION_UPSTREAM,
	    &at, err)) != STATUS_OK)
		return st;
	if (said.model.upstream_name == NULL)
		said.model.upstream_name = s->title;
	said.model.upstream = &upstreams[at];
	*to = said.model;
	return STATUS_OK;
}

static bool
region_is_among(const char *region, const char *const *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (region != NULL && strcmp(region, v[i]) == 0)
			return true;
	return n == 0;
}

/* The models of `try`: of one API, each in a region that the queue allows. */
static enum status
models_find(struct load *l, const struct section *s, const struct model *models,
    const struct gateway_said *said, struct gateway *g, struct error *err)
{
	const struct setting *set = conf_get(s, "try");
	const struct upstream *u;
	enum status st;
	size_t i, at = 0;

	g->models = arena_alloc(l->arena, said->nmodels * sizeof(*g->models));
	if (g->models == NULL)
		return error_nomem(err);
	for (i = 0; i < said->nmodels; i++) {
		if ((st = named_find(l, s, "gateway", "try", i, SECTION_MODEL,
		    &at, err)) != STATUS_OK)
			return st;
		g->models[i] = &models[at];
		u = models[at].upstream;
		if (u->shape != g->models[0]->upstream->shape)
			(void)error_set(err, STATUS_INVALID, "'%s' has another "
			    "API than '%s': nothing is translated between "
			    "them", set->v[i], set->v[0]);
		else if (!region_is_among(u->region, g->queue->regions,
		    g->queue->nregions))
			(void)error_set(err, STATUS_INVALID, "'%s' is asked in "
			    "a region that the queue \"%s\" does not name: %s",
			    set->v[i], g->queue->name, u->region == NULL ?
			    "its upstream says none" : u->region);
		if (err->code != STATUS_OK)
			return field_refuse(err, s, "gateway", set, i);
	}
	g->nmodels = said->nmodels;
	return STATUS_OK;
}

/* Adds a condition to those of the queue; they are compiled with its rules. */
static enum status
condition_add(struct load *l, const struct section *s, const char *setting,
    struct queue_policy *q, size_t *number, struct error *err)
{
	const struct setting *set = conf_get(s, setting);
	struct expr_names names;
	const char **v;
	size_t bad = 0;
	enum status st;

	*number = CONDITION_NONE;
	if (set == NULL)
		return STATUS_OK;
	if ((st = policy_names(l->arena, q, &names, err)) != STATUS_OK)
		return st;
	st = expr_set_check(&l->check, (const char *const *)set->v, 1, &names,
	    &bad, err);
	if (st == STATUS_INVALID)
		return field_refuse(err, s, "gateway", set, 0);
	if (st != STATUS_OK)
		return st;
	v = arena_alloc(l->arena, (q->nconditions + 1) * sizeof(*v));
	if (v == NULL)
		return error_nomem(err);
	if (q->nconditions > 0)
		memcpy(v, q->conditions, q->nconditions * sizeof(*v));
	v[q->nconditions] = set->v[0];
	q->conditions = v;
	*number = q->nconditions++;
	return STATUS_OK;
}

/* What is missing, or not there yet. */
static const char *
gateway_lacks(const struct section *s, const struct gateway_said *said)
{
	if (conf_get(s, "trial") != NULL)
		return "trial: trials are not there yet";
	if (said->queue == NULL)
		return "queue is missing";
	return said->nmodels == 0 ?
	    "try is missing: the models to ask, in order" : NULL;
}

/* What does not go together. */
static enum status
gateway_check(const struct section *s, const struct gateway_said *said,
    struct error *err)
{
	const struct gateway *g = &said->gateway;
	const char *why = gateway_lacks(s, said);

	if (why != NULL)
		;
	else if (g->stream == GATEWAY_WINDOW && said->next != NULL)
		why = "stream = window sends before the answer is whole, and "
		    "next asks another model after that: one of them";
	else if (g->stream == GATEWAY_WINDOW && g->on_flag == GATEWAY_WAIT)
		why = "stream = window cannot wait for a person: "
		    "on_flag = wait takes stream = buffer";
	else if (g->stream == GATEWAY_BUFFER &&
	    conf_get(s, "window") != NULL)
		why = "window is for stream = window";
	else if (g->on_flag != GATEWAY_WAIT && conf_get(s, "wait") != NULL)
		why = "wait is for on_flag = wait";
	else if (g->wait_ms > g->deadline_ms)
		why = "wait is longer than deadline";
	return why == NULL ? STATUS_OK :
	    section_refuse(err, s, "gateway", why);
}

/* Every guard must be able to say what it finds before the text is whole. */
static enum status
window_check(const struct section *s, const struct gateway *g, struct error *err)
{
	const struct guard *guard;
	char text[512];
	size_t i;

	for (i = 0; i < g->queue->nguards; i++) {
		guard = g->queue->guards[i];
		if (guard->on_input || (guard->window > 0 &&
		    guard->window <= g->window))
			continue;
		if (guard->window == 0)
			(void)snprintf(text, sizeof(text), "stream = window "
			    "sends before the answer is whole, and the guard "
			    "\"%s\" (%s) has to see all of it%s", guard->name,
			    guard->kind->name, guard->kind->window ==
			    guard_window_said ? ": it takes must = absent and a "
			    "max_match" : "");
		else
			(void)snprintf(text, sizeof(text), "the guard \"%s\" "
			    "has a max_match of %zu, and the window is %llu",
			    guard->name, guard->window,
			    (unsigned long long)g->window);
		return section_refuse(err, s, "gateway", text);
	}
	return STATUS_OK;
}

/* What the queue has must go with how answers are released. */
static enum status
queue_check(const struct section *s, const struct gateway *g, struct error *err)
{
	if (g->on_flag == GATEWAY_WAIT && g->queue->hold_ms > 0)
		return section_refuse(err, s, "gateway", "on_flag = wait waits "
		    "for a release, and the queue's hold keeps it back");
	return g->stream == GATEWAY_WINDOW ? window_check(s, g, err) :
	    STATUS_OK;
}

static enum status
retries_read(const struct section *s, struct gateway *g, struct error *err)
{
	const struct setting *set = conf_get(s, "retries");

	if (set == NULL)
		return STATUS_OK;
	if (strcmp(set->v[0], "0") == 0)
		g->retries = 0;
	else if (value_count(set->v[0], RETRIES_MAX, &g->retries, err) !=
	    STATUS_OK)
		return field_refuse(err, s, "gateway", set, 0);
	return STATUS_OK;
}

/* Whether the store has it is seen while it serves: labels come and go. */
static enum status
prompt_check(const struct section *s, const struct gateway *g, struct error *err)
{
	struct prompt_ref ref;

	return g->prompt == NULL || prompt_ref_parse(slice_of(g->prompt), &ref,
	    err) == STATUS_OK ? STATUS_OK :
	    field_refuse(err, s, "gateway", conf_get(s, "prompt"), 0);
}

static enum status
gateway_make(struct load *l, const struct section *s,
    const struct model *models, struct gateway *to, struct error *err)
{
	struct gateway_said said = { .gateway = { .name = s->title,
	    .deadline_ms = GATEWAY_DEADLINE_MS, .wait_ms = GATEWAY_WAIT_MS,
	    .window = GATEWAY_WINDOW_CHARS, .retries = RETRIES,
	    .number = to->number } };
	struct gateway *g = &said.gateway;
	struct queue_policy *q;
	enum status st;
	size_t at = 0;

	if ((st = fields_read(s, "gateway", gateway_fields, &said, err)) !=
	    STATUS_OK ||
	    (st = retries_read(s, g, err)) != STATUS_OK)
		return st;
	if (conf_get(s, "wait") == NULL && g->wait_ms > g->deadline_ms)
		g->wait_ms = g->deadline_ms;
	if ((st = gateway_check(s, &said, err)) != STATUS_OK ||
	    (st = named_find(l, s, "gateway", "queue", 0, SECTION_QUEUE, &at,
	    err)) != STATUS_OK)
		return st;
	g->queue = &l->policy->queues[at];
	q = (struct queue_policy *)&l->policy->queues[at];
	if ((st = queue_check(s, g, err)) != STATUS_OK ||
	    (st = prompt_check(s, g, err)) != STATUS_OK ||
	    (st = models_find(l, s, models, &said, g, err)) != STATUS_OK ||
	    (st = condition_add(l, s, "refuse", q, &g->refuse, err)) !=
	    STATUS_OK ||
	    (st = condition_add(l, s, "next", q, &g->next, err)) != STATUS_OK)
		return st;
	g->wants_logprobs = said.next != NULL &&
	    strstr(said.next, "confidence") != NULL;
	for (at = 0; at < q->nrules; at++)
		g->wants_logprobs |= strstr(q->rules[at].when, "confidence") !=
		    NULL;
	*to = *g;
	return STATUS_OK;
}

enum status
policy_gateways(struct load *l, struct service_policy *to, struct error *err)
{
	const struct sections *us = &l->top[SECTION_UPSTREAM];
	const struct sections *ms = &l->top[SECTION_MODEL];
	const struct sections *gs = &l->top[SECTION_GATEWAY];
	struct upstream *u = arena_zalloc(l->arena, (us->n + 1) * sizeof(*u));
	struct model *m = arena_zalloc(l->arena, (ms->n + 1) * sizeof(*m));
	struct gateway *g = arena_zalloc(l->arena, (gs->n + 1) * sizeof(*g));
	enum status st = STATUS_OK;
	size_t i;

	if (u == NULL || m == NULL || g == NULL)
		return error_nomem(err);
	to->upstreams = u;
	to->nupstreams = us->n;
	to->models = m;
	to->nmodels = ms->n;
	to->gateways = g;
	to->ngateways = gs->n;
	for (i = 0; i < us->n && st == STATUS_OK; i++) {
		u[i].number = i;
		st = upstream_make(l, &us->v[i], &u[i], err);
	}
	for (i = 0; i < ms->n && st == STATUS_OK; i++) {
		m[i].number = i;
		st = model_make(l, &ms->v[i], u, &m[i], err);
	}
	for (i = 0; i < gs->n && st == STATUS_OK; i++) {
		g[i].number = i;
		st = gateway_make(l, &gs->v[i], m, &g[i], err);
	}
	return st;
}
