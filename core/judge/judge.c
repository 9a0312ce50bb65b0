#include "core/judge/judge.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/judge/caller.h"
#include "core/judge/cover.h"
#include "core/judge/guards.h"
#include "core/judge/stages.h"
#include "core/pattern/pattern.h"
#include "core/shape/shape.h"

#define NO_RULE		"no rule matched"
#define NO_ANSWER	"no answer"
#define NOT_WHOLE	"redaction incomplete"

static enum status
queue_judge_make(struct judge *j, const struct queue_policy *q,
    struct queue_judge *r, struct error *err)
{
	struct expr_names names;
	const char **when;
	size_t i, bad;
	enum status st;

	if ((st = policy_names(&j->arena, q, &names, err)) != STATUS_OK)
		return st;
	r->nnames = names.n;
	r->names = arena_copy(&j->arena, names.v, names.n * sizeof(*names.v));
	r->values = arena_alloc(&j->arena, (q->nrules + 1) *
	    sizeof(*r->values));
	when = arena_alloc(&j->arena, (q->nrules + 1) * sizeof(*when));
	if (r->names == NULL || r->values == NULL || when == NULL)
		return error_nomem(err);
	for (i = 0; i < q->nrules; i++)
		when[i] = q->rules[i].when;
	st = expr_set_new(&r->rules, when, q->nrules, &names, &bad, err);
	if (st == STATUS_OK && q->nconditions > 0)
		st = expr_set_new(&r->conditions, q->conditions, q->nconditions,
		    &names, &bad, err);
	if (st == STATUS_OK)
		r->queue = q;
	return st;
}

enum status
judge_new(struct judge **out, const struct policy *p,
    const struct judge_options *o, struct error *err)
{
	struct judge *j;
	enum status st;

	*out = NULL;
	if ((j = calloc(1, sizeof(*j))) == NULL)
		return error_nomem(err);
	j->policy = p;
	if (o != NULL)
		j->options = *o;
	/* One more for the queue of a policy that has no default. */
	j->queues = calloc(p->nqueues + 1, sizeof(*j->queues));
	if (j->queues == NULL) {
		st = error_nomem(err);
		goto out;
	}
	st = scratch_new(&j->scratch, err);
out:
	if (st != STATUS_OK) {
		judge_free(j);
		return st;
	}
	*out = j;
	return STATUS_OK;
}

void
judge_free(struct judge *j)
{
	size_t i;

	if (j == NULL)
		return;
	for (i = 0; j->queues != NULL && i < j->policy->nqueues; i++) {
		expr_set_free(j->queues[i].rules);
		expr_set_free(j->queues[i].conditions);
	}
	free(j->queues);
	scratch_free(j->scratch);
	free(j->found.v);
	sweep_found_release(&j->swept);
	json_release(&j->messages);
	decoded_release(&j->decoded);
	buf_release(&j->value);
	buf_release(&j->joined.text);
	free(j->joined.part);
	arena_release(&j->arena);
	free(j);
}

static struct outcome *
outcome_known(struct judge *j, const char *name)
{
	size_t i;

	for (i = 0; i < j->nknown; i++)
		if (strcmp(j->outcomes[i].name, name) == 0)
			return &j->outcomes[i];
	return NULL;
}

static bool
fact_failed(void *arg, const char *guard)
{
	const struct outcome *o = outcome_known(arg, guard);

	return o != NULL && o->failed;
}

static bool
fact_errored(void *arg, const char *guard)
{
	const struct outcome *o = outcome_known(arg, guard);

	return o != NULL && o->errored;
}

static double
fact_score(void *arg, const char *guard)
{
	const struct outcome *o = outcome_known(arg, guard);

	return o == NULL ? NAN : o->score;
}

static bool
fact_kind(void *arg, const char *guard, const char *kind)
{
	const struct judge *j = arg;
	size_t i;

	for (i = 0; i < j->found.n; i++)
		if (slice_is(j->found.v[i].kind, kind) &&
		    strcmp(j->found.v[i].guard, guard) == 0)
			return true;
	return false;
}

/* Counts what failed, and keeps the findings in the verdict's arena. */
static enum status
verdict_count(struct judge *j, struct error *err)
{
	struct verdict *v = j->verdict;
	size_t i;

	v->failed = arena_alloc(j->out, (j->noutcomes + 1) *
	    sizeof(*v->failed));
	v->findings = arena_copy(j->out, j->found.v,
	    j->found.n * sizeof(*v->findings));
	if (v->failed == NULL || v->findings == NULL)
		return error_nomem(err);
	v->nfindings = j->found.n;
	for (i = 0; i < j->noutcomes; i++) {
		if (j->outcomes[i].failed)
			v->failed[v->nfailed++] = j->outcomes[i].name;
		v->errors += j->outcomes[i].errored;
	}
	v->failures = (int)v->nfailed;
	v->severity = SEVERITY_NONE;
	for (i = 0; i < v->nfindings; i++)
		if (v->findings[i].severity > v->severity)
			v->severity = v->findings[i].severity;
	return STATUS_OK;
}

/* What conditions see of the item; *facts lives as long. */
static struct expr_row
row_make(struct judge *j, struct expr_facts *facts)
{
	const struct verdict *v = j->verdict;

	*facts = (struct expr_facts){ fact_failed, fact_errored, fact_score,
	    fact_kind, j };
	return (struct expr_row){ j->item, v->failures, v->errors, v->severity,
	    facts };
}

static enum status
conditions_run(struct judge *j, const struct queue_judge *r, struct error *err)
{
	size_t i, tried = 0, n = r->conditions == NULL ? 0 :
	    r->queue->nconditions;
	struct verdict *v = j->verdict;
	struct expr_facts facts;
	const struct expr_row row = row_make(j, &facts);

	v->conditions = arena_alloc(j->out, (n + 1) * sizeof(*v->conditions));
	if (v->conditions == NULL)
		return error_nomem(err);
	for (i = 0; i < n; i++)
		v->conditions[i] = EXPR_NULL;
	return n == 0 ? STATUS_OK : expr_set_run(r->conditions, &row, true,
	    v->conditions, &tried, err);
}

static enum status
rules_run(struct judge *j, const struct queue_judge *r,
    const struct rule **broken, const struct rule **match, struct error *err)
{
	struct verdict *v = j->verdict;
	struct expr_facts facts;
	const struct expr_row row = row_make(j, &facts);
	enum status st;
	size_t i;

	*broken = *match = NULL;
	if (r->rules == NULL)
		return STATUS_OK;
	st = expr_set_run(r->rules, &row, j->options.all_rules, r->values,
	    &v->nrules, err);
	if (st != STATUS_OK)
		return st;
	v->rules = arena_alloc(j->out, (v->nrules + 1) * sizeof(*v->rules));
	if (v->rules == NULL)
		return error_nomem(err);
	for (i = 0; i < v->nrules; i++) {
		v->rules[i].name = r->queue->rules[i].name;
		v->rules[i].value = r->values[i];
		if (*match == NULL && r->values[i] == EXPR_TRUE)
			*match = &r->queue->rules[i];
		/* Only those before the match had to be passed by. */
		if (*match == NULL && *broken == NULL &&
		    r->values[i] == EXPR_ERROR)
			*broken = &r->queue->rules[i];
	}
	return STATUS_OK;
}

/* An approval of what is no answer becomes a flag, and one that something could
 * not be asked about. */
static enum status
approve_check(struct judge *j, const struct rule *broken, struct error *err)
{
	struct verdict *v = j->verdict;
	struct slice rule;

	if (v->route != ROUTE_APPROVE)
		return STATUS_OK;
	if (!item_answers(j->item)) {
		v->route = ROUTE_FLAG;
		v->rule = NO_ANSWER;
		v->suggest = NULL;
		return STATUS_OK;
	}
	if (!j->fatal_error && broken == NULL && j->whole)
		return STATUS_OK;
	v->route = ROUTE_FLAG;
	v->suggest = NULL;
	if (j->fatal_error)
		rule = arena_printf(j->out, "guard error: %s", j->fatal_name);
	else if (broken != NULL)
		rule = arena_printf(j->out, "rule error: %s", broken->name);
	else
		rule = SLICE(NOT_WHOLE);
	v->rule = rule.p;
	return rule.p == NULL ? error_nomem(err) : STATUS_OK;
}

/* The draw is the same on every run: a number made of the key and the id. */
static enum status
sample_draw(struct judge *j, const struct queue_policy *q, struct error *err)
{
	struct verdict *v = j->verdict;
	uint64_t draw = 0;
	struct hash h;
	enum status st;
	size_t i;

	if (v->route != ROUTE_APPROVE || !(q->sample > 0) ||
	    j->options.key.p == NULL)
		return STATUS_OK;
	st = hash_hmac(j->options.key, j->item->id, &h, err);
	if (st != STATUS_OK)
		return st;
	for (i = 0; i < 8; i++)
		draw = draw << 8 | h.b[i];
	v->sample_p = q->sample;
	v->sampled = ldexp((double)(draw >> 11), -53) < q->sample;
	return STATUS_OK;
}

/*
 * Whoever asked for a decision on an action gets its answer as the release.  An
 * action that cannot be answered so waits for a person.
 */
static enum status
answer_make(struct judge *j, struct error *err)
{
	static const char name[] = "answer";
	struct verdict *v = j->verdict;
	struct outcome none = { .name = name };
	struct error why = { STATUS_OK, "" };
	struct buf b = BUF_INIT;
	struct slice text;
	enum status st;

	st = shape_release(j->item, SHAPE_ACCEPT, v->release, &b, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(err);
	text = st == STATUS_OK ? buf_slice(&b) : slice_of(why.text);
	text.p = arena_copy(j->out, text.p, text.n);
	buf_release(&b);
	if (text.p == NULL)
		return error_nomem(err);
	if (st != STATUS_OK)
		return guard_error_add(j, &none, text, false, err);
	v->release = text;
	return STATUS_OK;
}

/* What goes out if it is approved; an edit's is made by the one who decides. */
static enum status
release_make(struct judge *j, bool edited, struct error *err)
{
	struct verdict *v = j->verdict;
	enum status st;

	if (v->route != ROUTE_APPROVE)
		return STATUS_OK;
	st = judge_redact(j, j->item, v->findings, v->nfindings, j->out,
	    &v->release, &j->whole, err);
	if (st != STATUS_OK || edited || !shape_answers(j->item->shape))
		return st;
	return answer_make(j, err);
}

/* A fallback is for who reads the output, not for who waits for an answer. */
static void
release_hold(struct verdict *v, const struct item *item)
{
	v->released = v->route == ROUTE_APPROVE;
	if (!v->released)
		v->release = shape_answers(item->shape) ? SLICE_NONE :
		    slice_of(v->queue->fallback);
}

static enum status
item_route(struct judge *j, const struct queue_judge *r, bool edited,
    struct error *err)
{
	struct verdict *v = j->verdict;
	const struct rule *broken, *match;
	enum status st;

	if ((st = verdict_count(j, err)) != STATUS_OK ||
	    j->what == JUDGE_FINDINGS)
		return st;
	if (j->what != JUDGE_ITEM && (st = conditions_run(j, r, err)) !=
	    STATUS_OK)
		return st;
	if (j->what == JUDGE_INPUT)
		return STATUS_OK;
	if ((st = rules_run(j, r, &broken, &match, err)) != STATUS_OK)
		return st;
	v->route = match == NULL ? ROUTE_FLAG : match->route;
	v->rule = match == NULL ? NO_RULE : match->name;
	v->priority = match == NULL ? 0 : match->priority;
	v->suggest = match == NULL ? NULL : match->suggest;
	if ((st = release_make(j, edited, err)) != STATUS_OK ||
	    (st = approve_check(j, broken, err)) != STATUS_OK ||
	    (st = sample_draw(j, r->queue, err)) != STATUS_OK)
		return st;
	release_hold(v, j->item);
	assert(arena_holds(j->out, v->findings));
	assert(arena_holds(j->out, v->failed));
	assert(arena_holds(j->out, v->rules));
	assert(arena_holds(j->out, v->guard_errors));
	return STATUS_OK;
}

/* The last one is for the queue that flags everything: no rules, no names.  The
 * others are made for their first item: a policy may have 100,000 queues. */
static enum status
queue_judge_find(struct judge *j, struct slice name, const struct queue_judge **out,
    struct error *err)
{
	const struct policy *p = j->policy;
	const struct queue_policy *q = policy_queue(p, name);
	struct queue_judge *r = &j->queues[p->nqueues];

	*out = r;
	if (q->number == QUEUE_NONE) {
		r->queue = q;
		return STATUS_OK;
	}
	*out = r = &j->queues[q->number];
	return r->queue == NULL ? queue_judge_make(j, q, r, err) : STATUS_OK;
}

static enum status
judge_run(struct judge *j, const struct item *it, bool edited,
    struct arena *arena, struct verdict *v, struct error *err)
{
	const struct queue_judge *r;
	enum status st;

	memset(v, 0, sizeof(*v));
	if ((st = queue_judge_find(j, it->queue, &r, err)) != STATUS_OK)
		return st;
	v->queue = r->queue;
	j->item = it;
	j->out = arena;
	j->verdict = v;
	j->found.n = 0;
	j->errors_cap = 0;
	j->fatal_error = j->messages_read = false;
	j->fatal_name = NULL;
	j->whole = true;
	if (j->options.timed && j->options.clock_ns != NULL) {
		v->guard_ns = arena_zalloc(arena, (r->queue->nguards + 1) *
		    sizeof(*v->guard_ns));
		if (v->guard_ns == NULL)
			return error_nomem(err);
	}
	if ((st = outcomes_begin(j, r, err)) != STATUS_OK)
		return st;
	if (!edited && j->what != JUDGE_INPUT &&
	    (st = caller_results(j, r, err)) != STATUS_OK)
		return st;
	if ((st = guards_run(j, r->queue, err)) != STATUS_OK)
		return st;
	return item_route(j, r, edited, err);
}

void
judge_what(struct judge *j, enum judge_what what)
{
	j->what = what;
}

enum status
judge_item(struct judge *j, const struct item *it, struct arena *arena,
    struct verdict *v, struct error *err)
{
	return judge_run(j, it, false, arena, v, err);
}

enum status
judge_edit(struct judge *j, const struct item *it, struct slice text,
    struct arena *arena, struct verdict *v, struct error *err)
{
	struct item *edited;

	if ((edited = arena_copy(arena, it, sizeof(*it))) == NULL)
		return error_nomem(err);
	edited->output = text;
	edited->silent = text_blank(text);
	edited->stop = STOP_UNKNOWN;
	edited->fault = FAULT_NONE;
	edited->nguards = 0;
	return judge_run(j, edited, true, arena, v, err);
}
